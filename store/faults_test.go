package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sync/atomic"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

var errFault = errors.New("a fault made by the test")

// Every operation is run with a fault in its first call of the engine, then in its second,
// and so on until it succeeds without reaching the fault. Each time its error names the
// operation and wraps the fault, and the store works afterwards.
func TestFaultsInEveryCall(t *testing.T) {
	t.Parallel()
	const group, key = "g", "k"
	for i, op := range verbs(open(t, ":memory:"), group, key) {
		t.Run(op.op, func(t *testing.T) {
			t.Parallel()
			for n := range 100 {
				if !faultInCall(t, i, n) {
					if n == 0 {
						t.Error("there was no call to fail")
					}
					return
				}
			}
			t.Fatal("there are always more calls to fail")
		})
	}
}

// faultInCall runs an operation whose n-th call of the engine fails, and reports whether
// the operation made that call.
func faultInCall(t *testing.T, operation, n int) (met bool) {
	t.Helper()
	var armed atomic.Bool
	var calls atomic.Int64
	now := newClock()
	s, _ := openHooked(t, ":memory:", func(_ context.Context, _ string, _ any) error {
		if armed.Load() && calls.Add(1) == int64(n)+1 {
			return errFault
		}
		return nil
	}, now.option(), store.WithPurgeInterval(0))
	// The keys fill two pages of an iteration and two batches of a purge.
	for i := range 30 {
		set(t, s, "g", fmt.Sprint("k", i), "v")
		set(t, s, fmt.Sprint("g", i), "k", "v")
	}
	set(t, s, "g", "k", "v")
	fill(t, s, "old", 300, time.Second)
	now.advance(time.Second)
	op := verbs(s, "g", "k")[operation]
	before := all(t, s)

	armed.Store(true)
	err := op.do()
	armed.Store(false)

	if calls.Load() <= int64(n) {
		if err != nil {
			t.Fatalf("%s failed without a fault: %v", op.op, err)
		}
		return false
	}
	var e *store.Error
	if !errors.Is(err, errFault) || !errors.As(err, &e) || e.Op != op.op || e.Group != op.group || e.Key != op.key {
		t.Errorf("call %d: %#v, want a *store.Error of %s that wraps the fault", n, err, op.op)
	}
	if after := all(t, s); !maps.EqualFunc(before, after, maps.Equal) {
		t.Errorf("call %d: what can be read has changed", n)
	}
	// The same operation succeeds without the fault.
	if err := op.do(); err != nil {
		t.Errorf("after the fault: %v", err)
	}
	return true
}

// all reads the whole store.
func all(t *testing.T, s *store.Store) map[string]map[string]string {
	t.Helper()
	state := map[string]map[string]string{}
	for g, err := range s.Groups(background) {
		if err != nil {
			t.Fatal(err)
		}
		keys, err := s.GetAll(g.Name)
		if err != nil {
			t.Fatal(err)
		}
		state[g.Name] = keys
	}
	return state
}

// A purge that fails halfway returns the number of rows that it has removed.
func TestFaultInAPurge(t *testing.T) {
	t.Parallel()
	now := newClock()
	path := newPath(t)
	batches := 0
	s, _ := openHooked(t, path, func(_ context.Context, method string, _ any) error {
		if method == "PurgeExpired" {
			if batches++; batches == 3 {
				return errFault
			}
		}
		return nil
	}, now.option(), store.WithPurgeInterval(0), store.WithDurability(store.Normal))
	const expired = 3000
	fill(t, s, "old", expired, time.Second)
	now.advance(time.Second)
	n, err := s.PurgeExpired()
	if !errors.Is(err, errFault) || n <= 0 || n >= expired {
		t.Fatalf("PurgeExpired = %d, %v", n, err)
	}
	if left := number(t, raw(t, path), "SELECT COUNT(*) FROM kv"); left != expired-n {
		t.Errorf("%d rows are left of %d, and %d were said to be removed", left, expired, n)
	}
	more, err := s.PurgeExpired()
	if err != nil || more != expired-n {
		t.Errorf("PurgeExpired = %d, %v; want the other %d", more, err, expired-n)
	}
}

func TestFaultInClose(t *testing.T) {
	t.Parallel()
	s, _ := openHooked(t, newPath(t), func(_ context.Context, method string, _ any) error {
		if method == "Close" {
			return errFault
		}
		return nil
	})
	for range 2 { // a later call returns the same
		err := s.Close()
		var e *store.Error
		if !errors.Is(err, errFault) || !errors.As(err, &e) || e.Op != "Close" {
			t.Errorf("Close: %v", err)
		}
	}
}
