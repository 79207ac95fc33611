package conn

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// Locate turns the caller's path into an absolute one without links at its end,
// which stays right when the program changes its working directory and beside
// which SQLite keeps its other files, and says whether a file is there.
func Locate(path string) (abs string, exists bool, err error) {
	switch {
	case path == "":
		return "", false, fmt.Errorf("%w: path is empty; give a file path or %q", fs.ErrInvalid, Memory)
	case strings.ContainsRune(path, 0):
		return "", false, fmt.Errorf("%w: path holds a NUL byte", fs.ErrInvalid)
	}
	abs, err = filepath.Abs(path)
	if err != nil {
		return "", false, err
	}
	abs, err = follow(abs)
	if err != nil {
		return "", false, err
	}
	creating.Lock() // a file that is seen here is one that create has closed
	info, err := os.Stat(abs)
	creating.Unlock()
	switch {
	case err == nil && info.IsDir():
		return "", false, fmt.Errorf("%w: %s is a directory; give the path of a file in it", fs.ErrInvalid, path)
	case err == nil && !info.Mode().IsRegular():
		return "", false, fmt.Errorf("%w: %s is not a regular file", fs.ErrInvalid, path)
	case err == nil && info.Size() == 1:
		// SQLite takes it for an empty file, and would overwrite it.
		return "", false, fmt.Errorf("%w: %s is one byte long", engine.ErrCorrupt, path)
	case err == nil:
		return abs, true, nil
	case !errors.Is(err, fs.ErrNotExist):
		return "", false, err
	}
	parent := filepath.Dir(abs)
	if _, err := os.Stat(parent); err != nil {
		return "", false, fmt.Errorf("folder %s: %w; create it first", parent, err)
	}
	return abs, false, nil
}

// follow follows the links at the end of a path, also to a file that is yet to
// be made.
func follow(path string) (string, error) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real, nil
	}
	for range 40 { // as many as Linux follows
		target, err := os.Readlink(path)
		if err != nil {
			return path, nil // no link, or nothing
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
	}
	return "", fmt.Errorf("%w: %s is a loop of links", fs.ErrInvalid, path)
}

// creating is held while create has a descriptor of a file: see there.
var creating sync.Mutex

// Create makes an empty file that only its owner can read; SQLite gives the
// files beside it the same mode. A file that exists is not opened: closing a
// descriptor of it would drop the locks that this process holds on it through
// SQLite (POSIX locks belong to the process, not to the descriptor).
func Create(path string) error {
	creating.Lock()
	defer creating.Unlock()
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// IsFrozen reports whether a file that failed to open with err can be read as one on
// media that nobody can write. SQLite cannot make the -shm file there that it
// reads a WAL database with. It needs none if there is nothing but the file: no
// WAL to miss, no journal to roll back, no process that has it open.
func IsFrozen(path string, err error) bool {
	return CannotWrite(err) && !HasContent(path+"-wal") && !HasContent(path+"-journal") && !HasContent(path+"-shm")
}

// HasContent reports whether a file is there and not empty.
func HasContent(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Size() > 0
}
