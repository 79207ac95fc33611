package store_test

import (
	"cmp"
	"slices"
	"strings"

	"forge.lthn.ai/core/go-store/store"
)

// scanOptions are the options of an iteration in the form of a model. A nil field is an
// option that is not given.
type scanOptions struct {
	prefix, from, to, after *string
	limit                   *int
	reverse                 bool
}

func (o scanOptions) options() (opts []store.ScanOption) {
	add := func(s *string, option func(string) store.ScanOption) {
		if s != nil {
			opts = append(opts, option(*s))
		}
	}
	add(o.after, store.After) // before Reverse, on which its meaning depends
	add(o.prefix, store.Prefix)
	add(o.from, store.From)
	add(o.to, store.To)
	if o.limit != nil {
		opts = append(opts, store.Limit(*o.limit))
	}
	if o.reverse {
		opts = append(opts, store.Reverse())
	}
	return opts
}

// visits returns which of names an iteration with the options visits, in order. It follows
// the documentation of each option to the letter.
func (o scanOptions) visits(names []string) []string {
	order := func(a, b string) int {
		if o.reverse {
			a, b = b, a
		}
		return cmp.Compare(a, b)
	}
	visited := []string{}
	for _, name := range names {
		if (o.prefix == nil || strings.HasPrefix(name, *o.prefix)) &&
			(o.from == nil || name >= *o.from) &&
			(o.to == nil || name < *o.to) &&
			(o.after == nil || order(name, *o.after) > 0) {
			visited = append(visited, name)
		}
	}
	slices.SortFunc(visited, order)
	if o.limit != nil && *o.limit >= 0 && len(visited) > *o.limit {
		visited = visited[:*o.limit]
	}
	return visited
}
