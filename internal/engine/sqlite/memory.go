package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// openMemory opens a private database in memory. It has one connection, and
// reads queue for it beside writes.
func openMemory(ctx context.Context, opts Options) (*Engine, error) {
	opts.ManualMigrations = false // nobody else could run them
	name := dsn(memoryPath, readWrite, opts.BusyTimeout, writerPragmas(opts)...)
	w, err := openWriter(ctx, name, opts)
	if err != nil {
		return nil, err
	}
	m := &memory{opts: opts, writer: w, open: map[*memoryView]struct{}{}}
	w.beforeWrite = m.detach
	e := &Engine{statements: statements{m}, readers: m, writer: w}
	if opts.ReadOnly {
		e.writer = nil
	}
	return e, nil
}

// memory reads the one connection of a database in memory.
type memory struct {
	opts   Options
	writer *writer
	// open are the views that still read the shared connection. The queue
	// guards it: only the goroutine whose turn it is touches it.
	open map[*memoryView]struct{}
}

// memoryView is one read transaction. It reads the shared connection until
// someone writes, and from then on a copy made just before.
type memoryView struct {
	memory *memory
	copy   *snapshot // nil: the shared connection
}

// snapshot is a copy of the database, shared by the views open when it was made.
type snapshot struct {
	writer *writer
	views  int
}

func (m *memory) read(ctx context.Context, fn func(reader) error) error {
	return m.writer.do(ctx, &unit{ctx: ctx, kind: query, fn: func(t tx) error { return fn(t.reader) }})
}

func (m *memory) view(ctx context.Context, fn func(engine.Reader) error) (err error) {
	v := &memoryView{memory: m}
	if err := m.read(ctx, func(reader) error {
		m.open[v] = struct{}{}
		return nil
	}); err != nil {
		return err
	}
	defer func() {
		endErr := m.read(context.WithoutCancel(ctx), func(reader) error { return v.end() })
		if err == nil {
			err = endErr
		}
	}()
	return fn(statements{v})
}

// read runs one statement of the view.
func (v *memoryView) read(ctx context.Context, fn func(reader) error) error {
	return v.memory.read(ctx, func(r reader) error {
		if v.copy != nil {
			r = v.copy.writer.tx.reader
		}
		return fn(r)
	})
}

// detach gives the views under way a copy of the database as it is, so that the
// write that comes next does not wait for them, nor show in them.
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
		v.copy = s
		delete(m.open, v)
	}
	return nil
}

// end forgets the view, and its copy with the last view that reads it.
func (v *memoryView) end() error {
	delete(v.memory.open, v)
	if v.copy == nil {
		return nil
	}
	if v.copy.views--; v.copy.views > 0 {
		return nil
	}
	return translate(v.copy.writer.close())
}

// serializer is what the driver's connection offers beyond database/sql.
type serializer interface {
	Serialize() ([]byte, error)
	Deserialize([]byte) error
}

// clone copies the database into a new one in memory.
func (m *memory) clone() (*writer, error) {
	var image []byte
	err := rawConn(m.writer.conn, func(s serializer) (err error) {
		image, err = s.Serialize()
		return err
	})
	if err != nil {
		return nil, translate(err)
	}
	db, err := m.opts.openNested(dsn(memoryPath, readWrite, 0))
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(context.Background())
	if err != nil {
		return nil, translate(errors.Join(err, db.Close()))
	}
	err = rawConn(conn, func(s serializer) error { return s.Deserialize(image) })
	err = errors.Join(err, conn.Close()) // back to the pool
	if err != nil {
		return nil, translate(errors.Join(err, db.Close()))
	}
	return newWriter(context.Background(), db)
}

// rawConn hands fn the driver's connection below conn.
func rawConn(conn *sql.Conn, fn func(serializer) error) error {
	return conn.Raw(func(c any) error {
		return fn(c.(nestedConn).fullConn.(serializer))
	})
}

func (m *memory) close() error { return m.writer.close() }
