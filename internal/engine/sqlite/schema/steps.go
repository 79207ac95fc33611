package schema

import "strings"

// step describes the effect of one migration on a file. A new migration needs a new step;
// everything else in this package follows from the list.
type step struct {
	version int64
	// detected reports whether a file shows the step, whatever goose's table says.
	detected func(file) bool
	// columns are the columns that the step adds to table kv.
	columns []newColumn
	// names are the tables, indexes and triggers that the step creates.
	names []string
	// view creates a temporary view in place of a table that the step adds, for reading
	// a file that lacks the table; "": the step adds no such table.
	view string
}

// newColumn is a column of kv.
type newColumn struct {
	name string
	column
	// missing is the SQL expression that takes the column's place when a file that lacks
	// it is read.
	missing string
}

const (
	versionExpiresAt = 2
	indexName        = "kv_expires_at"
)

// steps are the migrations of this program, oldest first.
var steps = []step{
	{
		version:  1,
		detected: func(f file) bool { return len(f.columns) > 0 },
		columns: []newColumn{
			{name: "grp", column: column{typ: "TEXT", pk: 1}},
			{name: "key", column: column{typ: "TEXT", pk: 2}},
			{name: "value", column: column{typ: "TEXT"}},
		},
		names: []string{"kv"},
	},
	{
		version:  versionExpiresAt,
		detected: hasColumn("expires_at"),
		columns:  []newColumn{{name: "expires_at", column: column{typ: "INTEGER"}, missing: "NULL"}},
	},
	{
		version:  3,
		detected: hasObject(indexName),
		names:    []string{indexName},
	},
	{
		version:  4,
		detected: hasColumn("revision"),
		columns:  []newColumn{{name: "revision", column: column{typ: "INTEGER"}, missing: "1"}},
		names:    []string{"kv_revision"},
	},
	{
		version:  5,
		detected: hasObject("kv_usage"),
		names:    []string{"kv_usage", "kv_usage_insert", "kv_usage_update", "kv_usage_rename", "kv_usage_delete"},
		view:     "CREATE TEMP VIEW kv_usage AS SELECT '' AS namespace, 0 AS keys, 0 AS bytes WHERE FALSE",
	},
}

func hasColumn(name string) func(file) bool {
	return func(f file) bool {
		_, ok := f.columns[name]
		return ok
	}
}

func hasObject(name string) func(file) bool {
	return func(f file) bool { return f.objects[name] }
}

// latest is the newest version that this program knows.
func latest() int64 { return steps[len(steps)-1].version }

// Reserved reports whether the schema uses that name, in upper or lower case, so that no
// other table can have it.
func Reserved(name string) bool { return own()[strings.ToLower(name)] }

// detected returns the versions whose effect the file shows.
func (f file) detected() []int64 {
	var versions []int64
	for _, s := range steps {
		if s.detected(f) {
			versions = append(versions, s.version)
		}
	}
	return versions
}

// kvColumns returns the columns of kv in the current schema.
func kvColumns() map[string]column {
	all := map[string]column{}
	for _, s := range steps {
		for _, c := range s.columns {
			all[c.name] = c.column
		}
	}
	return all
}

// views returns statements that create temporary views, through which a connection reads
// the file as if it were at the latest version. It returns none if the file is. A
// temporary view shadows the table of the same name. Columns that no step has are left
// out.
func (f file) views() []string {
	var views, columns []string
	complete := true
	for _, s := range steps {
		for _, c := range s.columns {
			if _, ok := f.columns[c.name]; ok {
				columns = append(columns, c.name)
				continue
			}
			complete = false
			columns = append(columns, c.missing+" AS "+c.name)
		}
		if s.view != "" && !s.detected(f) {
			views = append(views, s.view)
		}
	}
	if !complete {
		views = append(views, "CREATE TEMP VIEW kv AS SELECT "+strings.Join(columns, ", ")+" FROM main.kv")
	}
	return views
}

// own returns the names of all steps, in lower case.
func own() map[string]bool {
	all := map[string]bool{}
	for _, s := range steps {
		for _, name := range s.names {
			all[strings.ToLower(name)] = true
		}
	}
	return all
}
