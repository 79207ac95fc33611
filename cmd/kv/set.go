package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

func (a *app) setCommand() *cobra.Command {
	var ttl ttlFlag
	cmd := &cobra.Command{
		Use:   "set GROUP KEY [VALUE]",
		Short: "Store a value",
		Long: `set stores a value over any earlier one. Without VALUE it reads standard input to
the end and stores the bytes exactly as they are, a newline at the end included.

With --ttl the key expires after that time; without, it never does, even if the
earlier value had a time to live. The units are ms, s, m and h.

The file is created if there is none, and upgraded if it is of an older version.`,
		Example: `  kv set config theme dark
  kv set session token --ttl 90m 5f1c
  kv set images logo < logo.png
  printf %s "$PASSWORD" | kv set secrets password
  kv set limits offset -- -5`,
		Args:              between(2, 3, "a GROUP, a KEY and perhaps a VALUE"),
		ValidArgsFunction: a.complete(groupNames, keyNames),
		RunE: func(_ *cobra.Command, args []string) error {
			value, err := a.argumentOrInput(args[2:], "the value")
			if err != nil {
				return err
			}
			return a.create(func(s *store.Store) error {
				if ttl > 0 {
					return s.SetWithTTL(args[0], args[1], value, time.Duration(ttl))
				}
				return s.Set(args[0], args[1], value)
			})
		},
	}
	cmd.Flags().Var(&ttl, "ttl", "expire after this `TIME`, such as 90m or 1h30m")
	return cmd
}

// ttlFlag is a time to live, or 0 for none. It is checked as a flag, so that a
// wrong one stops the command before it opens a file.
type ttlFlag time.Duration

// String implements pflag.Value.
func (t *ttlFlag) String() string {
	if *t == 0 {
		return ""
	}
	return time.Duration(*t).String()
}

// Set implements pflag.Value.
func (t *ttlFlag) Set(s string) error {
	d, err := time.ParseDuration(s)
	if err != nil {
		return errors.New("give a number and a unit, such as 90m or 1h30m")
	}
	if d <= 0 {
		return errors.New("a time to live must be above zero")
	}
	*t = ttlFlag(d)
	return nil
}

// Type implements pflag.Value.
func (*ttlFlag) Type() string { return "duration" }

// maxInput is one byte more than a store takes: enough for it to say so.
const maxInput = 1_000_000_001

// argumentOrInput returns the one argument, or all of standard input if there is
// none.
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
