package sqlite

import (
	"context"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

const (
	// Reclaim leaves 1/spareShare of the file's pages free, so that the next writes need
	// not make the file grow.
	spareShare = 8
	// sparePages is the number of free pages that Reclaim leaves in any file.
	sparePages = 256
)

// Reclaim implements [engine.Engine]. It truncates the file in small transactions, and other
// writes run between them. It has no effect on a file without incremental auto-vacuum, which
// earlier releases created, until [Engine.Compact] has run once.
func (e *Engine) Reclaim(ctx context.Context) error {
	if e.writer == nil {
		return engine.ErrReadOnly
	}
	for {
		more := false
		err := e.writer.write(ctx, func(tx) error {
			var err error
			more, err = e.writer.reclaim(ctx)
			return err
		})
		if err != nil {
			return err
		}
		if !more {
			return e.checkpointer.finish(ctx)
		}
	}
}

// reclaim removes some of the free pages from the file. more reports whether to call it
// again.
func (w *writer) reclaim(ctx context.Context) (more bool, err error) {
	var mode, total, free int64
	for statement, n := range map[string]*int64{
		conn.SQLAutoVacuum: &mode, conn.SQLPageCount: &total, conn.SQLFreePages: &free,
	} {
		if err := w.conn.QueryRowContext(context.Background(), statement).Scan(n); err != nil {
			return false, conn.Translate(err)
		}
	}
	if mode != incremental || free <= sparePages || free <= total/spareShare {
		return false, nil
	}
	w.changes.Silent = true
	_, err = w.conn.ExecContext(context.Background(), conn.SQLReclaim)
	return true, conn.Translate(err)
}

// incremental is the value of PRAGMA auto_vacuum for that mode.
const incremental = 2

// Compact implements [engine.Engine]. It rewrites the file without free pages. Other writes
// wait meanwhile.
func (e *Engine) Compact(ctx context.Context) error {
	if e.writer == nil {
		return engine.ErrReadOnly
	}
	err := e.writer.inTurn(ctx, func(tx) error { return e.writer.compact(ctx) })
	if err != nil {
		return err
	}
	return e.checkpointer.finish(ctx)
}

func (w *writer) compact(ctx context.Context) error {
	// VACUUM also applies the auto-vacuum mode, which Reclaim needs.
	for _, statement := range []string{conn.SQLSetAutoVacuum, conn.SQLVacuum} {
		if _, err := w.conn.ExecContext(ctx, statement); err != nil {
			return conn.Translate(err)
		}
	}
	return nil
}
