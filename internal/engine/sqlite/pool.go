package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"sync"

	"forge.lthn.ai/core/go-store/internal/dbgen/sqlitegen"
	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/walindex"
)

// readConn is a connection that only reads, with its prepared statements. They are
// prepared on the connection itself, so database/sql need not search for a statement.
type readConn struct {
	*conn.Prepared
	reader reader
	begin  *sql.Stmt
	end    *sql.Stmt
	pin    *sql.Stmt
}

// pool lends read connections. Single statements share a limited number of them. A read
// transaction gets a connection beyond the limit. Otherwise a single read inside it might
// wait for the transaction itself.
type pool struct {
	db      *sql.DB
	permits chan struct{} // one is held for each single statement in progress
	shim    func(context.Context, *sql.Conn) error

	// index, if not nil, has the header that align passes on.
	index *walindex.Index
	// inTurn, if not nil, runs fn while this process's writers wait.
	inTurn func(ctx context.Context, fn func(tx) error) error

	mu     sync.Mutex
	idle   []*readConn
	lent   int
	closed bool
	back   chan struct{} // closed when the last lent connection is returned
}

// maxReaders is the number of single statements that read at a time.
func maxReaders() int { return max(4, 2*runtime.GOMAXPROCS(0)) }

// newPool returns a pool on db. shim, if not nil, prepares each new connection to read an
// older schema through views. Statements that write cannot be prepared on views, so no
// generated statement is prepared in advance.
func newPool(db *sql.DB, limit int, shim func(context.Context, *sql.Conn) error) *pool {
	db.SetMaxIdleConns(-1) // the pool itself keeps idle connections
	return &pool{db: db, permits: make(chan struct{}, limit), shim: shim, back: make(chan struct{})}
}

// get lends a connection for one statement, and put returns it.
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

// take lends an idle connection or opens one. keep returns it to the pool.
func (p *pool) take(ctx context.Context) (*readConn, error) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil, engine.ErrClosed
	}
	p.lent++
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1] // the most recently used, with the warmest page cache
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

// keep returns a connection that take lent, or nil if there is none. A connection counts
// as lent until it is closed or idle, so that close closes them all.
func (p *pool) keep(c *readConn) {
	p.mu.Lock()
	if c != nil && !p.closed && len(p.idle) == cap(p.permits) {
		p.mu.Unlock()
		c.Close() // there are enough idle ones; it wrote nothing, so the error does not matter
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
			one.Close() // the first error is returned
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
	if err = one.PrepareAll(ctx, map[**sql.Stmt]string{
		&c.begin: conn.SQLBeginRead, &c.end: conn.SQLRollback, &c.pin: conn.SQLSnapshot,
	}); err != nil {
		return nil, err
	}
	return c, nil
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

// align implements [readers]. It takes the snapshot while this process's writers wait, so no
// commit of this process is in progress. fn runs afterwards and does not block them. If
// another process commits at that moment, at receives the header from before that commit.
func (p *pool) align(ctx context.Context, at func(walindex.Header), fn func(engine.Reader) error) error {
	return p.snapshot(ctx, func(begin func() error) error {
		aligned := func(tx) error {
			var h walindex.Header
			if p.index != nil {
				// Before the snapshot, so that a later commit of another process
				// shows as a different header.
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

// snapshot runs fn in a read transaction. turn calls begin, which takes the snapshot.
func (p *pool) snapshot(ctx context.Context, turn func(begin func() error) error, fn func(engine.Reader) error) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	c, err := p.take(ctx)
	if err != nil {
		return err
	}
	begun := false
	// Deferred, because fn may panic. A read transaction has nothing to lose, so the error
	// of ending it is returned only if fn had none. But the next user of the connection
	// must not read this snapshot.
	defer func() {
		if begun {
			if _, endErr := c.end.Exec(); endErr != nil {
				c.Close() // the transaction ends with the connection
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

// close waits for the lent connections and closes all connections. take then returns
// ErrClosed.
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
