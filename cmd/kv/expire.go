package main

import (
	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

func (a *app) expireCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "expire GROUP KEY TIME",
		Short: "Set the time until a key expires",
		Long: `expire makes a key expire after TIME and replaces an earlier expiry. The value
stays. The units of TIME are ms, s, m and h. If the key does not exist or has
expired, expire changes nothing and exits with 1.`,
		Example: `  kv expire session token 30m
  kv expire cache page 1h30m`,
		Args:              between(3, 3, "a GROUP, a KEY and a TIME"),
		ValidArgsFunction: a.complete(groupNames, keyNames),
		RunE: func(cmd *cobra.Command, args []string) error {
			ttl, err := parseTTL(args[2])
			if err != nil {
				return usagef("TIME %s: %w; see kv expire --help", shown(args[2]), err)
			}
			return a.change(func(s *store.Store) error {
				err := store.NewGroup[string](s, args[0]).Expire(cmd.Context(), args[1], ttl)
				return missing(err, args[0], args[1])
			})
		},
	}
}
