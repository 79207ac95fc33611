package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
	"forge.lthn.ai/core/go-store/store"
)

func (a *app) migrateUpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "up",
		Short: "Upgrade a file to the newest version",
		Long: `up upgrades a file to the newest version of the schema, as every program does
that opens it with store.New. Migrations whose effect is already there are only
recorded; the others run. All of it is one transaction, and every row is kept.
up creates a file that does not exist.`,
		Example:           `  kv migrate up`,
		Args:              between(0, 0, "no arguments"),
		ValidArgsFunction: a.complete(),
		RunE:              func(cmd *cobra.Command, _ []string) error { return a.migrateUp(cmd.Context()) },
	}
}

func (a *app) migrateUp(ctx context.Context) error {
	path, err := a.path()
	if err != nil {
		return err
	}
	before, err := schema.ReadStatus(ctx, path, a.schemaOptions())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return about(path, err)
	}
	if err := a.create(func(*store.Store) error { return nil }); err != nil {
		return err
	}
	after, err := schema.ReadStatus(ctx, path, a.schemaOptions())
	if err != nil {
		return about(path, err)
	}
	for i, m := range after.Migrations {
		var old schema.Migration // if the file did not exist
		if i < len(before.Migrations) {
			old = before.Migrations[i]
		}
		switch {
		case !old.Applied:
			err = a.step("applied", m)
		case old.Recorded.IsZero():
			err = a.step("recorded", m)
		}
		if err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(a.out, "the schema is at version %d\n", after.Version)
	return err
}
