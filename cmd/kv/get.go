package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

func (a *app) getCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "get GROUP KEY",
		Short: "Write the value of a key",
		Long: `get writes the value of a key to standard output, byte for byte: nothing is added
to it, except that a terminal gets a newline after a value that does not end in
one.

If there is no such key, or it has expired, get writes nothing to standard output
and exits with 1.`,
		Example: `  kv get config theme
  kv get images logo > logo.png`,
		Args:              between(2, 2, "a GROUP and a KEY"),
		ValidArgsFunction: a.complete(groupNames, keyNames),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.read(func(s *store.Store) error { return a.get(s, args[0], args[1]) })
		},
	}
}

func (a *app) get(s *store.Store, group, key string) error {
	value, err := s.Get(group, key)
	if errors.Is(err, store.ErrNotFound) {
		return explained{
			text:  fmt.Sprintf("there is no key %s in group %s; kv ls %[2]s lists those there are", shown(key), shown(group)),
			cause: err,
		}
	}
	if err != nil {
		return err
	}
	return a.writeExactly(value)
}

// writeExactly writes s byte for byte. Only a terminal gets a newline after it,
// so that the prompt does not stand in the same line.
func (a *app) writeExactly(s string) error {
	if a.outTerminal && (s == "" || s[len(s)-1] != '\n') {
		s += "\n"
	}
	_, err := io.WriteString(a.out, s)
	return err
}
