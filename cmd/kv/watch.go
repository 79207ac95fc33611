package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

func (a *app) watchCommand() *cobra.Command {
	var asJSON bool
	var prefix string
	cmd := &cobra.Command{
		Use:   "watch GROUP",
		Short: "Print the changes of a group as they happen",
		Long: `watch prints one line for each change of the group that is committed from now
on, whoever makes it, until it is interrupted: set with the key, its value and
its time to live, as kv ls does, or delete or expire with the key. A line on
standard error reports that it has started; no change after that line is missed.

A change appears within about 20 ms, with the latest state of its key: a value
that is overwritten sooner is not seen. An expired key is unreadable at once,
but expire appears when the key is removed, by a program that has the file open
or by kv purge. A file of an older release must be upgraded first, with kv
migrate up.

With --json each line is an object:

  event       set, delete or expire
  key …       the fields of kv ls --json; delete and expire have no value

Ctrl-C and SIGTERM end it, with exit code 0.`,
		Example: `  kv watch config
  kv watch session --prefix user:
  kv watch jobs --json | jq -r 'select(.event == "set") | .key'`,
		Args:              between(1, 1, "one GROUP"),
		ValidArgsFunction: a.complete(groupNames),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return a.read(func(s *store.Store) error {
				return a.watch(ctx, s, args[0], prefix, asJSON)
			})
		},
	}
	cmd.Flags().StringVar(&prefix, "prefix", "", "only the keys that begin with `TEXT`")
	jsonFlag(cmd, &asJSON)
	return cmd
}

// watch writes events until ctx is done, and then returns nil.
func (a *app) watch(ctx context.Context, s *store.Store, group, prefix string, asJSON bool) error {
	events := store.NewGroup[string](s, group).Watch(ctx, store.WithPrefix(prefix))
	// Scripts wait for this line before they make changes.
	if _, err := fmt.Fprintf(a.err, "kv: watching group %s; Ctrl-C ends it\n", shown(group)); err != nil {
		return err
	}
	write := a.writeEvent
	if asJSON {
		write = func(e store.Event[string]) error { return a.writeLine(eventObject(e, a.now())) }
	}
	for e, err := range events {
		if err == nil {
			err = write(e)
		}
		switch {
		case ctx.Err() != nil && errors.Is(err, ctx.Err()):
			return nil
		case err != nil:
			return err
		}
	}
	return nil
}

func (a *app) writeEvent(e store.Event[string]) error {
	line := fmt.Sprintf("%-6s  %s", e.Kind, shown(e.Key))
	if e.Kind == store.EventSet {
		line += fmt.Sprintf("  %s  %s", shown(e.Value), left(e.ExpiresAt, a.now()))
	}
	_, err := fmt.Fprintln(a.out, line)
	return err
}
