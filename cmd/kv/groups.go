package main

import (
	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

func (a *app) groupsCommand() *cobra.Command {
	var asJSON, counted bool
	cmd := &cobra.Command{
		Use:   "groups",
		Short: "List the groups, with the number of their keys",
		Long: `groups lists the groups that hold a live key (one that has not expired), ordered
by the bytes of their names, with the number of their live keys. With
--count=false it prints only the names, one a line, without a heading.

With --json it prints an array of objects, one a line:

  group  the name; group_base64 instead if it is not valid UTF-8
  keys   the number of live keys; left out with --count=false`,
		Example: `  kv groups
  kv groups --count=false | grep '^user:'
  kv groups --json | jq -r '.[].group'`,
		Args:              between(0, 0, "no arguments"),
		ValidArgsFunction: a.complete(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.read(func(s *store.Store) error {
				return groupListing(counted).write(a.out, asJSON, s.Groups(cmd.Context()))
			})
		},
	}
	cmd.Flags().BoolVar(&counted, "count", true, "print the number of keys beside each name")
	jsonFlag(cmd, &asJSON)
	return cmd
}

type groupJSON struct {
	Group       *string `json:"group,omitempty"`
	GroupBase64 []byte  `json:"group_base64,omitempty"`
	Keys        *int64  `json:"keys,omitempty"`
}

func groupListing(counted bool) listing[store.GroupInfo] {
	l := listing[store.GroupInfo]{
		header: []any{"GROUP", "KEYS"},
		row:    func(g store.GroupInfo) []any { return []any{shown(g.Name), g.Keys} },
		object: func(g store.GroupInfo) any {
			var o groupJSON
			o.Group, o.GroupBase64 = jsonBytes(g.Name)
			if counted {
				o.Keys = &g.Keys
			}
			return o
		},
	}
	if !counted {
		l.header = nil
		l.row = func(g store.GroupInfo) []any { return []any{shown(g.Name)} }
	}
	return l
}
