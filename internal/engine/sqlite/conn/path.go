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

// Locate returns the absolute path of the file, with the links at its end followed, and
// whether the file exists. The result is valid after the program changes its working
// directory. SQLite keeps its other files beside it.
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
	creating.Lock() // a file that exists is then one that Create has closed
	info, err := os.Stat(abs)
	creating.Unlock()
	switch {
	case err == nil && info.IsDir():
		return "", false, fmt.Errorf("%w: %s is a directory; give the path of a file in it", fs.ErrInvalid, path)
	case err == nil && !info.Mode().IsRegular():
		return "", false, fmt.Errorf("%w: %s is not a regular file", fs.ErrInvalid, path)
	case err == nil && info.Size() == 1:
		// SQLite treats it as an empty file and would overwrite it.
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

// follow follows the links at the end of a path, even to a file that does not exist yet.
func follow(path string) (string, error) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real, nil
	}
	for range 40 { // as many as Linux follows
		target, err := os.Readlink(path)
		if err != nil {
			return path, nil // not a link, or no such file
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(path), target)
		}
		path = target
	}
	return "", fmt.Errorf("%w: %s is a loop of links", fs.ErrInvalid, path)
}

// creating is held while Create has a descriptor of a file: see there.
var creating sync.Mutex

// Create creates an empty file that only its owner can read and write. SQLite gives the
// files beside it the same mode. Create does not open a file that exists: POSIX locks
// belong to the process, not to the descriptor, so closing a descriptor of the file would
// drop the locks that this process holds on it through SQLite.
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

// IsFrozen reports whether a file that failed to open with err can be opened with access
// [Frozen]. SQLite cannot create the -shm file that it needs to read a database in WAL
// mode there. It needs none if the file is alone: no WAL to read, no journal to roll back,
// no process that has the file open.
func IsFrozen(path string, err error) bool {
	return CannotWrite(err) && !HasContent(path+"-wal") && !HasContent(path+"-journal") && !HasContent(path+"-shm")
}

// HasContent reports whether a file exists and is not empty.
func HasContent(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Size() > 0
}
