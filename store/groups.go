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
// bytes, page by page as [Group.All] does. The options are about the names.
func (s *Store) Groups(ctx context.Context, opts ...ScanOption) iter.Seq2[GroupInfo, error] {
	return func(yield func(GroupInfo, error) bool) {
		for row, err := range s.scope().groups(ctx, newScan(opts)) {
			if !yield(GroupInfo{Name: row.Grp, Keys: row.Live}, failed(err, "Groups", "", "")) || err != nil {
				return
			}
		}
	}
}
