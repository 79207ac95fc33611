package storetest

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Path returns the path of a file that does not exist yet, in a folder of its own that
// is removed with the test.
func Path(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "kv.db")
}

// Copy copies a file, such as a fixture in testdata, to a folder of its own and returns
// the path of the copy, which has the same name.
func Copy(t testing.TB, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(t.TempDir(), filepath.Base(path))
	if err := os.WriteFile(target, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return target
}

// Folder returns the content of the file at path and of every file beside and below
// it, by the name relative to their folder. No store may have one of the files open:
// on POSIX systems, closing any descriptor of a file drops the locks that SQLite holds
// on it.
func Folder(t testing.TB, path string) map[string]string {
	t.Helper()
	dir := os.DirFS(filepath.Dir(path))
	files := map[string]string{}
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(dir, name)
		files[name] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
