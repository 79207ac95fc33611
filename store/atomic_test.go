package store_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

func TestIncrement(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place, _ *clock) {
		p.in(func(at store.Session) {
			g, text := store.NewGroup[int64](at, "g"), store.NewGroup[string](at, "g")
			wantNumber(t, 3)(store.Increment(background, g, "n", 3))
			wantNumber(t, -1)(store.Increment(background, g, "n", -4))
			for _, bad := range []string{"", "x", "1.5", `"1"`, "null", " null\n", "9223372036854775808", "1 2"} {
				ok(t, text.Set(background, "bad", bad))
				if n, err := store.Increment(background, g, "bad", 1); err == nil || n != 0 {
					t.Errorf("Increment of %q = %d, %v", bad, n, err)
				}
				if got, err := text.Get(background, "bad"); err != nil || got != bad {
					t.Errorf("%q became %q, %v", bad, got, err)
				}
			}
			for _, edge := range []struct{ n, by int64 }{{math.MaxInt64, 1}, {1, math.MaxInt64}, {math.MinInt64, -1}, {-1, math.MinInt64}} {
				ok(t, g.Set(background, "edge", edge.n))
				if n, err := store.Increment(background, g, "edge", edge.by); err == nil || n != 0 {
					t.Errorf("%d and %d = %d, %v", edge.n, edge.by, n, err)
				}
				wantNumber(t, edge.n)(g.Get(background, "edge"))
			}
			wantNumber(t, 0)(store.Increment(background, g, "n", 1))
			wantNumber(t, math.MaxInt64)(store.Increment(background, g, "n", math.MaxInt64))
			wantNumber(t, -1)(store.Increment(background, g, "n", math.MinInt64))
			ok(t, g.Expire(background, "n", time.Minute))
			wantNumber(t, 0)(store.Increment(background, g, "n", 1, store.KeepTTL()))
			if ttl, err := g.TTL(background, "n"); ttl != time.Minute || err != nil {
				t.Errorf("TTL = %v, %v", ttl, err)
			}
		})
	})
}

// picky is a codec that refuses some values, and panics at others.
type picky struct{}

var errPicky = errors.New("not this one")

func (picky) Marshal(v any) ([]byte, error) {
	if v == "bad" {
		return nil, errPicky
	}
	return []byte(v.(string)), nil
}

func (picky) Unmarshal(data []byte, v any) error {
	if string(data) == "panic" {
		panic("in the codec")
	}
	if string(data) == "undecodable" {
		return errPicky
	}
	*v.(*string) = string(data)
	return nil
}

// A verb that fails changes nothing, in a transaction that goes on too.
func TestFailedVerbsChangeNothing(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place, _ *clock) {
		p.in(func(at store.Session) {
			g := store.NewGroup[string](at, "g", store.WithCodec(picky{}))
			plain := store.NewGroup[string](at, "g")
			ok(t, plain.Set(background, "k", "v"))
			ok(t, plain.Set(background, "u", "undecodable"))
			ok(t, plain.Set(background, "p", "panic"))
			about := func(err, want error, key string) {
				t.Helper()
				var e *store.Error
				if !errors.Is(err, want) || !errors.As(err, &e) || e.Group != "g" || e.Key != key {
					t.Errorf("error is %v, want %v of g/%s", err, want, key)
				}
			}
			about(g.SetMany(background, map[string]string{"a": "1", "bad": "bad", "k": "2"}), errPicky, "bad")
			about(g.Set(background, "k", "bad"), errPicky, "k")
			about(g.Add(background, "new", "bad"), errPicky, "new")
			_, err := g.Get(background, "u")
			about(err, errPicky, "u")
			_, err = g.GetMany(background, "k", "u")
			about(err, errPicky, "u")
			_, err = g.Take(background, "u")
			about(err, errPicky, "u")
			_, err = g.Modify(background, "k", func(string, bool) (string, error) { return "lost", errFault })
			about(err, errFault, "k")
			_, err = g.Modify(background, "u", func(string, bool) (string, error) { t.Error("called"); return "", nil })
			about(err, errPicky, "u")
			for what, fn := range map[string]func(){
				"in the codec": func() { _, _ = g.Take(background, "p") },
				"in fn": func() {
					_, _ = g.Modify(background, "k", func(string, bool) (string, error) { panic("in fn") })
				},
			} {
				if got := panics(fn); got != what {
					t.Errorf("panicked with %v, want %s", got, what)
				}
			}
			about(plain.Add(background, "k", "x"), store.ErrExists, "k")
			_, err = plain.CompareAndSwap(background, "k", 1, "x")
			about(err, store.ErrConflict, "k")
			about(plain.CompareAndDelete(background, "k", 1), store.ErrConflict, "k")
			done, cancel := context.WithCancel(background)
			cancel()
			for _, err := range []error{
				plain.Set(done, "k", "x"), plain.SetMany(done, map[string]string{"k": "x"}), plain.Add(done, "new", "x"),
				plain.Persist(done, "k"), func() error { _, err := plain.Delete(done, "k"); return err }(),
				func() error { _, err := plain.Clear(done); return err }(),
			} {
				fails(t, err, context.Canceled)
			}
		})
		wantAll(t, p.store, p.group, map[string]string{"k": "v", "u": "undecodable", "p": "panic"})
	})
}

func panics(fn func()) (value any) {
	defer func() { value = recover() }()
	fn()
	return nil
}

// Each write makes a key's revision higher, whatever the clock does, and a new key
// does not begin again where the old one began.
func TestRevisionsGrow(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place, now *clock) {
		var last store.Revision
		grown := func(at store.Session, what string) {
			t.Helper()
			e, err := store.NewGroup[int64](at, "g").Entry(background, "k")
			if err != nil || e.Revision <= last {
				t.Errorf("after %s the revision is %d, %v; it was %d", what, e.Revision, err, last)
			}
			last = e.Revision
		}
		writes := map[string]func(g store.Group[int64]) error{
			"Set":     func(g store.Group[int64]) error { return g.Set(background, "k", 1) },
			"SetMany": func(g store.Group[int64]) error { return g.SetMany(background, map[string]int64{"k": 1}) },
			"CompareAndSwap": func(g store.Group[int64]) error {
				rev, err := g.CompareAndSwap(background, "k", last, 1)
				if rev <= last {
					return fmt.Errorf("CompareAndSwap = %d, not above %d", rev, last)
				}
				return err
			},
			"Expire":    func(g store.Group[int64]) error { return g.Expire(background, "k", 24*time.Hour) },
			"Persist":   func(g store.Group[int64]) error { return g.Persist(background, "k") },
			"Increment": func(g store.Group[int64]) error { _, err := store.Increment(background, g, "k", 1); return err },
		}
		p.in(func(at store.Session) {
			ok(t, store.NewGroup[int64](at, "g").Set(background, "k", 0))
			grown(at, "the first Set")
		})
		for _, move := range []time.Duration{0, -time.Hour, time.Microsecond} {
			now.advance(move)
			for what, write := range writes {
				p.in(func(at store.Session) {
					ok(t, write(store.NewGroup[int64](at, "g")))
					grown(at, what)
				})
			}
		}
		now.advance(2 * time.Hour)
		p.in(func(at store.Session) {
			g := store.NewGroup[int64](at, "g")
			wantNumber(t, 1)(g.Delete(background, "k"))
			ok(t, g.Add(background, "k", 1))
			grown(at, "delete and create")
		})
	})
}

// A program of the previous version knows nothing of revisions; its writes count.
func TestRevisionsGrowWithThePreviousVersion(t *testing.T) {
	t.Parallel()
	path := fixture(t, "legacy-ttl.db")
	s := open(t, path)
	g := store.NewGroup[string](s, "config")
	p := openPrevious(t, path)
	if err := p.Set("config", "old", "v"); err != nil {
		t.Fatal(err)
	}
	e, err := g.Entry(background, "old")
	if err != nil || e.Revision != 1 {
		t.Fatalf("Entry = %+v, %v; want revision 1", e, err)
	}
	rev, err := g.CompareAndSwap(background, "old", 1, "mine")
	ok(t, err)
	for range 3 {
		ok(t, p.Set("config", "old", "theirs"))
		if _, err := g.CompareAndSwap(background, "old", rev, "lost"); !errors.Is(err, store.ErrConflict) {
			t.Fatalf("CompareAndSwap over another's write: %v", err)
		}
		e, err := g.Entry(background, "old")
		if err != nil || e.Revision <= rev || e.Value != "theirs" {
			t.Fatalf("Entry = %+v, %v; it was %d", e, err, rev)
		}
		rev = e.Revision
	}
}
