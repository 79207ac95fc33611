package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

func (a *app) incrCommand() *cobra.Command {
	var expiry expiryFlags
	cmd := &cobra.Command{
		Use:   "incr GROUP KEY [DELTA]",
		Short: "Add to the number that a key holds",
		Long: `incr adds DELTA, by default 1, to the integer that a key holds, and prints the
sum. A key that does not exist or has expired counts as 0. If several processes
add at the same time, every addition counts.

As with set, the new value never expires unless --ttl or --keep-ttl is given.
With --keep-ttl a counter keeps the expiry that its first --ttl has set.

If the value is not an integer, or the sum exceeds 64 bits, incr fails and
changes nothing. incr creates the file if it does not exist, and upgrades a file
of an older release.`,
		Example: `  kv incr hits home
  kv incr stock apples -- -5
  kv incr attempts alice --ttl 1m`,
		Args:              oneOf(between(2, 3, "a GROUP, a KEY and perhaps a DELTA"), "ttl", "keep-ttl"),
		ValidArgsFunction: a.complete(groupNames, keyNames),
		RunE: func(cmd *cobra.Command, args []string) error {
			delta, err := deltaOf(args[2:])
			if err != nil {
				return err
			}
			return a.create(func(s *store.Store) error {
				g := store.NewGroup[int64](s, args[0])
				sum, err := store.Increment(cmd.Context(), g, args[1], delta, expiry.options()...)
				if err != nil {
					return noInteger(err, args[0], args[1])
				}
				_, err = fmt.Fprintln(a.out, sum)
				return err
			})
		},
	}
	expiry.add(cmd)
	return cmd
}

func deltaOf(arg []string) (int64, error) {
	if len(arg) == 0 {
		return 1, nil
	}
	n, err := strconv.ParseInt(arg[0], 10, 64)
	if err != nil {
		return 0, usagef("DELTA %s is not a 64-bit integer; see kv incr --help", shown(arg[0]))
	}
	return n, nil
}

// noInteger explains an error that means that the value is not an integer.
func noInteger(err error, group, key string) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	if errors.As(err, &syntax) || errors.As(err, &kind) {
		return explained{
			text:  fmt.Sprintf("the value of key %s in group %s is not a 64-bit integer; kv get prints it", shown(key), shown(group)),
			cause: err,
		}
	}
	return err
}
