package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

func (a *app) purgeCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "purge",
		Short: "Remove the expired keys from the file",
		Long: `purge removes the expired keys of all groups. They are unreadable already; the
purge frees their space. Programs that have the file open purge it by
themselves.`,
		Example:           `  kv purge`,
		Args:              between(0, 0, "no arguments"),
		ValidArgsFunction: a.complete(),
		RunE: func(*cobra.Command, []string) error {
			return a.change(func(s *store.Store) error {
				n, err := s.PurgeExpired()
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(a.out, "removed %s\n", count(n, "expired key"))
				return err
			})
		},
	}
}

// count formats a number of things.
func count(n int64, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}
