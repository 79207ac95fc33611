package engine_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "forge.lthn.ai/core/go-store"

// layers lists, for each package, the packages of this module that it may import. A
// package that is not listed may import none. Tests may import any.
var layers = map[string][]string{
	"internal/goroutine":              nil,
	"internal/engine":                 nil,
	"internal/engine/enginetest":      {"internal/engine"},
	"internal/dbgen/sqlitegen":        {"internal/engine"},
	"internal/groupcommit":            {"internal/engine", "internal/goroutine"},
	"internal/engine/sqlite/walindex": nil,
	"internal/engine/sqlite/conn":     {"internal/engine"},
	"internal/engine/sqlite/rowcache": {"internal/engine", "internal/engine/sqlite/walindex"},
	"internal/engine/sqlite/schema": {
		"db", "internal/dbgen/sqlitegen", "internal/engine", "internal/engine/sqlite/conn",
	},
	"internal/engine/sqlite": {
		"internal/dbgen/sqlitegen", "internal/engine", "internal/engine/sqlite/conn", "internal/engine/sqlite/rowcache",
		"internal/engine/sqlite/schema", "internal/engine/sqlite/walindex", "internal/goroutine", "internal/groupcommit",
	},
	"store":         {"internal/engine", "internal/engine/sqlite", "internal/goroutine"},
	"cmd/kv":        {"internal/engine/sqlite/schema", "store"},
	"examples/tour": {"store"},

	// Only tests import these.
	"internal/proof":       nil,
	"internal/storetest":   nil,
	"internal/testprocess": nil,
}

// outside lists, for each package from outside the module, the packages that may import it.
// Some packages of the standard library are restricted in the same way.
var outside = map[string][]string{
	"modernc.org/sqlite":           {"internal/engine/sqlite/conn", "internal/storetest", "examples/tour"},
	"modernc.org/sqlite/lib":       {"internal/engine/sqlite/conn"},
	"github.com/pressly/goose/v3":  {"internal/engine/sqlite/schema"},
	"github.com/maypok86/otter/v2": {"internal/engine/sqlite/rowcache"},
	"golang.org/x/sys/unix":        {"internal/engine/sqlite/walindex"},
	"github.com/spf13/cobra":       {"cmd/kv"},
	"github.com/jedib0t/go-pretty": {"cmd/kv"},
	"github.com/mattn/go-isatty":   {"cmd/kv"},
	"database/sql/driver":          {"internal/engine", "internal/engine/sqlite/conn"},
	"go.uber.org/goleak":           {"internal/testprocess"},
	"unsafe":                       {"internal/engine/sqlite/walindex"},
}

// engines are the files of package store that may import an engine. All others may import
// only package engine.
var engines = []string{"store/store.go"}

// TestLayers checks the imports of every package.
func TestLayers(t *testing.T) {
	found := map[string]bool{}
	for file, names := range imports(t) {
		pkg := path.Dir(file)
		found[pkg] = true
		allowed, ok := layers[pkg]
		if !ok {
			t.Errorf("package %s has no layer", pkg)
		}
		for _, name := range names {
			if own, ok := strings.CutPrefix(name, module+"/"); ok {
				if !slices.Contains(allowed, own) {
					t.Errorf("%s imports %s", file, own)
				}
				if pkg == "store" && strings.HasPrefix(own, "internal/engine/") && !slices.Contains(engines, file) {
					t.Errorf("%s imports the engine %s", file, own)
				}
				continue
			}
			if users, limited := usersOf(name); (limited || strings.Contains(name, ".")) && !slices.Contains(users, pkg) {
				t.Errorf("%s imports %s", file, name)
			}
		}
	}
	for pkg := range layers {
		if !found[pkg] {
			t.Errorf("there is no package %s", pkg)
		}
	}
}

// usersOf returns the packages that may import name, which may be below a listed one.
func usersOf(name string) (users []string, limited bool) {
	for p := name; p != "."; p = path.Dir(p) {
		if users, limited = outside[p]; limited {
			return users, true
		}
	}
	return nil, false
}

// imports lists what each Go file of the module imports, except in tests and in db,
// which holds the migrations.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	root := filepath.Join("..", "..")
	list := map[string][]string{}
	for _, folder := range []string{"store", "internal", "cmd", "examples"} {
		err := fs.WalkDir(os.DirFS(root), folder, func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == "testdata" || name != folder && hasModule(root, name)):
				return fs.SkipDir
			case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
				return nil
			}
			file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.ImportsOnly)
			if err != nil {
				return err
			}
			list[name] = []string{}
			for _, i := range file.Imports {
				imported, err := strconv.Unquote(i.Path.Value)
				if err != nil {
					return err
				}
				list[name] = append(list[name], imported)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return list
}

// hasModule reports whether a folder is a module of its own.
func hasModule(root, folder string) bool {
	_, err := os.Stat(filepath.Join(root, folder, "go.mod"))
	return err == nil
}
