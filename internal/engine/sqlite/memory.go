package sqlite

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/rowcache"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/walindex"
)

// openMemory opens a private database in memory. It has one connection, so reads and
// writes wait in the same queue.
func openMemory(ctx context.Context, opts Options) (*Engine, error) {
	opts.ManualMigrations = false // no other program could run the migrations
	w, err := openWriter(ctx, conn.DSN(conn.Memory, conn.ReadWrite, opts.BusyTimeout, conn.WriterPragmas(opts.Relaxed)...), opts)
	if err != nil {
		return nil, err
	}
	m := &memory{
		opts: opts, writer: w, index: walindex.NewMemory(),
		open: map[*memoryView]struct{}{}, detached: make(chan struct{}),
	}
	w.beforeWrite = m.detach
	e := newEngine(m, w)
	e.cache = rowcache.New(m.index, opts.CacheBytes)
	w.observers = []observer{header{index: m.index, memory: true}, caching{e.cache}, e.feeds}
	if opts.ReadOnly {
		e.writer = nil
	}
	return e, nil
}

// memory implements readers on the only connection of a database in memory.
type memory struct {
	opts   Options
	writer *writer
	index  *walindex.Index
	// open are the views that read the shared connection. The queue guards it: only the
	// running op uses it.
	open map[*memoryView]struct{}

	views    sync.WaitGroup // views in progress
	detached chan struct{}  // closed by close, when no view needs the queue any longer
}

// memoryView is one read transaction. It reads the shared connection until the next write,
// and from then on a copy that was made just before that write.
type memoryView struct {
	memory *memory
	copy   atomic.Pointer[snapshot] // nil: the shared connection
}

// snapshot is a copy of the database. The views that were open when it was made share it.
// Reading it does not need the queue, so a view can read while its own goroutine writes.
type snapshot struct {
	mu     sync.Mutex
	writer *writer
	views  int
}

func (m *memory) read(ctx context.Context, fn func(reader) error) error {
	return m.writer.inTurn(ctx, func(t tx) error { return fn(t.reader) })
}

// align implements [readers]. fn runs in the queue, so no commit is in progress.
func (m *memory) align(ctx context.Context, at func(walindex.Header), fn func(engine.Reader) error) error {
	return m.read(ctx, func(r reader) error {
		h, _ := m.index.Load()
		at(h)
		return fn(r)
	})
}

func (m *memory) view(ctx context.Context, fn func(engine.Reader) error) (err error) {
	v := &memoryView{memory: m}
	if err := m.read(ctx, func(reader) error {
		m.open[v] = struct{}{}
		m.views.Add(1)
		return nil
	}); err != nil {
		return err
	}
	defer func() {
		if endErr := v.end(); err == nil {
			err = endErr
		}
		m.views.Done()
	}()
	return fn(statements{v})
}

// read runs one statement of the view.
func (v *memoryView) read(ctx context.Context, fn func(reader) error) error {
	if s := v.copy.Load(); s != nil {
		return s.read(fn)
	}
	err := v.memory.read(ctx, func(r reader) error {
		if s := v.copy.Load(); s != nil {
			return s.read(fn)
		}
		return fn(r)
	})
	if s := v.last(err); s != nil {
		return s.read(fn)
	}
	return err
}

// last returns the copy that close made for the view, if err is the error of a closed
// queue.
func (v *memoryView) last(err error) *snapshot {
	if !errors.Is(err, engine.ErrClosed) {
		return nil
	}
	<-v.memory.detached
	return v.copy.Load()
}

func (s *snapshot) read(fn func(reader) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fn(s.writer.tx.reader)
}

// detach makes the open views read a copy of the database. So the next write need not wait
// for them, and they do not see it.
func (m *memory) detach() error {
	if len(m.open) == 0 {
		return nil
	}
	w, err := m.clone()
	if err != nil {
		return err
	}
	s := &snapshot{writer: w, views: len(m.open)}
	for v := range m.open {
		v.copy.Store(s)
		delete(m.open, v)
	}
	return nil
}

// end ends the view. The last view of a copy closes the copy.
func (v *memoryView) end() error {
	s := v.copy.Load()
	if s == nil {
		err := v.memory.read(context.Background(), func(reader) error {
			delete(v.memory.open, v)
			s = v.copy.Load() // a write may have come first
			return nil
		})
		if last := v.last(err); last != nil {
			s, err = last, nil
		}
		if err != nil {
			return err
		}
	}
	if s == nil {
		return nil
	}
	return s.release()
}

// release is called by each view that ends, and the last one closes the copy.
func (s *snapshot) release() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.views--; s.views > 0 {
		return nil
	}
	return s.writer.close()
}

// close waits for the calls in progress. Open views go on with a copy, because the closed
// queue refuses their reads.
func (m *memory) close() error {
	if err := m.writer.queue.Close(); err != nil {
		return err
	}
	err := m.detach()
	close(m.detached)
	m.views.Wait()
	return errors.Join(err, m.writer.closeConn())
}

// clone copies the database to a new one in memory.
func (m *memory) clone() (*writer, error) {
	image, err := conn.Serialize(m.writer.conn.Conn)
	if err != nil {
		return nil, err
	}
	db, err := m.opts.opener.Guarded(conn.DSN(conn.Memory, conn.ReadWrite, 0))
	if err != nil {
		return nil, err
	}
	if err := conn.Deserialize(context.Background(), db, image); err != nil {
		return nil, errors.Join(err, conn.Translate(db.Close()))
	}
	w, err := newWriter(context.Background(), db)
	if err != nil {
		return nil, errors.Join(err, conn.Translate(db.Close()))
	}
	return w, nil
}
