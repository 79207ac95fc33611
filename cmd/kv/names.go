package main

import (
	"context"
	"iter"
	"slices"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

// names yields what can stand for one argument, given those before it.
type names func(ctx context.Context, s *store.Store, before []string, scan ...store.ScanOption) iter.Seq2[string, error]

// mostNames is how many names are offered: more would be of no help.
const mostNames = 200

// complete completes each argument with the names of its place, and those after
// the last place with nothing, not even the names of files.
func (a *app) complete(places ...names) cobra.CompletionFunc {
	return func(cmd *cobra.Command, before []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(before) >= len(places) {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return a.offer(cmd.Context(), places[len(before)], before, begun), cobra.ShellCompDirectiveNoFileComp
	}
}

// completeMore is complete for commands that take any number of what the last
// place names.
func (a *app) completeMore(places ...names) cobra.CompletionFunc {
	return func(cmd *cobra.Command, before []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		place := min(len(before), len(places)-1)
		return a.offer(cmd.Context(), places[place], before, begun), cobra.ShellCompDirectiveNoFileComp
	}
}

// offer lists the names that begin as the user has begun. It lists none if the
// store cannot be read: a shell has no place for an error between two keystrokes.
func (a *app) offer(ctx context.Context, list names, before []string, begun string) []cobra.Completion {
	var found []cobra.Completion
	_ = a.read(func(s *store.Store) error {
		for name, err := range list(ctx, s, before, store.Prefix(begun), store.Limit(mostNames)) {
			if err != nil {
				return err
			}
			// A name that would have to be quoted cannot be typed.
			if quoted(name) == name {
				found = append(found, name)
			}
		}
		return nil
	})
	return found
}

func groupNames(ctx context.Context, s *store.Store, _ []string, scan ...store.ScanOption) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for g, err := range s.Groups(ctx, scan...) {
			if !yield(g.Name, err) {
				return
			}
		}
	}
}

// keyNames yields the keys of the group named first, less those named since.
func keyNames(ctx context.Context, s *store.Store, before []string, scan ...store.ScanOption) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for e, err := range store.NewGroup[string](s, before[0]).All(ctx, scan...) {
			if err == nil && slices.Contains(before[1:], e.Key) {
				continue
			}
			if !yield(e.Key, err) {
				return
			}
		}
	}
}
