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
		Short: "Give the free space in the file back",
		Long: `compact writes the file anew, without the space that deleted keys have left, and
says how large it was and is. Others who write wait meanwhile; it needs as much
space again while it runs. If another program has the file open, it may get
smaller only later.

A purge gives most of that space back by itself, in files of this version. In a
file of an older one it can do so once compact has run.`,
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
