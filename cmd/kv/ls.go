package main

import (
	"math"
	"time"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

func (a *app) lsCommand() *cobra.Command {
	var asJSON bool
	var part partFlags
	cmd := &cobra.Command{
		Use:   "ls GROUP",
		Short: "List the keys of a group, with their values and times to live",
		Long: `ls lists the live keys of a group (those that have not expired), ordered by
their bytes: the key, its value, and the time until it expires, or - if it never
does. Names and values that a terminal cannot show are quoted as in Go, and long
ones are cut.

--limit lists one page; --after with the last key of a page lists the next one.
With --reverse the order is descending, and --after lists the keys below its
key.

With --json it prints an array of objects, one a line, with every byte:

  key         the key; key_base64 instead if it is not valid UTF-8
  value       the value; value_base64 instead if it is not valid UTF-8
  expires_at  the time at which the key expires, or null
  ttl_ms      the milliseconds until then, or null
  revision    a number that each write increases, for kv set --if-revision

A group that does not exist has no keys, which is no error.`,
		Example: `  kv ls config
  kv ls session --prefix user: --limit 20
  kv ls session --prefix user: --limit 20 --after user:bob
  kv ls events --reverse --limit 1
  kv ls config --json | jq -r '.[].key'`,
		Args:              between(1, 1, "one GROUP"),
		ValidArgsFunction: a.complete(groupNames),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.read(func(s *store.Store) error {
				entries := store.NewGroup[string](s, args[0]).All(cmd.Context(), part.options(cmd)...)
				return entryListing(a.now()).write(a.out, asJSON, entries)
			})
		},
	}
	part.add(cmd)
	jsonFlag(cmd, &asJSON)
	return cmd
}

// partFlags are the flags that select a part of a group.
type partFlags struct {
	prefix, after string
	limit         uint
	reverse       bool
}

func (p *partFlags) add(cmd *cobra.Command) {
	cmd.Flags().StringVar(&p.prefix, "prefix", "", "only the keys that begin with `TEXT`")
	cmd.Flags().StringVar(&p.after, "after", "", "only the keys after `KEY`, in the order of the listing")
	cmd.Flags().UintVar(&p.limit, "limit", 0, "at most `N` keys (default all)")
	cmd.Flags().BoolVar(&p.reverse, "reverse", false, "list in descending order")
}

func (p *partFlags) options(cmd *cobra.Command) []store.ScanOption {
	scan := []store.ScanOption{store.Prefix(p.prefix)}
	if cmd.Flags().Changed("after") { // the empty key is a key too
		scan = append(scan, store.After(p.after))
	}
	if p.limit > 0 {
		scan = append(scan, store.Limit(int(min(p.limit, math.MaxInt))))
	}
	if p.reverse {
		scan = append(scan, store.Reverse())
	}
	return scan
}

func entryListing(now time.Time) listing[store.Entry[string]] {
	return listing[store.Entry[string]]{
		header: []any{"KEY", "VALUE", "TTL"},
		row: func(e store.Entry[string]) []any {
			return []any{shown(e.Key), shown(e.Value), left(e.ExpiresAt, now)}
		},
		object: func(e store.Entry[string]) any { return entryObject(e, now) },
	}
}
