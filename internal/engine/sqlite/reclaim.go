package sqlite

import (
	"context"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

const (
	// spareShare is the share of the file, 1/spareShare, that may stay free, so
	// that the next writes need not make the file grow again.
	spareShare = 8
	// sparePages may stay free in any file.
	sparePages = 256
)

// Reclaim implements [engine.Engine]. It gives pages back in small transactions,
// between which other writes get their turn, as far as the file was made for it:
// one from before this version needs [Engine.Compact] once.
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

// reclaim gives back one portion of the free pages. more says whether it makes
// sense to come again.
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

// incremental is what PRAGMA auto_vacuum answers for the mode of that name.
const incremental = 2

// Compact implements [engine.Engine]: it rewrites the file, without any free
// page. Other writes wait meanwhile.
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
	// VACUUM also makes a file that was not made for it give pages back.
	for _, statement := range []string{conn.SQLSetAutoVacuum, conn.SQLVacuum} {
		if _, err := w.conn.ExecContext(ctx, statement); err != nil {
			return conn.Translate(err)
		}
	}
	return nil
}
