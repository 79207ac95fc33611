package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

func (a *app) compactCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "compact",
		Short: "Return the free space in the file to the file system",
		Long: `compact rewrites the file without the space that deleted keys have left, and
prints its size before and after. Other writers wait until compact has finished.
While it runs, it needs as much space again. If another program has the file
open, the file may shrink only later.

In a file that this release created, a purge returns most of that space by
itself. In a file of an older release, a purge does so after compact has run
once.`,
		Example:           `  kv compact`,
		Args:              between(0, 0, "no arguments"),
		ValidArgsFunction: a.complete(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			path, err := a.existingPath()
			if err != nil {
				return err
			}
			before, err := os.Stat(path)
			if err != nil {
				return err
			}
			err = a.change(func(s *store.Store) error { return s.Compact(cmd.Context()) })
			if err != nil {
				return err
			}
			after, err := os.Stat(path)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.out, "%d bytes before, %d now\n", before.Size(), after.Size())
			return err
		},
	}
}
