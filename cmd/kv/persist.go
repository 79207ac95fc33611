package main

import (
	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

func (a *app) persistCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "persist GROUP KEY",
		Short: "Make a key never expire",
		Long: `persist removes the expiry of a key. The value stays. If the key does not exist
or has expired, persist changes nothing and exits with 1.`,
		Example:           `  kv persist session token`,
		Args:              between(2, 2, "a GROUP and a KEY"),
		ValidArgsFunction: a.complete(groupNames, keyNames),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.change(func(s *store.Store) error {
				err := store.NewGroup[string](s, args[0]).Persist(cmd.Context(), args[1])
				return missing(err, args[0], args[1])
			})
		},
	}
}
