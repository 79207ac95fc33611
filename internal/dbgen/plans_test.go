package dbgen_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// plans returns SQLite's plan of each query, by name.
func plans(t *testing.T) map[string]string {
	t.Helper()
	conn := current(t)
	plans := map[string]string{}
	for _, q := range generated(t) {
		rows, err := conn.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+q.text, make([]any, len(parameters(t, q)))...)
		if err != nil {
			t.Fatalf("%s: %v", q.name, err)
		}
		indent := map[int]string{}
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				t.Fatal(err)
			}
			indent[id] = indent[parent] + "  "
			plans[q.name] += indent[id] + detail + "\n"
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	return plans
}

// TestPlans compares the plans with the golden file, so that the loss of an index is
// noticed.
func TestPlans(t *testing.T) {
	var b strings.Builder
	byName := plans(t)
	for _, q := range generated(t) {
		fmt.Fprintf(&b, "%s\n%s\n", q.name, byName[q.name])
	}
	golden := filepath.Join("testdata", "plans.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the plans have changed; if that is intended, run go test ./internal/dbgen -update\n%s", b.String())
	}
}

// TestPlansUseIndexes checks the parts of the plans that must never change: the indexes
// used, no sorting, no scan of the table.
func TestPlansUseIndexes(t *testing.T) {
	const primary, expiry = "INDEX sqlite_autoindex_kv_1 (", "INDEX kv_expires_at (expires_at<?)"
	byName := plans(t)
	for name, want := range map[string]string{
		"Get":             primary + "grp=? AND key=?)",
		"Delete":          primary + "grp=? AND key=?)",
		"DeleteExpired":   primary + "grp=? AND key=?)",
		"DeleteGroup":     primary + "grp=?)",
		"Count":           primary + "grp=?)",
		"GetAll":          primary + "grp=?)",
		"GetAllToKeep":    primary + "grp=?)",
		"ScanFrom":        primary + "grp=? AND key>?)",
		"ScanFromDesc":    primary + "grp=? AND key>?)",
		"ScanRange":       primary + "grp=? AND key>? AND key<?)",
		"ScanRangeDesc":   primary + "grp=? AND key>? AND key<?)",
		"GroupsFrom":      primary + "grp>?)",
		"GroupsFromDesc":  primary + "grp>?)",
		"GroupsRange":     primary + "grp>? AND grp<?)",
		"GroupsRangeDesc": primary + "grp>? AND grp<?)",
		"PurgeExpired":    expiry,
	} {
		if !strings.Contains(byName[name], want) {
			t.Errorf("%s does not use %s:\n%s", name, want, byName[name])
		}
	}
	for name, plan := range byName {
		if strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s sorts:\n%s", name, plan)
		}
		if strings.Contains(plan, "SCAN kv") {
			t.Errorf("%s reads the whole table:\n%s", name, plan)
		}
	}
}
