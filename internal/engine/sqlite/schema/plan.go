package schema

import (
	"fmt"
	"slices"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// plan is what must be done to a file before the store can use it.
type plan struct {
	stamp   []int64 // migrations to record as applied: the file shows their effect
	pending bool    // there are migrations to run
	goose   bool    // the version table exists
}

func (p plan) current() bool { return len(p.stamp) == 0 && !p.pending }

// plan compares the schema of a file with the migrations. It returns an error if the file
// is not a file of this store.
func (f file) plan(table string) (plan, error) {
	detected := f.detected()
	for _, v := range f.applied {
		if v <= latest() && !slices.Contains(detected, v) {
			return plan{}, fmt.Errorf("%w: %s marks version %d as applied, but table kv does not show its effect; "+
				"if %[2]s belongs to another application, name another table with WithMigrationsTable",
				engine.ErrSchema, table, v)
		}
	}
	if n := len(f.applied); n > 0 && f.applied[n-1] > latest() {
		if len(detected) == len(steps) && slices.Contains(f.applied, latest()) {
			return plan{}, fmt.Errorf("%w: the file is at version %d, this program knows %d; upgrade the program",
				engine.ErrSchemaTooNew, f.applied[n-1], latest())
		}
		return plan{}, fmt.Errorf("%w: %s holds version %d, which this store does not have; "+
			"name another table with WithMigrationsTable", engine.ErrSchema, table, f.applied[n-1])
	}
	if err := f.validate(); err != nil {
		return plan{}, err
	}
	p := plan{goose: f.goose}
	for _, v := range detected {
		if !slices.Contains(f.applied, v) {
			p.stamp = append(p.stamp, v)
		}
	}
	// A version table can lack versions that the file shows because a program that does
	// not use goose changed the file later. Those programs had files of their own. If the
	// file has other tables, the version table more likely belongs to their application.
	if len(p.stamp) > 0 && f.goose && f.others {
		return plan{}, fmt.Errorf("%w: %s does not have the versions that table kv shows, so it seems to belong to another "+
			"application; name another table with WithMigrationsTable",
			engine.ErrSchema, table)
	}
	p.pending = len(detected) < len(steps)
	return p, nil
}

// notCurrent returns the error for a file that Options.ManualMigrations refuses.
func notCurrent() error {
	return fmt.Errorf("%w: the file is not at version %d; run the migrations of package db with goose, "+
		"or open the file without WithManualMigrations", engine.ErrSchema, latest())
}
