package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite"
)

func (a *app) migrateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Show or change the version of a file's schema",
		Long: `migrate shows how far the schema of a file has come, and takes it up or down. It
does so for files of every shape that earlier versions left behind:

  a  table kv without expires_at, no goose table
  b  table kv with expires_at, no goose table
  c  made by goose
  d  no table kv

The plain goose command covers all but b, where it would add the column again.`,
		Example: `  kv migrate status
  kv migrate up
  kv migrate down-to 2`,
	}
	cmd.AddCommand(a.migrateStatusCommand(), a.migrateUpCommand(), a.migrateDownCommand())
	return needsCommand(cmd)
}

// step writes one line about a migration.
func (a *app) step(what string, m sqlite.Migration) error {
	_, err := fmt.Fprintf(a.out, "%s %d %s\n", what, m.Version, m.Name)
	return err
}
