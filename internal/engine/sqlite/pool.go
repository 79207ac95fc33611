package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/walindex"
)

// readConn is one connection that only reads, with its prepared statements. They
// are prepared on the connection itself, so that using one costs no look-up
// among the statements of other connections.
type readConn struct {
	*conn.Prepared
	reader reader
	begin  *sql.Stmt
	end    *sql.Stmt
	pin    *sql.Stmt
}

// pool lends read connections. Single statements share limit connections; a
// read transaction gets one beyond the limit, because its owner may well read
// from the store in the meantime and would else wait for itself.
type pool struct {
	db      *sql.DB
	permits chan struct{} // one is held for each single statement under way
	shim    func(context.Context, *sql.Conn) error

	// index, if not nil, is where align reads the header of its snapshot.
	index *walindex.Index
	// inTurn, if not nil, runs fn while this process's writers wait.
	inTurn func(ctx context.Context, fn func(tx) error) error

	mu     sync.Mutex
	idle   []*readConn
	lent   int
	closed bool
	back   chan struct{} // closed when the last lent connection is back
}

// newPool makes a pool on db. shim, if not nil, makes an older table look like
// the current one on each new connection, for reading only: the statements that
// write cannot be prepared there, so none are.
func newPool(db *sql.DB, limit int, shim func(context.Context, *sql.Conn) error) *pool {
	db.SetMaxIdleConns(-1) // the pool keeps the idle ones itself
	return &pool{db: db, permits: make(chan struct{}, limit), shim: shim, back: make(chan struct{})}
}

// get lends a connection for one statement; put takes it back.
func (p *pool) get(ctx context.Context) (*readConn, error) {
	select {
	case p.permits <- struct{}{}:
	default:
		select {
		case p.permits <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	c, err := p.take(ctx)
	if err != nil {
		<-p.permits
	}
	return c, err
}

func (p *pool) put(c *readConn) {
	p.keep(c)
	<-p.permits
}

// take returns an idle connection or opens one; keep takes it back, and closes
// it if there are enough.
func (p *pool) take(ctx context.Context) (*readConn, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, engine.ErrClosed
	}
	p.lent++
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1] // the last one used has the warmest page cache
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return c, nil
	}
	p.mu.Unlock()
	c, err := p.open(context.WithoutCancel(ctx))
	if err != nil {
		p.keep(nil)
	}
	return c, err
}

// keep takes back what take lent, or nil for what it could not lend. A connection
// counts as lent until it is closed or among the idle ones, which close closes.
func (p *pool) keep(c *readConn) {
	p.mu.Lock()
	if c != nil && !p.closed && len(p.idle) == cap(p.permits) {
		p.mu.Unlock()
		c.Close() // surplus, and nothing was written
		c = nil
		p.mu.Lock()
	}
	if c != nil {
		p.idle = append(p.idle, c)
	}
	p.lent--
	last := p.closed && p.lent == 0
	p.mu.Unlock()
	if last {
		close(p.back)
	}
}

func (p *pool) open(ctx context.Context) (_ *readConn, err error) {
	one, err := conn.NewPrepared(ctx, p.db)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			one.Close() // the first error counts
		}
	}()
	var q *sqlitegen.Queries
	if p.shim == nil {
		q, err = sqlitegen.Prepare(ctx, one)
	} else {
		q, err = sqlitegen.New(one), p.shim(ctx, one.Conn)
	}
	if err != nil {
		return nil, conn.Translate(err)
	}
	c := &readConn{Prepared: one}
	if c.reader, err = newReader(ctx, one, q); err != nil {
		return nil, err
	}
	return c, one.PrepareAll(ctx, map[**sql.Stmt]string{
		&c.begin: conn.SQLBeginRead, &c.end: conn.SQLRollback, &c.pin: conn.SQLSnapshot,
	})
}

// read runs one statement.
func (p *pool) read(ctx context.Context, fn func(reader) error) error {
	c, err := p.get(ctx)
	if err != nil {
		return err
	}
	defer p.put(c)
	return fn(c.reader)
}

// view implements [readers].
func (p *pool) view(ctx context.Context, fn func(engine.Reader) error) error {
	return p.snapshot(ctx, func(begin func() error) error { return begin() }, fn)
}

// align implements [readers]. The snapshot is taken in turn with the writers, so that
// no commit of this process is half way; what fn then reads keeps none of them waiting.
// If another process commits at that moment, at gets a header from before it.
func (p *pool) align(ctx context.Context, at func(walindex.Header), fn func(engine.Reader) error) error {
	return p.snapshot(ctx, func(begin func() error) error {
		aligned := func(tx) error {
			var h walindex.Header
			if p.index != nil {
				// Before the snapshot: what others commit from here on shows as
				// another header.
				h, _ = p.index.Load()
			}
			if err := begin(); err != nil {
				return err
			}
			at(h)
			return nil
		}
		if p.inTurn == nil {
			return aligned(tx{})
		}
		return p.inTurn(ctx, aligned)
	}, fn)
}

// snapshot runs fn on the snapshot that is taken when turn calls begin.
func (p *pool) snapshot(ctx context.Context, turn func(begin func() error) error, fn func(engine.Reader) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	c, err := p.take(ctx)
	if err != nil {
		return err
	}
	begun := false
	// Also when fn panics. There is nothing to lose in a read transaction, so
	// the error of ending it is worth reporting only where fn had none; but who
	// gets the connection next must not read this snapshot.
	defer func() {
		if begun {
			if _, endErr := c.end.Exec(); endErr != nil {
				c.Close() // it goes the way of a surplus one
				c = nil
				if err == nil {
					err = conn.Translate(endErr)
				}
			}
		}
		p.keep(c)
	}()
	if err := turn(func() error {
		if _, err := c.begin.Exec(); err != nil {
			return conn.Translate(err)
		}
		begun = true
		var n int64
		return conn.Translate(c.pin.QueryRow().Scan(&n))
	}); err != nil {
		return err
	}
	return fn(c.reader)
}

// close waits for the connections that are lent and closes all. Those who ask
// for one from now on get ErrClosed.
func (p *pool) close() error {
	p.mu.Lock()
	p.closed = true
	lent := p.lent
	p.mu.Unlock()
	if lent > 0 {
		<-p.back
	}
	var errs []error
	for _, c := range p.idle {
		errs = append(errs, c.Close())
	}
	return errors.Join(append(errs, p.db.Close())...)
}
