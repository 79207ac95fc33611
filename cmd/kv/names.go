package main

import (
	"context"
	"iter"
	"slices"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

// names yields the candidates for one argument, given those before it.
type names func(ctx context.Context, s *store.Store, before []string, scan ...store.ScanOption) iter.Seq2[string, error]

// mostNames limits how many candidates are offered; more would not help.
const mostNames = 200

// complete completes each argument with the names of its place. It offers nothing
// after the last place, not even names of files.
func (a *app) complete(places ...names) cobra.CompletionFunc {
	return func(cmd *cobra.Command, before []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(before) >= len(places) {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return a.offer(cmd.Context(), places[len(before)], before, begun), cobra.ShellCompDirectiveNoFileComp
	}
}

// completeMore is complete for commands that take any number of arguments of the
// last place.
func (a *app) completeMore(places ...names) cobra.CompletionFunc {
	return func(cmd *cobra.Command, before []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
		place := min(len(before), len(places)-1)
		return a.offer(cmd.Context(), places[place], before, begun), cobra.ShellCompDirectiveNoFileComp
	}
}

// offer returns the names that begin with begun. It returns none if the store cannot
// be read: a shell cannot show an error between two keystrokes.
func (a *app) offer(ctx context.Context, list names, before []string, begun string) []cobra.Completion {
	var found []cobra.Completion
	_ = a.read(func(s *store.Store) error {
		for name, err := range list(ctx, s, before, store.Prefix(begun), store.Limit(mostNames)) {
			if err != nil {
				return err
			}
			// A name that has to be quoted cannot be typed as it is.
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

// keyNames yields the keys of the group in before[0], except those in the rest of
// before.
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
