package main

import (
	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

func (a *app) delCommand() *cobra.Command {
	var whole bool
	cmd := &cobra.Command{
		Use:   "del GROUP KEY...",
		Short: "Delete keys, or a whole group",
		Long: `del deletes the named keys of a group, or with --group the whole group. If it
fails, it has deleted none of them. A key or group that does not exist is no
error.`,
		Example: `  kv del config theme
  kv del session alice bob carol
  kv del --group session`,
		Args: func(cmd *cobra.Command, args []string) error {
			if whole {
				return between(1, 1, "one GROUP and no key with --group")(cmd, args)
			}
			return between(2, -1, "a GROUP and its KEYs")(cmd, args)
		},
		ValidArgsFunction: a.completeMore(groupNames, keyNames),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.change(func(s *store.Store) error {
				if whole {
					return s.DeleteGroup(args[0])
				}
				_, err := store.NewGroup[string](s, args[0]).Delete(cmd.Context(), args[1:]...)
				return err
			})
		},
	}
	cmd.Flags().BoolVar(&whole, "group", false, "delete the whole group")
	return cmd
}
