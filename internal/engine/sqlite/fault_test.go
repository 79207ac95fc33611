package sqlite

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	codes "modernc.org/sqlite/lib"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// faults are the ways in which a statement can fail.
var faults = map[string]struct {
	err     error
	undoes  bool // SQLite has rolled back the whole transaction
	lasting bool // every later statement fails too
}{
	"statement":      {err: errFault},
	"disk full":      {err: driverError(codes.SQLITE_FULL), undoes: true},
	"I/O error":      {err: driverError(codes.SQLITE_IOERR_WRITE)},
	"never recovers": {err: driverError(codes.SQLITE_IOERR_FSYNC), lasting: true},
}

// failAt makes the n-th statement from now on fail, counted from 0. heal ends the fault and
// reports whether that statement was reached.
func (tp *tap) failAt(fault string, n int64) (heal func() bool) {
	f := faults[fault]
	var done atomic.Int64
	hook := func(c *tapConn, _ action, _ string) error {
		i := done.Add(1) - 1
		if i != n && (i < n || !f.lasting) {
			return nil
		}
		if f.undoes {
			_, _ = c.Conn.ExecContext(context.Background(), conn.SQLRollback, nil)
		}
		return f.err
	}
	tp.hook.Store(&hook)
	return func() bool {
		tp.hook.Store(nil)
		return done.Load() > n
	}
}

// allFaults are the names of faults.
var allFaults = slices.Sorted(maps.Keys(faults))

// eachFault runs test with a fault at statement 0, 1, 2, … until test reports that the
// statement was not reached. The kinds of fault alternate to save runs: every statement
// fails in one way, and every kind occurs at all stages.
func eachFault(t *testing.T, kinds []string, test func(t *testing.T, fault string, n int64) (hit bool)) {
	stride := int64(len(kinds))
	if testing.Short() {
		stride = 11
	}
	for i, fault := range kinds {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			n := int64(i)
			for ; test(t, fault, n); n += stride {
				if t.Failed() {
					t.Fatalf("at statement %d", n)
				}
			}
			if n < 3 {
				t.Errorf("only %d statements were run", n)
			}
		})
	}
}

func TestFaultsWhileOpening(t *testing.T) {
	t.Parallel()
	var files [2]string
	for i, table := range []string{preTTLTable, ttlTable} {
		data, err := os.ReadFile(build(t, table, "INSERT INTO kv (grp, key, value) VALUES ('g', 'k', 'v')"))
		if err != nil {
			t.Fatal(err)
		}
		files[i] = string(data)
	}
	eachFault(t, []string{"disk full", "never recovers"}, func(t *testing.T, fault string, n int64) bool {
		path := filepath.Join(t.TempDir(), "old.db")
		if err := os.WriteFile(path, []byte(files[n%2]), 0o600); err != nil {
			t.Fatal(err)
		}
		before := folder(t, path)
		check := func() {
			t.Helper()
			e := start(t, path, options())
			if v := get(t, e, "g", "k"); v != "v" {
				t.Errorf("value is %q", v)
			}
			stop(t, e)
		}
		var tp tap
		opts := tp.on(options())
		heal := tp.failAt(fault, n)
		e, err := Open(t.Context(), path, opts)
		hit := heal()
		if err == nil {
			stop(t, e)
		} else {
			if !errors.Is(err, faults[fault].err) {
				t.Errorf("the error does not wrap the fault: %v", err)
			}
			if left := len(tp.open()); left != 0 {
				t.Errorf("%d connections are left open", left)
			}
		}
		// If a connection is left open, the WAL is not removed.
		if got := list(t, filepath.Dir(path)); len(got) != 1 {
			t.Errorf("the folder holds %q", got)
		}
		// The file is upgraded completely or not at all.
		if after := folder(t, path); !maps.Equal(before, after) {
			current(t, path, "goose_db_version")
		}
		check()
		return hit
	})
}

// step is one write of a test, and its effect if it succeeds.
type step struct {
	write func(ctx context.Context, e *Engine) error
	apply func(rows map[string]string)
}

func setStep(key, value string) step {
	return step{
		func(ctx context.Context, e *Engine) error {
			return e.Set(ctx, engine.SetParams{Grp: "g", Key: key, Value: value})
		},
		func(rows map[string]string) { rows[key] = value },
	}
}

var errStop = errors.New("stop")

func steps() []step {
	put := func(tx engine.Tx, key, value string) error {
		return tx.Set(context.Background(), engine.SetParams{Grp: "g", Key: key, Value: value})
	}
	del := func(w engine.Writer, key string) error {
		_, err := w.Delete(context.Background(), engine.DeleteParams{Grp: "g", Key: key})
		return err
	}
	return []step{
		setStep("a", "1"),
		setStep("b", "1"),
		{func(ctx context.Context, e *Engine) error {
			return e.Update(ctx, func(tx engine.Tx) error {
				return errors.Join(put(tx, "c", "2"), put(tx, "d", "2"), del(tx, "a"))
			})
		}, func(rows map[string]string) { rows["c"], rows["d"] = "2", "2"; delete(rows, "a") }},
		{func(ctx context.Context, e *Engine) error {
			err := e.Update(ctx, func(tx engine.Tx) error {
				return errors.Join(put(tx, "b", "undone"), put(tx, "x", "undone"), errStop)
			})
			if err == nil {
				return errors.New("an Update swallowed its error")
			}
			return err
		}, nil},
		{func(ctx context.Context, e *Engine) error {
			return e.Apply(ctx, func(tx engine.Tx) error {
				err := tx.Nested(ctx, func() error { return errors.Join(put(tx, "x", "undone"), errStop) })
				if !errors.Is(err, errStop) {
					return err // the transaction has failed
				}
				return tx.Nested(ctx, func() error { return put(tx, "y", "2") })
			})
		}, func(rows map[string]string) { rows["y"] = "2" }},
		setStep("b", "3"),
		{func(_ context.Context, e *Engine) error { return del(e, "d") }, func(rows map[string]string) { delete(rows, "d") }},
		{func(ctx context.Context, e *Engine) error {
			return e.Set(ctx, engine.SetParams{Grp: "g", Key: "c", Value: "expires", ExpiresAt: engine.ExpireAt(5)})
		}, func(rows map[string]string) { rows["c"] = "expires" }},
		{func(ctx context.Context, e *Engine) error {
			_, err := e.PurgeExpired(ctx, engine.PurgeExpiredParams{Now: 5, MaxRows: 9})
			return err
		}, func(rows map[string]string) {
			if rows["c"] == "expires" {
				delete(rows, "c")
			}
		}},
		setStep("a", "4"),
	}
}

// rowsOf returns the rows of group g, and checks that Get and GetAll return the same.
func rowsOf(t *testing.T, e engine.Reader) map[string]string {
	t.Helper()
	rows, err := e.GetAll(t.Context(), engine.GetAllParams{Grp: "g"})
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"a", "b", "c", "d", "x", "y"} {
		row, err := e.Get(t.Context(), engine.GetParams{Grp: "g", Key: key})
		if v, ok := rows[key]; ok != (err == nil) || row.Value != v {
			t.Errorf("Get of %s returns %q, %v, but GetAll has %q, %t", key, row.Value, err, v, ok)
		}
	}
	return rows
}

// TestFaultsWhileWriting checks that a write that returned nil is in the file, and that one
// that returned an error is not.
func TestFaultsWhileWriting(t *testing.T) {
	t.Parallel()
	for _, memory := range []bool{false, true} {
		eachFault(t, allFaults, func(t *testing.T, fault string, n int64) bool {
			path := filepath.Join(t.TempDir(), "kv.db")
			if memory {
				path = conn.Memory
			}
			var tp tap
			opts := tp.on(options())
			opts.CacheBytes = 1 << 20
			e := start(t, path, opts)
			heal := tp.failAt(fault, n)
			want := map[string]string{}
			for i, s := range steps() {
				ctx := context.Background()
				if i%2 == 0 {
					ctx = t.Context() // one that can be cancelled
				}
				if s.write(ctx, e) == nil {
					s.apply(want)
				}
			}
			hit := heal()
			check := func(when string) {
				t.Helper()
				if got := rowsOf(t, e); !maps.Equal(got, want) {
					t.Errorf("%s: rows are %v, want %v", when, got, want)
				}
			}
			check("after the fault")
			// Later writes must succeed.
			set(t, e, "g", "a", "healed")
			want["a"] = "healed"
			check("after the next write")
			stop(t, e)
			if !memory {
				e = start(t, path, options())
				check("after opening again")
				stop(t, e)
			}
			return hit
		})
	}
}

// waiting returns when n writes wait in the queue.
func waiting(w *writer, n int) {
	for w.queue.Waiting() != n {
		runtime.Gosched()
	}
}

// batch runs the writes of fns as one batch, in their order. Each fn is called on a goroutine
// of its own, inside a transaction that writes nothing. begin is called at the end of that
// transaction.
func batch(t *testing.T, e *Engine, begin func(), fns ...func() error) []error {
	t.Helper()
	errs := make([]error, len(fns))
	var all sync.WaitGroup
	if err := e.Update(t.Context(), func(engine.Tx) error {
		for i, fn := range fns {
			all.Go(func() { errs[i] = fn() })
			waiting(e.writer, i+1)
		}
		begin()
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	all.Wait()
	return errs
}

// TestFaultsInBatch has several writes share a transaction that fails.
func TestFaultsInBatch(t *testing.T) {
	t.Parallel()
	eachFault(t, allFaults, func(t *testing.T, fault string, n int64) bool {
		path := filepath.Join(t.TempDir(), "kv.db")
		var tp tap
		opts := tp.on(options())
		opts.CacheBytes = 1 << 20
		e := start(t, path, opts)
		set(t, e, "g", "d", "old")
		var writes []func() error
		for _, key := range []string{"a", "b", "c"} {
			writes = append(writes, func() error {
				return e.Set(context.Background(), engine.SetParams{Grp: "g", Key: key, Value: "new"})
			})
		}
		writes = append(writes, func() error {
			n, err := e.Delete(context.Background(), engine.DeleteParams{Grp: "g", Key: "d"})
			if (n == 1) != (err == nil) {
				t.Errorf("a Delete returned %d, %v", n, err)
			}
			return err
		}, func() error {
			ctx := context.Background()
			return e.Apply(ctx, func(tx engine.Tx) error {
				return errors.Join(
					tx.Set(ctx, engine.SetParams{Grp: "g", Key: "x", Value: "new"}),
					tx.Set(ctx, engine.SetParams{Grp: "g", Key: "y", Value: "new"}))
			})
		})
		// One statement more: the COMMIT of the transaction that they wait for.
		var heal func() bool
		errs := batch(t, e, func() { heal = tp.failAt(fault, n+1) }, writes...)
		hit := heal()
		want := map[string]string{"d": "old"}
		for i, err := range errs {
			if err != nil {
				continue
			}
			switch i {
			case 3:
				delete(want, "d")
			case 4:
				want["x"], want["y"] = "new", "new"
			default:
				want[string(rune('a'+i))] = "new"
			}
		}
		if got := rowsOf(t, e); !maps.Equal(got, want) {
			t.Errorf("rows are %v, want %v (%v)", got, want, errs)
		}
		set(t, e, "g", "a", "healed")
		want["a"] = "healed"
		stop(t, e)
		e = start(t, path, options())
		if got := rowsOf(t, e); !maps.Equal(got, want) {
			t.Errorf("after opening again, rows are %v, want %v (%v)", got, want, errs)
		}
		stop(t, e)
		return hit
	})
}
