package store_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/storetest"
	"forge.lthn.ai/core/go-store/internal/testprocess"
	"forge.lthn.ai/core/go-store/store"
)

// While another process keeps the file locked, writes return ErrBusy after the busy
// timeout, and reads succeed. When the lock is gone, writes succeed again.
func TestBusy(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	patient := open(t, path, store.WithPurgeInterval(0))
	set(t, patient, "g", "k", "before")
	p := testprocess.Start(t, "hold the lock", path)
	holding := bufio.NewReader(p.Out)
	if line, err := holding.ReadString('\n'); err != nil {
		t.Fatalf("the process said %q: %v\n%s", line, err, &p.Errors)
	}

	// A store can be opened while another process holds the lock.
	for _, timeout := range []time.Duration{0, time.Millisecond, 50 * time.Millisecond} {
		s := open(t, path, store.WithBusyTimeout(timeout), store.WithPurgeInterval(0))
		began := time.Now()
		_, purge := s.PurgeExpired()
		for verb, err := range map[string]error{
			"Set":          s.Set("g", "k", "new"),
			"SetWithTTL":   s.SetWithTTL("g", "k", "new", time.Hour),
			"Delete":       s.Delete("g", "k"),
			"DeleteGroup":  s.DeleteGroup("g"),
			"PurgeExpired": purge,
			"Compact":      s.Compact(background),
		} {
			var e *store.Error
			if !errors.Is(err, store.ErrBusy) || !errors.As(err, &e) || e.Op != verb {
				t.Errorf("%s: %v, want ErrBusy", verb, err)
			}
		}
		if took := time.Since(began); took < 6*timeout {
			t.Errorf("gave up after %v of six times %v", took, timeout)
		}
		wantValue(t, s, "g", "k", "before")
		wantAll(t, s, "g", map[string]string{"k": "before"})
	}

	// A waiting write succeeds when the other process releases the lock.
	written := make(chan error, 1)
	go func() { written <- patient.Set("g", "k", "after") }()
	if err := p.In.Close(); err != nil {
		t.Fatal(err)
	}
	if err := receive(t, "the lock is free, and Set returns", written); err != nil {
		t.Fatal(err)
	}
	p.Finish(t)
	wantValue(t, patient, "g", "k", "after")
}

// holdLock locks the file for writing until its standard input ends.
func holdLock(args []string) (err error) {
	db, err := storetest.OpenRaw(args[0])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.Exec("BEGIN IMMEDIATE; UPDATE kv SET value = 'not committed'"); err != nil {
		return err
	}
	fmt.Println("locked")
	if _, err := io.ReadAll(os.Stdin); err != nil {
		return err
	}
	_, err = db.Exec("ROLLBACK")
	return err
}

// The longest timeouts do not overflow and become none.
func TestLongBusyTimeouts(t *testing.T) {
	t.Parallel()
	for _, timeout := range []time.Duration{time.Hour, 30 * 24 * time.Hour, 1<<63 - 1} {
		t.Run(timeout.String(), func(t *testing.T) {
			t.Parallel()
			path := newPath(t)
			s := open(t, path, store.WithBusyTimeout(timeout))
			db := raw(t, path)
			execute(t, db, "BEGIN IMMEDIATE")
			written := make(chan error, 1)
			go func() { written <- s.Set("g", "k", "v") }()
			// A store that does not wait fails while these queries run.
			for range 3000 {
				number(t, db, "SELECT COUNT(*) FROM kv")
				select {
				case err := <-written:
					t.Fatalf("Set did not wait: %v", err)
				default:
				}
			}
			execute(t, db, "ROLLBACK")
			if err := receive(t, "the lock is free, and Set returns", written); err != nil {
				t.Fatal(err)
			}
		})
	}
}
