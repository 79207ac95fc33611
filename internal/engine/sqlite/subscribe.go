package sqlite

import (
	"context"
	"fmt"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/walindex"
)

// Subscribe implements [engine.Engine]. It refuses a file with an older schema, because its
// keys have no revisions, by which changes of other processes are found.
func (e *Engine) Subscribe(ctx context.Context, feed engine.Feed, begin func(engine.Reader) error) (cancel func(), err error) {
	if e.outdated {
		return nil, fmt.Errorf("%w: a file of an older release cannot be watched; open it once without WithReadOnly", engine.ErrSchema)
	}
	cancel = func() { e.feeds.remove(feed) }
	err = e.readers.align(ctx, func(h walindex.Header) { e.feeds.add(feed, h) }, begin)
	if err != nil {
		cancel()
		return nil, err
	}
	return cancel, nil
}

// Align implements [engine.Engine].
func (e *Engine) Align(ctx context.Context, at func(), fn func(engine.Reader) error) error {
	return e.readers.align(ctx, func(walindex.Header) { at() }, fn)
}
