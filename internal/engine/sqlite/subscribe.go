package sqlite

import (
	"context"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// Subscribe implements [engine.Engine]. It takes its turn among the writers, so
// that no commit of this process is half way while begin reads.
func (e *Engine) Subscribe(ctx context.Context, feed engine.Feed, begin func(engine.Reader) error) (cancel func(), err error) {
	start := func(r engine.Reader) error {
		var h header
		if e.index != nil {
			// Before begin reads: what others commit from here on shows as
			// another header.
			h, _ = e.index.load()
		}
		e.feeds.add(feed, h, e.poll)
		return begin(r)
	}
	if e.writer == nil {
		err = e.readers.view(ctx, start)
	} else {
		err = e.writer.do(ctx, &unit{ctx: ctx, kind: query, fn: func(t tx) error { return start(t.reader) }})
	}
	cancel = func() { e.feeds.remove(feed) }
	if err != nil {
		cancel()
		return nil, err
	}
	return cancel, nil
}

// lookAround looks for commits of other processes, where the header is mapped.
func (e *Engine) lookAround() { e.feeds.look(e.index) }

// askAround looks for them where it is not: SQLite counts, for each connection,
// what all the others have committed, this process's writer included.
func (e *Engine) askAround() {
	if e.counter == nil {
		c, err := e.readers.(*pool).take(context.Background())
		if err != nil {
			return // closing, or out of luck: the next look may have more
		}
		e.counter = c
	}
	var n int64
	if err := e.counter.QueryRowContext(context.Background(), sqlDataVersion).Scan(&n); err != nil {
		return
	}
	if n != e.counted {
		e.counted = n
		e.feeds.told()
	}
}
