package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
)

func (a *app) migrateDownCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "down-to VERSION",
		Short: "Take a file back to an older version",
		Long: `down-to undoes the migrations above VERSION, newest first, in one transaction.
In a file from before migrations (shape a or b, see kv migrate --help) it first
records those whose effect is there.

Undoing a migration can lose data. Below version 2 keys cannot expire: those
that have expired are removed, and the others never expire. Version 0 has no
table kv, so all keys are lost. Copy the file first if you may want them back.

Programs that have the file open fail from then on. The next program that opens
the file with store.New upgrades it again.`,
		Example: `  kv migrate down-to 2`,
		Args: func(cmd *cobra.Command, args []string) error {
			if err := between(1, 1, "one VERSION")(cmd, args); err != nil {
				return err
			}
			_, err := version(args[0])
			return err
		},
		ValidArgsFunction: a.complete(),
		RunE: func(cmd *cobra.Command, args []string) error {
			to, err := version(args[0])
			if err != nil {
				return err
			}
			return a.migrateDown(cmd.Context(), to)
		},
	}
}

// version parses a version of the schema that this program knows.
func version(arg string) (int64, error) {
	newest := schema.Latest()
	v, err := strconv.ParseInt(arg, 10, 64)
	if err != nil || v < 0 || v > newest {
		return 0, usagef("there is no schema version %s; the versions are 0 to %d", shown(arg), newest)
	}
	return v, nil
}

func (a *app) migrateDown(ctx context.Context, to int64) error {
	path, err := a.existingPath()
	if err != nil {
		return err
	}
	done, err := schema.MigrateDown(ctx, path, to, a.now().UnixMilli(), a.schemaOptions())
	if err != nil {
		return about(path, err)
	}
	for _, m := range done.Undone {
		if err := a.step("undone", m); err != nil {
			return err
		}
	}
	if done.Expired > 0 {
		if _, err := fmt.Fprintf(a.out, "removed %s\n", count(done.Expired, "expired key")); err != nil {
			return err
		}
	}
	after, err := schema.ReadStatus(ctx, path, a.schemaOptions())
	if err != nil {
		return about(path, err)
	}
	_, err = fmt.Fprintf(a.out, "the schema is at version %d\n", after.Version)
	return err
}
