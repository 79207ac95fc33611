package store

import (
	"context"
	"iter"
)

// GroupInfo is a group that holds at least one live key.
type GroupInfo struct {
	Name string
	Keys int64 // live ones
}

// Groups yields the groups that hold a live key, in the order of their names'
// bytes, page by page as [Group.All] does, and with the same promises. The options
// are about the names. Those of namespaces come as "name:group". To count the keys
// it visits them all.
func (s *Store) Groups(ctx context.Context, opts ...ScanOption) iter.Seq2[GroupInfo, error] {
	return s.listGroups(ctx, opts)
}

func (sc *scope) listGroups(ctx context.Context, opts []ScanOption) iter.Seq2[GroupInfo, error] {
	return func(yield func(GroupInfo, error) bool) {
		for row, err := range sc.groups(ctx, newScan(opts).within(sc.prefix)) {
			if err != nil {
				yield(GroupInfo{}, failed(err, "Groups", "", ""))
				return
			}
			if !yield(GroupInfo{Name: row.Grp[len(sc.prefix):], Keys: row.Live}, nil) {
				return
			}
		}
	}
}
