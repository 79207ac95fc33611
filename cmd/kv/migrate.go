package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
)

func (a *app) migrateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Show or change the version of a file's schema",
		Long: `migrate shows the version of a file's schema, and takes the file up or down to
another version. It works on the files of every release. kv migrate status shows
by a letter, the shape, how the file was made:

  a  by a release without expiry: table kv has no column expires_at, and no
     migrations are recorded
  b  by a release with expiry but without migrations: table kv has the column
     expires_at, and no migrations are recorded
  c  by migrations, which are recorded in the table of goose
  d  by something else: there is no table kv yet

The goose command can upgrade all of them except b, where it would add the
column expires_at a second time.`,
		Example: `  kv migrate status
  kv migrate up
  kv migrate down-to 2`,
	}
	cmd.AddCommand(a.migrateStatusCommand(), a.migrateUpCommand(), a.migrateDownCommand())
	return needsCommand(cmd)
}

// step prints one line about a migration.
func (a *app) step(what string, m schema.Migration) error {
	_, err := fmt.Fprintf(a.out, "%s %d %s\n", what, m.Version, m.Name)
	return err
}
