package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

func (a *app) ttlCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "ttl GROUP KEY",
		Short: "Print the time until a key expires",
		Long: `ttl prints the time until a key expires, in the form that --ttl and kv expire
take, or - if it never does. If the key does not exist or has expired, ttl
prints nothing to standard output and exits with 1.`,
		Example: `  kv ttl session token
  kv expire session copy "$(kv ttl session token)"`,
		Args:              between(2, 2, "a GROUP and a KEY"),
		ValidArgsFunction: a.complete(groupNames, keyNames),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.read(func(s *store.Store) error {
				d, err := store.NewGroup[string](s, args[0]).TTL(cmd.Context(), args[1])
				if err != nil {
					return missing(err, args[0], args[1])
				}
				_, err = fmt.Fprintln(a.out, lifetime(d))
				return err
			})
		},
	}
}

// lifetime formats a time to live in whole milliseconds, as a store keeps it. It
// rounds up, so that a live key never has 0.
func lifetime(d time.Duration) string {
	if d == 0 {
		return never
	}
	return (d + time.Millisecond - 1).Truncate(time.Millisecond).String()
}
