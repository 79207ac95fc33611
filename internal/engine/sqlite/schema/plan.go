package schema

import (
	"fmt"
	"slices"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// plan is what has to happen to a file before the store can use it.
type plan struct {
	stamp   []int64 // migrations whose effect is there, to be marked as applied
	pending bool    // migrations are left to run
	goose   bool    // the version table exists
}

func (p plan) current() bool { return len(p.stamp) == 0 && !p.pending }

// plan compares the schema of a file with the migrations, or returns why
// the file is none of this store's.
func (f file) plan(table string) (plan, error) {
	detected := f.detected()
	for _, v := range f.applied {
		if v <= latest() && !slices.Contains(detected, v) {
			return plan{}, fmt.Errorf("%w: %s marks version %d as applied, but its effect on table kv is missing; "+
				"if the table belongs to another application, name another one with WithMigrationsTable",
				engine.ErrSchema, table, v)
		}
	}
	if n := len(f.applied); n > 0 && f.applied[n-1] > latest() {
		if len(detected) == len(steps) && slices.Contains(f.applied, latest()) {
			return plan{}, fmt.Errorf("%w: the file is at version %d, this program knows %d; upgrade the program",
				engine.ErrSchemaTooNew, f.applied[n-1], latest())
		}
		return plan{}, fmt.Errorf("%w: %s holds version %d, which is no version of this store; "+
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
	// A version table that knows less than the file shows is ours if a program
	// from before goose added the rest, which it did to files of its own. Among
	// other tables it is more likely to be their application's.
	if len(p.stamp) > 0 && f.goose && f.others {
		return plan{}, fmt.Errorf("%w: %s does not know the versions that table kv shows; "+
			"it seems to belong to another application: name another table with WithMigrationsTable",
			engine.ErrSchema, table)
	}
	p.pending = len(detected) < len(steps)
	return p, nil
}

// notCurrent is the error of a file that is not upgraded because its owner does that.
func notCurrent() error {
	return fmt.Errorf("%w: it is not at version %d; run the migrations of package db with goose, "+
		"or open it without WithManualMigrations", engine.ErrSchema, latest())
}
