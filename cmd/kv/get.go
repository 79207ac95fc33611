package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

func (a *app) getCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "get GROUP KEY",
		Short: "Write the value of a key",
		Long: `get writes the value of a key to standard output, byte for byte: nothing is added
to it, except that a terminal gets a newline after a value that does not end in
one. With --json it writes one object as kv ls --json does, in one line: value,
expiry and revision.

If there is no such key, or it has expired, get writes nothing to standard output
and exits with 1.`,
		Example: `  kv get config theme
  kv get images logo > logo.png
  kv get pages home --json | jq .revision`,
		Args:              between(2, 2, "a GROUP and a KEY"),
		ValidArgsFunction: a.complete(groupNames, keyNames),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.read(func(s *store.Store) error {
				e, err := store.NewGroup[string](s, args[0]).Entry(cmd.Context(), args[1])
				switch {
				case err != nil:
					return missing(err, args[0], args[1])
				case asJSON:
					return a.writeLine(entryObject(e, a.now()))
				}
				return a.writeExactly(e.Value)
			})
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// missing puts into words that there is no such key.
func missing(err error, group, key string) error {
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return explained{
		text:  fmt.Sprintf("there is no key %s in group %s; kv ls %[2]s lists those there are", shown(key), shown(group)),
		cause: err,
	}
}

// writeLine writes v as JSON, in a line of its own.
func (a *app) writeLine(v any) error {
	line, err := encodeJSON(v)
	if err != nil {
		return err
	}
	_, err = a.out.Write(append(line, '\n'))
	return err
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
