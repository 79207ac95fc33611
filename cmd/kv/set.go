package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

func (a *app) setCommand() *cobra.Command {
	var expiry expiryFlags
	var when condition
	cmd := &cobra.Command{
		Use:   "set GROUP KEY [VALUE]",
		Short: "Store a value",
		Long: `set stores a value and replaces an earlier one. Without VALUE it reads standard
input to the end and stores the bytes exactly as they are, including a newline
at the end.

With --ttl the key expires after that time. Without, it never expires, even if
the earlier value had a time to live; --keep-ttl keeps that expiry. The units
are ms, s, m and h.

With --if-absent the value is stored only if the key does not exist. With
--if-revision it is stored only if the key is at revision N, which kv get --json
shows and each write changes; 0 stands for a key that does not exist. If the
condition is not met, set changes nothing and exits with 1. No other write can
happen between the check and the write.

set creates the file if it does not exist, and upgrades a file of an older
release.`,
		Example: `  kv set config theme dark
  kv set session token --ttl 90m 5f1c
  kv set images logo < logo.png
  printf %s "$PASSWORD" | kv set secrets password
  kv set limits offset -- -5
  kv set locks deploy --if-absent --ttl 10m "$HOSTNAME"
  kv set pages home --if-revision 1798761600000000 < home.html`,
		Args: oneOf(oneOf(between(2, 3, "a GROUP, a KEY and perhaps a VALUE"),
			"ttl", "keep-ttl"), "if-absent", "if-revision"),
		ValidArgsFunction: a.complete(groupNames, keyNames),
		RunE: func(cmd *cobra.Command, args []string) error {
			value, err := a.argumentOrInput(args[2:], "the value")
			if err != nil {
				return err
			}
			return a.create(func(s *store.Store) error {
				g := store.NewGroup[string](s, args[0])
				return when.set(cmd.Context(), g, args[0], args[1], value, expiry.options())
			})
		},
	}
	expiry.add(cmd)
	when.add(cmd)
	return cmd
}

// maxInput is one byte more than a store takes, so that a longer input gets
// store.ErrTooLarge and not a cut value.
const maxInput = 1_000_000_001

// argumentOrInput returns the argument if there is one, otherwise all of standard
// input.
func (a *app) argumentOrInput(arg []string, what string) (string, error) {
	if len(arg) > 0 {
		return arg[0], nil
	}
	if a.inTerminal {
		if _, err := fmt.Fprintf(a.err, "kv: type %s, and end it with Ctrl-D on a line of its own\n", what); err != nil {
			return "", err
		}
	}
	b, err := io.ReadAll(io.LimitReader(a.in, maxInput))
	if err != nil {
		return "", fmt.Errorf("read %s from standard input: %w", what, err)
	}
	return string(b), nil
}
