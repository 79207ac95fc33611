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
		Short: "Print the value of a key",
		Long: `get prints the value of a key, byte for byte. On a terminal it adds a newline if
the value does not end in one. With --json it prints one object in one line,
with the fields of kv ls --json: key, value, expiry and revision.

If the key does not exist or has expired, get prints nothing to standard output
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

// missing explains an error that means that a key does not exist.
func missing(err error, group, key string) error {
	if !errors.Is(err, store.ErrNotFound) {
		return err
	}
	return explained{
		text:  fmt.Sprintf("key %s does not exist in group %s; kv ls %[2]s lists the keys of the group", shown(key), shown(group)),
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

// writeExactly writes s byte for byte. On a terminal it adds a newline if there is
// none, so that the prompt begins a new line.
func (a *app) writeExactly(s string) error {
	if a.outTerminal && (s == "" || s[len(s)-1] != '\n') {
		s += "\n"
	}
	_, err := io.WriteString(a.out, s)
	return err
}
