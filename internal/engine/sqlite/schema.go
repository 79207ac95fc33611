package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pressly/goose/v3/database"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// schema is what a file holds, as far as the store cares.
type schema struct {
	encoding string
	columns  map[string]column     // of kv; empty: there is no table kv
	sql      string                // the statement that made kv
	indexes  map[string]tableIndex // of kv
	index    bool                  // kv_expires_at exists
	usage    bool                  // kv_usage exists
	goose    bool                  // the version table exists
	applied  []int64               // versions marked as applied, ascending, without 0
	others   bool                  // there are objects that are neither ours nor goose's
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

// inspect reads the schema. It changes nothing.
func inspect(ctx context.Context, q querier, table string) (s schema, err error) {
	if err := q.QueryRowContext(ctx, sqlEncoding).Scan(&s.encoding); err != nil {
		return s, translate(err)
	}
	// SQLite's names are the same in letters of either case.
	err = each(ctx, q, func(rows *sql.Rows) error {
		var typ, name, statement string
		if err := rows.Scan(&typ, &name, &statement); err != nil {
			return err
		}
		switch {
		case strings.EqualFold(name, "kv"):
			s.isView = typ != "table"
			s.sql = statement
		case strings.EqualFold(name, indexName):
			s.index = true
		case strings.EqualFold(name, "kv_usage"):
			s.usage = true
		case strings.EqualFold(name, "kv_revision"), strings.HasPrefix(strings.ToLower(name), "kv_usage_"):
			// The triggers that come with the column and the table.
		case strings.EqualFold(name, table):
			s.goose = true
		case !strings.HasPrefix(name, "sqlite_"):
			s.others = true
		}
		return nil
	}, sqlObjects)
	if err != nil {
		return s, err
	}
	s.columns = map[string]column{}
	err = each(ctx, q, func(rows *sql.Rows) error {
		var name string
		var c column
		if err := rows.Scan(&name, &c.typ, &c.notNull, &c.hasDefault, &c.pk); err != nil {
			return err
		}
		s.columns[strings.ToLower(name)] = c
		return nil
	}, sqlColumns, "kv")
	if err != nil {
		return s, err
	}
	s.indexes = map[string]tableIndex{}
	err = each(ctx, q, func(rows *sql.Rows) error {
		var name string
		var i tableIndex
		if err := rows.Scan(&name, &i.unique, &i.origin, &i.partial, &i.columns); err != nil {
			return err
		}
		s.indexes[strings.ToLower(name)] = i
		return nil
	}, sqlIndexes, "kv")
	if err != nil || !s.goose {
		return s, err
	}
	s.applied, err = applied(ctx, q, table)
	return s, err
}

// each calls scan for every row of a query.
func each(ctx context.Context, q querier, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return translate(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return translate(err)
		}
	}
	return translate(rows.Err())
}

// applied lists the versions that the version table marks as applied: for each
// version its newest row counts, as goose has it.
func applied(ctx context.Context, q querier, table string) ([]int64, error) {
	store, err := versionStore(table)
	if err != nil {
		return nil, err
	}
	list, err := store.ListMigrations(ctx, q) // newest first
	if err != nil {
		return nil, fmt.Errorf("%w: table %s is not goose's: %w; name another one with WithMigrationsTable",
			engine.ErrSchema, table, translate(err))
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

// met lists the versions whose effect the file shows, whatever goose's table
// says of them.
func (s schema) met() []int64 {
	var versions []int64
	if len(s.columns) > 0 {
		versions = append(versions, versionKV)
	}
	if _, ok := s.columns["expires_at"]; ok {
		versions = append(versions, versionExpiresAt)
	}
	if s.index {
		versions = append(versions, versionIndex)
	}
	if _, ok := s.columns["revision"]; ok {
		versions = append(versions, versionRevision)
	}
	if s.usage {
		versions = append(versions, versionUsage)
	}
	return versions
}

// The migrations that inspect can recognise by their effect.
const (
	versionKV        = 1
	versionExpiresAt = 2
	versionIndex     = 3
	versionRevision  = 4
	versionUsage     = 5
)

// wanted are the columns of the current schema and their types.
var wanted = map[string]column{
	"grp":        {typ: "TEXT", pk: 1},
	"key":        {typ: "TEXT", pk: 2},
	"value":      {typ: "TEXT"},
	"expires_at": {typ: "INTEGER"},
	"revision":   {typ: "INTEGER"},
}

// indexName is the index over the keys that expire.
const indexName = "kv_expires_at"

// fits says why the table kv is not this store's, or returns nil.
func (s schema) fits() error {
	switch {
	case s.encoding != "UTF-8":
		// SQLite would turn text from and to UTF-8, and lose the bytes that are none.
		return fmt.Errorf("%w: the file's encoding is %s, and only UTF-8 keeps every byte", engine.ErrSchema, s.encoding)
	case s.isView:
		return fmt.Errorf("%w: kv is not a table", engine.ErrSchema)
	case s.index && s.indexes[indexName] != tableIndex{origin: "c", partial: true, columns: "expires_at"}:
		return fmt.Errorf("%w: %s is not this store's index", engine.ErrSchema, indexName)
	case len(s.columns) == 0:
		return nil
	case len(collation.FindAllString(s.sql, -1)) != len(binaryCollation.FindAllString(s.sql, -1)):
		return fmt.Errorf("%w: table kv has a collation, and its names are to be compared by their bytes", engine.ErrSchema)
	}
	for name, i := range s.indexes {
		if i.unique && i.origin != "pk" {
			return fmt.Errorf("%w: index %s wants values of kv to be unique", engine.ErrSchema, name)
		}
	}
	for _, name := range []string{"grp", "key", "value"} {
		if _, ok := s.columns[name]; !ok {
			return fmt.Errorf("%w: table kv has no column %s; it belongs to another program", engine.ErrSchema, name)
		}
	}
	for name, got := range s.columns {
		want, ours := wanted[name]
		switch {
		case !ours && got.notNull && !got.hasDefault:
			return fmt.Errorf("%w: column kv.%s is NOT NULL without a default", engine.ErrSchema, name)
		case !ours && got.pk != 0, ours && got.pk != want.pk:
			return fmt.Errorf("%w: the primary key of kv is not (grp, key)", engine.ErrSchema)
		case name == "expires_at" && got.notNull:
			return fmt.Errorf("%w: column kv.expires_at is NOT NULL, but a key need not expire", engine.ErrSchema)
		case ours && !strings.EqualFold(got.typ, want.typ):
			return fmt.Errorf("%w: column kv.%s is %s, not %s", engine.ErrSchema, name, got.typ, want.typ)
		}
	}
	return nil
}

// A column's collation is found in no pragma, only in the statement.
var (
	collation       = regexp.MustCompile(`(?i)\bcollate\b`)
	binaryCollation = regexp.MustCompile(`(?i)\bcollate\b[\s"'\[` + "`" + `]*binary\b`)
)
