package sqlite

import (
	"context"
	"fmt"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// Subscribe implements [engine.Engine]. Keys of an older file, which a read-only
// store leaves as it is, have no revisions by which a change by others would show.
func (e *Engine) Subscribe(ctx context.Context, feed engine.Feed, begin func(engine.Reader) error) (cancel func(), err error) {
	if p, ok := e.readers.(*pool); ok && p.shim != nil {
		return nil, fmt.Errorf("%w: a file of an older version cannot be watched; open it once without WithReadOnly", engine.ErrSchema)
	}
	cancel = func() { e.feeds.remove(feed) }
	err = e.align(ctx, func(h header) { e.feeds.add(feed, h, e.poll) }, begin)
	if err != nil {
		cancel()
		return nil, err
	}
	return cancel, nil
}

// Align implements [engine.Engine].
func (e *Engine) Align(ctx context.Context, at func(), fn func(engine.Reader) error) error {
	return e.align(ctx, func(header) { at() }, fn)
}

// align gives at the header of the snapshot or, if another process commits at that
// moment, of one before it.
func (e *Engine) align(ctx context.Context, at func(h header), fn func(engine.Reader) error) error {
	if m, ok := e.readers.(*memory); ok {
		// Its one connection is at rest while fn has its turn.
		return m.read(ctx, func(r reader) error {
			h, _ := e.index.load()
			at(h)
			return fn(r)
		})
	}
	return e.readers.(*pool).align(ctx, func(begin func() error) error {
		if e.writer == nil {
			return e.begin(begin, at)
		}
		// In turn with the writers, so that no commit of this process is half
		// way. What fn reads then keeps none of them waiting.
		return e.writer.do(ctx, &unit{ctx: ctx, kind: query, fn: func(tx) error { return e.begin(begin, at) }})
	}, fn)
}

func (e *Engine) begin(begin func() error, at func(h header)) error {
	var h header
	if e.index != nil {
		// Before the snapshot: what others commit from here on shows as another
		// header.
		h, _ = e.index.load()
	}
	if err := begin(); err != nil {
		return err
	}
	at(h)
	return nil
}

// lookAround looks for commits of other processes, where the header is mapped.
func (e *Engine) lookAround() { e.feeds.look(e.index) }

// askAround looks for them where it is not: SQLite counts, for each connection,
// what all the others have committed, this process's writer included.
func (e *Engine) askAround() {
	e.asking.Lock() // the goroutine before this one may not be through yet
	defer e.asking.Unlock()
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
