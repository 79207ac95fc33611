package schema

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pressly/goose/v3/database"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// file has the parts of a file's schema that matter to the store. Names are in lower
// case.
type file struct {
	encoding string
	objects  map[string]bool       // names of the steps that exist in the file
	columns  map[string]column     // of kv; empty: no table kv
	sql      string                // the statement that created kv
	indexes  map[string]tableIndex // of kv
	goose    bool                  // the version table exists
	applied  []int64               // versions marked as applied, ascending, without 0
	others   bool                  // there are objects of neither the store nor goose
	isView   bool                  // kv is not a table
}

type column struct {
	typ        string
	notNull    bool
	hasDefault bool
	pk         int // position in the primary key, from 1; 0: not in it
}

type tableIndex struct {
	unique  bool
	origin  string // "pk" for the primary key's
	partial bool
	columns string // joined by commas
}

// querier is *sql.Conn and *sql.Tx.
type querier interface {
	database.DBTxConn
}

// inspect reads the schema of a file and changes nothing. table is the name of the version
// table.
func inspect(ctx context.Context, q querier, table string) (f file, err error) {
	if Reserved(table) {
		return f, fmt.Errorf("%w: the schema of the store itself uses the name %s; give the version table another one", engine.ErrSchema, table)
	}
	if err := q.QueryRowContext(ctx, conn.SQLEncoding).Scan(&f.encoding); err != nil {
		return f, conn.Translate(err)
	}
	// SQLite's names are case-insensitive.
	ours := own()
	f.objects = map[string]bool{}
	err = each(ctx, q, func(rows *sql.Rows) error {
		var typ, name, statement string
		if err := rows.Scan(&typ, &name, &statement); err != nil {
			return err
		}
		name = strings.ToLower(name)
		switch {
		case ours[name]:
			f.objects[name] = true
			if name == "kv" {
				f.isView, f.sql = typ != "table", statement
			}
		case name == strings.ToLower(table):
			f.goose = true
		case !strings.HasPrefix(name, "sqlite_"):
			f.others = true
		}
		return nil
	}, conn.SQLObjects)
	if err != nil {
		return f, err
	}
	f.columns = map[string]column{}
	err = each(ctx, q, func(rows *sql.Rows) error {
		var name string
		var c column
		if err := rows.Scan(&name, &c.typ, &c.notNull, &c.hasDefault, &c.pk); err != nil {
			return err
		}
		f.columns[strings.ToLower(name)] = c
		return nil
	}, conn.SQLColumns, "kv")
	if err != nil {
		return f, err
	}
	f.indexes = map[string]tableIndex{}
	err = each(ctx, q, func(rows *sql.Rows) error {
		var name string
		var i tableIndex
		if err := rows.Scan(&name, &i.unique, &i.origin, &i.partial, &i.columns); err != nil {
			return err
		}
		f.indexes[strings.ToLower(name)] = i
		return nil
	}, conn.SQLIndexes, "kv")
	if err != nil || !f.goose {
		return f, err
	}
	f.applied, err = applied(ctx, q, table)
	return f, err
}

// ForeignTriggers reports whether table kv has triggers that are not the schema's own.
func ForeignTriggers(ctx context.Context, q querier) (bool, error) {
	foreign := false
	err := each(ctx, q, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		foreign = foreign || !Reserved(name)
		return err
	}, conn.SQLTriggers, "kv")
	return foreign, err
}

// each calls scan for every row of a query.
func each(ctx context.Context, q querier, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return conn.Translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return conn.Translate(err)
		}
	}
	return conn.Translate(rows.Err())
}

// applied lists the versions that the version table marks as applied. As in goose, the
// newest row of a version counts.
func applied(ctx context.Context, q querier, table string) ([]int64, error) {
	store, err := versionStore(table)
	if err != nil {
		return nil, err
	}
	list, err := store.ListMigrations(ctx, q) // newest first
	if err != nil {
		return nil, fmt.Errorf("%w: table %s is not a goose version table: %w; name another table with WithMigrationsTable",
			engine.ErrSchema, table, conn.Translate(err))
	}
	var versions []int64
	seen := map[int64]bool{}
	for _, m := range list {
		if !seen[m.Version] && m.IsApplied && m.Version != 0 {
			versions = append(versions, m.Version)
		}
		seen[m.Version] = true
	}
	slices.Sort(versions)
	return versions, nil
}

// validate returns an error if table kv is not a table of this store.
func (f file) validate() error {
	switch {
	case f.encoding != "UTF-8":
		// SQLite would convert text from and to UTF-8, which changes bytes that are not
		// valid UTF-8.
		return fmt.Errorf("%w: the file's encoding is %s, but must be UTF-8, which keeps every byte", engine.ErrSchema, f.encoding)
	case f.isView:
		return fmt.Errorf("%w: kv is not a table", engine.ErrSchema)
	case f.objects[indexName] && f.indexes[indexName] != tableIndex{origin: "c", partial: true, columns: "expires_at"}:
		return fmt.Errorf("%w: %s is not the index of this store", engine.ErrSchema, indexName)
	case len(f.columns) == 0:
		return nil
	case len(collation.FindAllString(f.sql, -1)) != len(binaryCollation.FindAllString(f.sql, -1)):
		return fmt.Errorf("%w: table kv has a collation, but names must be compared by their bytes", engine.ErrSchema)
	}
	for name, i := range f.indexes {
		if i.unique && i.origin != "pk" {
			return fmt.Errorf("%w: index %s of table kv is unique", engine.ErrSchema, name)
		}
	}
	for _, name := range []string{"grp", "key", "value"} {
		if _, ok := f.columns[name]; !ok {
			return fmt.Errorf("%w: table kv has no column %s; it belongs to another program", engine.ErrSchema, name)
		}
	}
	columns := kvColumns()
	for name, got := range f.columns {
		want, ours := columns[name]
		switch {
		case !ours && got.notNull && !got.hasDefault:
			return fmt.Errorf("%w: column kv.%s is NOT NULL without a default", engine.ErrSchema, name)
		case !ours && got.pk != 0, ours && got.pk != want.pk:
			return fmt.Errorf("%w: the primary key of kv is not (grp, key)", engine.ErrSchema)
		case name == "expires_at" && got.notNull:
			return fmt.Errorf("%w: column kv.expires_at is NOT NULL, but must allow NULL for keys that do not expire", engine.ErrSchema)
		case ours && !strings.EqualFold(got.typ, want.typ):
			return fmt.Errorf("%w: column kv.%s is %s, not %s", engine.ErrSchema, name, got.typ, want.typ)
		}
	}
	return nil
}

// No pragma returns the collation of a column, so it is read from the statement.
var (
	collation       = regexp.MustCompile(`(?i)\bcollate\b`)
	binaryCollation = regexp.MustCompile(`(?i)\bcollate\b[\s"'\[` + "`" + `]*binary\b`)
)
