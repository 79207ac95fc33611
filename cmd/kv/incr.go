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
		Short: "Add to a number",
		Long: `incr adds DELTA, by default 1, to the number that a key holds, and writes the sum.
A key that is not there, or has expired, counts as 0. However many processes do so
at once, each addition counts.

As with set, the sum never expires, unless --ttl or --keep-ttl says so. With
--keep-ttl a counter goes on until the time that its first --ttl has set.

A value that is no integer, or a sum beyond 64 bits, is a failure and changes
nothing. The file is created if there is none, and upgraded if it is of an older
version.`,
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
		return 0, usagef("DELTA %s is no integer of 64 bits; see kv incr --help", shown(arg[0]))
	}
	return n, nil
}

// noInteger puts what the codec says of a value that is none into words.
func noInteger(err error, group, key string) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	if errors.As(err, &syntax) || errors.As(err, &kind) {
		return explained{
			text:  fmt.Sprintf("key %s in group %s holds no integer of 64 bits; kv get shows what it holds", shown(key), shown(group)),
			cause: err,
		}
	}
	return err
}
