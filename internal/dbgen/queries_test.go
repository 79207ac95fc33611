// Package dbgen_test checks the generated queries, because sqlc reports no error when it
// generates wrong ones.
package dbgen_test

import (
	"context"
	"database/sql"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite"

	"forge.lthn.ai/core/go-store/db"
	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
)

// query is one generated statement.
type query struct {
	name string // the name of its method
	text string
}

// generated returns the queries of the generated files, sorted by name.
func generated(t *testing.T) []query {
	t.Helper()
	names, err := filepath.Glob("sqlitegen/*.sql.go")
	if err != nil {
		t.Fatal(err)
	}
	var declared []ast.Decl
	for _, name := range names {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		declared = append(declared, file.Decls...)
	}
	var queries []query
	for _, d := range declared {
		c, ok := d.(*ast.GenDecl)
		if !ok || c.Tok != token.CONST {
			continue
		}
		for _, s := range c.Specs {
			text, err := strconv.Unquote(s.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			header, body, _ := strings.Cut(text, "\n")
			name, ok := strings.CutPrefix(header, "-- name: ")
			if !ok {
				t.Fatalf("a query without a name: %s", text)
			}
			name, _, _ = strings.Cut(name, " ")
			queries = append(queries, query{name, body})
		}
	}
	if len(queries) == 0 {
		t.Fatal("no queries were found")
	}
	slices.SortFunc(queries, func(a, b query) int { return strings.Compare(a.name, b.name) })
	return queries
}

// current returns a connection to a database with the current schema.
func current(t *testing.T) *sql.Conn {
	t.Helper()
	pool, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	pool.SetMaxOpenConns(1)
	p, err := goose.NewProvider(goose.DialectSQLite3, pool, db.SQLite(), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn, err := pool.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(conn.Close(), pool.Close()); err != nil {
			t.Error(err)
		}
	})
	return conn
}

// methods returns the methods of Queries that run a query.
func methods() []reflect.Method {
	var list []reflect.Method
	queries := reflect.TypeFor[*sqlitegen.Queries]()
	for i := range queries.NumMethod() {
		if m := queries.Method(i); m.Name != "Close" && m.Name != "WithTx" {
			list = append(list, m)
		}
	}
	return list
}

// TestEveryQueryRuns calls each method, with prepared statements and without.
func TestEveryQueryRuns(t *testing.T) {
	conn := current(t)
	prepared, err := sqlitegen.Prepare(t.Context(), conn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { prepared.Close() })
	if got, want := len(methods()), len(generated(t)); got != want {
		t.Errorf("there are %d methods for %d queries", got, want)
	}
	for how, q := range map[string]*sqlitegen.Queries{"prepared": prepared, "not prepared": sqlitegen.New(conn)} {
		for _, m := range methods() {
			args := []reflect.Value{reflect.ValueOf(q), reflect.ValueOf(context.Background())}
			for i := 2; i < m.Type.NumIn(); i++ {
				args = append(args, reflect.Zero(m.Type.In(i)))
			}
			results := m.Func.Call(args)
			err, _ := results[len(results)-1].Interface().(error)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				t.Errorf("%s (%s): %v", m.Name, how, err)
			}
		}
	}
}

// raw matches parameters that sqlc should have replaced by ?1, ?2, ….
var raw = regexp.MustCompile(`@\w*|[:$]\w+|sqlc\.\w*`)

var numbered = regexp.MustCompile(`\?(\d*)`)

// parameters returns the numbers of a query's parameters.
func parameters(t *testing.T, q query) map[int]bool {
	t.Helper()
	seen := map[int]bool{}
	for _, m := range numbered.FindAllStringSubmatch(q.text, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil {
			t.Errorf("%s: a parameter has no number", q.name)
		}
		seen[n] = true
	}
	return seen
}

// TestNoParameterLeftRaw checks that each query has exactly the parameters that its
// method takes.
func TestNoParameterLeftRaw(t *testing.T) {
	takes := map[string]int{}
	for _, m := range methods() {
		takes[m.Name] = 0
		for i := 2; i < m.Type.NumIn(); i++ {
			if in := m.Type.In(i); in.Kind() == reflect.Struct {
				takes[m.Name] += in.NumField()
			} else {
				takes[m.Name]++
			}
		}
	}
	for _, q := range generated(t) {
		if left := raw.FindString(q.text); left != "" {
			t.Errorf("%s: %s is left in the SQL text", q.name, left)
		}
		seen := parameters(t, q)
		for n := range seen {
			if n < 1 || n > len(seen) {
				t.Errorf("%s: parameter ?%d of %d", q.name, n, len(seen))
			}
		}
		if want, ok := takes[q.name]; !ok || want != len(seen) {
			t.Errorf("%s has %d parameters in its SQL and %d in Go", q.name, len(seen), want)
		}
	}
}

// TestEveryQueryIsGenerated compares the generated names with db/queries.
func TestEveryQueryIsGenerated(t *testing.T) {
	var got []string
	for _, q := range generated(t) {
		got = append(got, q.name)
	}
	want := written(t)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("generated queries are %q, db/queries has %q", got, want)
	}
}

var queryName = regexp.MustCompile(`(?m)^-- name: (\w+) :`)

// written returns the names of the queries in db/queries.
func written(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../db/queries/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no queries were found: %v", err)
	}
	own, err := filepath.Glob("../../db/queries/sqlite/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, own...)
	var names []string
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range queryName.FindAllStringSubmatch(string(text), -1) {
			names = append(names, m[1])
		}
	}
	return names
}
