package main

import (
	"math"
	"time"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

func (a *app) lsCommand() *cobra.Command {
	var asJSON bool
	var prefix string
	var limit uint
	cmd := &cobra.Command{
		Use:   "ls GROUP",
		Short: "List the keys of a group, with value and time to live",
		Long: `ls lists the live keys of a group in the order of their bytes: key, value, and the
time that is left until the key expires, or - if it never does. Names and values
that a terminal could not show are quoted as in Go, and long ones are cut.

With --json it writes an array of objects, one a line, with every byte:

  key         the key; key_base64 instead if it is not valid UTF-8
  value       the value; value_base64 instead if it is not valid UTF-8
  expires_at  the time at which the key expires, or null
  ttl_ms      the milliseconds that are left until then, or null

A group that does not exist has no keys, which is no error.`,
		Example: `  kv ls config
  kv ls session --prefix user: --limit 20
  kv ls config --json | jq -r '.[].key'`,
		Args:              between(1, 1, "one GROUP"),
		ValidArgsFunction: a.complete(groupNames),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.read(func(s *store.Store) error {
				scan := []store.ScanOption{store.Prefix(prefix)}
				if limit > 0 {
					scan = append(scan, store.Limit(int(min(limit, math.MaxInt))))
				}
				entries := store.NewGroup[string](s, args[0]).All(cmd.Context(), scan...)
				return entryListing(a.now()).write(a.out, asJSON, entries)
			})
		},
	}
	cmd.Flags().StringVar(&prefix, "prefix", "", "only the keys that begin with `TEXT`")
	cmd.Flags().UintVar(&limit, "limit", 0, "only the first `N` of them (default all)")
	jsonFlag(cmd, &asJSON)
	return cmd
}

type entryJSON struct {
	Key         *string `json:"key,omitempty"`
	KeyBase64   []byte  `json:"key_base64,omitempty"`
	Value       *string `json:"value,omitempty"`
	ValueBase64 []byte  `json:"value_base64,omitempty"`
	ExpiresAt   *string `json:"expires_at"`
	TTL         *int64  `json:"ttl_ms"`
}

func entryListing(now time.Time) listing[store.Entry[string]] {
	return listing[store.Entry[string]]{
		header: []any{"KEY", "VALUE", "TTL"},
		row: func(e store.Entry[string]) []any {
			return []any{shown(e.Key), shown(e.Value), left(e.ExpiresAt, now)}
		},
		object: func(e store.Entry[string]) any {
			o := entryJSON{ExpiresAt: jsonTime(e.ExpiresAt)}
			o.Key, o.KeyBase64 = jsonBytes(e.Key)
			o.Value, o.ValueBase64 = jsonBytes(e.Value)
			if !e.ExpiresAt.IsZero() {
				ms := max(e.ExpiresAt.UnixMilli()-now.UnixMilli(), 0)
				o.TTL = &ms
			}
			return o
		},
	}
}
