package dbgen_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "forge.lthn.ai/core/go-store"

// imports lists, for each Go file below a folder of the module that is no test,
// what it imports.
func imports(t *testing.T, folder string) map[string][]string {
	t.Helper()
	root := filepath.Join("..", "..")
	list := map[string][]string{}
	err := fs.WalkDir(os.DirFS(root), folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, path), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		list[path] = nil
		for _, i := range file.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			list[path] = append(list[path], name)
		}
		return nil
	})
	if err != nil || len(list) == 0 {
		t.Fatalf("%s has %d files, %v", folder, len(list), err)
	}
	return list
}

// within says whether a package is p or below it.
func within(name, p string) bool { return name == p || strings.HasPrefix(name, p+"/") }

// TestLayers checks who may know whom: the facade knows no driver, no migration
// tool and no generated code, and an engine does not know the facade.
func TestLayers(t *testing.T) {
	for folder, forbidden := range map[string][]string{
		"store": {
			module + "/internal/dbgen", module + "/db", module + "/cmd",
			"modernc.org", "github.com/pressly", "database/sql/driver",
		},
		"internal/engine": {module + "/store", module + "/cmd"},
		"internal/dbgen":  {module},
		"db":              {module},
	} {
		for file, names := range imports(t, folder) {
			for _, name := range names {
				for _, f := range forbidden {
					if within(name, f) {
						t.Errorf("%s imports %s", file, name)
					}
				}
			}
		}
	}
	// The seam itself knows no engine and no driver.
	for file, names := range imports(t, "internal/engine") {
		if d := filepath.ToSlash(filepath.Dir(file)); d != "internal/engine" && d != "internal/engine/enginetest" {
			continue
		}
		for _, name := range names {
			if strings.Contains(name, ".") && name != module+"/internal/engine" {
				t.Errorf("%s imports %s", file, name)
			}
		}
	}
	// Only an engine uses generated code; the rest goes through the seam.
	for _, folder := range []string{"store", "cmd", "db"} {
		for file, names := range imports(t, folder) {
			for _, name := range names {
				if within(name, module+"/internal/dbgen") {
					t.Errorf("%s imports %s", file, name)
				}
			}
		}
	}
}

// TestGeneratedImports checks that the generated code needs the standard library
// only.
func TestGeneratedImports(t *testing.T) {
	for file, names := range imports(t, "internal/dbgen") {
		for _, name := range names {
			if name != "context" && name != "database/sql" && name != "fmt" {
				t.Errorf("%s imports %s", file, name)
			}
		}
	}
}
