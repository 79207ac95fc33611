package store

import (
	"context"
	"iter"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// The first page is small, for loops that stop after a few keys. Pages then grow up
// to largePage rows or about pageBytes, so that large values do not fill the memory.
const (
	firstPage = 16
	largePage = 1024
	pageBytes = 1 << 20
)

// pages yields the rows of s, one page of fetch after the other. fetch receives the
// rest of the range and the maximum number of rows. name returns the name by which a
// row is ordered, and size the row's size in bytes.
func pages[R any](s scan, fetch func(s scan, most int64) ([]R, error), name func(R) string, size func(R) int) iter.Seq2[R, error] {
	return func(yield func(R, error) bool) {
		s, left := s, s.limit // a second range over the iterator starts again
		for most := firstPage; !s.empty; {
			if left >= 0 {
				most = min(most, left)
			}
			page, err := fetch(s, int64(most))
			if err != nil {
				var none R
				yield(none, err)
				return
			}
			bytes := 1
			for _, row := range page {
				bytes += size(row)
				if !yield(row, nil) {
					return
				}
			}
			left -= len(page) // stays negative where there is no limit
			if len(page) < most || left == 0 {
				return
			}
			s.goPast(name(page[len(page)-1]))
			most = max(1, min(4*len(page), largePage, len(page)*pageBytes/bytes))
		}
	}
}

// rows yields the live rows of a group.
func (sc *scope) rows(ctx context.Context, group string, s scan) iter.Seq2[engine.Row, error] {
	return pages(s, func(s scan, most int64) ([]engine.Row, error) {
		r, err := sc.reader()
		if err != nil {
			return nil, err
		}
		return r.Scan(ctx, engine.ScanParams{
			Grp: sc.full(group), Low: s.low, High: s.high, Bounded: s.bounded,
			Reverse: s.reverse, Now: sc.now().UnixMilli(), MaxRows: most,
		})
	}, func(row engine.Row) string { return row.Key },
		func(row engine.Row) int { return len(row.Key) + len(row.Value) })
}

// groups yields the groups that hold a live row.
func (sc *scope) groups(ctx context.Context, s scan) iter.Seq2[engine.GroupsRow, error] {
	return pages(s, func(s scan, most int64) ([]engine.GroupsRow, error) {
		r, err := sc.reader()
		if err != nil {
			return nil, err
		}
		return r.Groups(ctx, engine.GroupsParams{
			Low: s.low, High: s.high, Bounded: s.bounded,
			Reverse: s.reverse, Now: sc.now().UnixMilli(), MaxRows: most,
		})
	}, func(row engine.GroupsRow) string { return row.Grp },
		func(row engine.GroupsRow) int { return len(row.Grp) })
}

// snapshot runs fn on one snapshot of the store.
func (sc *scope) snapshot(ctx context.Context, fn func(engine.Reader) error) error {
	if sc.tx == nil {
		return sc.store.eng.View(ctx, fn)
	}
	r, err := sc.reader()
	if err != nil {
		return err
	}
	return fn(r)
}
