package store

import (
	"context"
	"iter"
)

// GroupInfo describes a group that holds at least one live key.
type GroupInfo struct {
	Name string
	Keys int64 // how many of its keys are live
}

// Groups yields the groups that hold a live key, in byte order of their names. It
// reads page by page, with the same guarantees as [Group.All]. The options apply to
// the names of the groups. A group of a namespace is yielded as "name:group". Since
// Groups counts the keys of each group, its cost is proportional to the number of
// keys. An error ends the iteration.
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
