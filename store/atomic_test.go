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
		p.run(t, "from nothing", func(t *testing.T, at store.Session) {
			g := store.NewGroup[int64](at, "g")
			wantNumber(t, 3)(store.Increment(background, g, "new", 3))
			wantNumber(t, -1)(store.Increment(background, g, "new", -4))
		})
		for _, bad := range []string{"", "x", "1.5", `"1"`, "null", " null\n", "9223372036854775808", "1 2"} {
			p.run(t, fmt.Sprintf("not an integer %q", bad), func(t *testing.T, at store.Session) {
				g, text := store.NewGroup[int64](at, "g"), store.NewGroup[string](at, "g")
				ok(t, text.Set(background, "bad", bad))
				if n, err := store.Increment(background, g, "bad", 1); err == nil || n != 0 {
					t.Errorf("Increment of %q = %d, %v", bad, n, err)
				}
				if got, err := text.Get(background, "bad"); err != nil || got != bad {
					t.Errorf("%q became %q, %v", bad, got, err)
				}
			})
		}
		for _, edge := range []struct{ n, by int64 }{{math.MaxInt64, 1}, {1, math.MaxInt64}, {math.MinInt64, -1}, {-1, math.MinInt64}} {
			p.run(t, fmt.Sprintf("overflow of %d by %d", edge.n, edge.by), func(t *testing.T, at store.Session) {
				g := store.NewGroup[int64](at, "g")
				ok(t, g.Set(background, "edge", edge.n))
				if n, err := store.Increment(background, g, "edge", edge.by); err == nil || n != 0 {
					t.Errorf("%d and %d = %d, %v", edge.n, edge.by, n, err)
				}
				wantNumber(t, edge.n)(g.Get(background, "edge"))
			})
		}
		p.run(t, "up to the edges", func(t *testing.T, at store.Session) {
			g := store.NewGroup[int64](at, "g")
			ok(t, g.Set(background, "n", 0))
			wantNumber(t, math.MaxInt64)(store.Increment(background, g, "n", math.MaxInt64))
			wantNumber(t, -1)(store.Increment(background, g, "n", math.MinInt64))
		})
		p.run(t, "KeepTTL", func(t *testing.T, at store.Session) {
			g := store.NewGroup[int64](at, "g")
			ok(t, g.Set(background, "window", -1))
			ok(t, g.Expire(background, "window", time.Minute))
			wantNumber(t, 0)(store.Increment(background, g, "window", 1, store.KeepTTL()))
			if ttl, err := g.TTL(background, "window"); ttl != time.Minute || err != nil {
				t.Errorf("TTL = %v, %v", ttl, err)
			}
		})
	})
}

// picky is a codec that refuses some values and panics at one.
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

// A verb that fails changes nothing, and a transaction that it fails in can continue.
func TestFailedVerbsChangeNothing(t *testing.T) {
	t.Parallel()
	type group = store.Group[string]
	// g has the picky codec and plain has none.
	failures := []struct {
		name string
		want error
		key  string // that the error names
		do   func(t *testing.T, g, plain group) error
	}{
		{"SetMany, a bad value", errPicky, "bad", func(_ *testing.T, g, _ group) error {
			return g.SetMany(background, map[string]string{"a": "1", "bad": "bad", "k": "2"})
		}},
		{"Set, a bad value", errPicky, "k", func(_ *testing.T, g, _ group) error { return g.Set(background, "k", "bad") }},
		{"Add, a bad value", errPicky, "new", func(_ *testing.T, g, _ group) error { return g.Add(background, "new", "bad") }},
		{"Get, undecodable", errPicky, "u", func(_ *testing.T, g, _ group) error {
			_, err := g.Get(background, "u")
			return err
		}},
		{"GetMany, undecodable", errPicky, "u", func(_ *testing.T, g, _ group) error {
			_, err := g.GetMany(background, "k", "u")
			return err
		}},
		{"Take, undecodable", errPicky, "u", func(_ *testing.T, g, _ group) error {
			_, err := g.Take(background, "u")
			return err
		}},
		{"Modify, undecodable", errPicky, "u", func(t *testing.T, g, _ group) error {
			_, err := g.Modify(background, "u", func(string, bool) (string, error) { t.Error("called"); return "", nil })
			return err
		}},
		{"Modify, an error of fn", errFault, "k", func(_ *testing.T, g, _ group) error {
			_, err := g.Modify(background, "k", func(string, bool) (string, error) { return "lost", errFault })
			return err
		}},
		{"Add, the key exists", store.ErrExists, "k", func(_ *testing.T, _, plain group) error { return plain.Add(background, "k", "x") }},
		{"CompareAndSwap, another revision", store.ErrConflict, "k", func(_ *testing.T, _, plain group) error {
			_, err := plain.CompareAndSwap(background, "k", 1, "x")
			return err
		}},
		{"CompareAndDelete, another revision", store.ErrConflict, "k", func(_ *testing.T, _, plain group) error {
			return plain.CompareAndDelete(background, "k", 1)
		}},
	}
	panicking := map[string]func(g group){
		"in the codec": func(g group) { _, _ = g.Take(background, "p") },
		"in fn": func(g group) {
			_, _ = g.Modify(background, "k", func(string, bool) (string, error) { panic("in fn") })
		},
	}
	canceled := map[string]func(ctx context.Context, plain group) error{
		"Set":     func(ctx context.Context, plain group) error { return plain.Set(ctx, "k", "x") },
		"SetMany": func(ctx context.Context, plain group) error { return plain.SetMany(ctx, map[string]string{"k": "x"}) },
		"Add":     func(ctx context.Context, plain group) error { return plain.Add(ctx, "new", "x") },
		"Persist": func(ctx context.Context, plain group) error { return plain.Persist(ctx, "k") },
		"Delete":  func(ctx context.Context, plain group) error { _, err := plain.Delete(ctx, "k"); return err },
		"Clear":   func(ctx context.Context, plain group) error { _, err := plain.Clear(ctx); return err },
	}
	onEachPlace(t, func(t *testing.T, p place, _ *clock) {
		before := map[string]string{"k": "v", "u": "undecodable", "p": "panic"}
		p.in(func(at store.Session) { ok(t, store.NewGroup[string](at, "g").SetMany(background, before)) })
		failing := func(name string, test func(t *testing.T, g, plain group)) {
			p.run(t, name, func(t *testing.T, at store.Session) {
				test(t, store.NewGroup[string](at, "g", store.WithCodec(picky{})), store.NewGroup[string](at, "g"))
			})
			wantAll(t, p.store, p.group, before)
		}
		for _, f := range failures {
			failing(f.name, func(t *testing.T, g, plain group) {
				err := f.do(t, g, plain)
				var e *store.Error
				if !errors.Is(err, f.want) || !errors.As(err, &e) || e.Group != "g" || e.Key != f.key {
					t.Errorf("error is %v, want %v of g/%s", err, f.want, f.key)
				}
			})
		}
		for what, fn := range panicking {
			failing("panic "+what, func(t *testing.T, g, _ group) {
				if got := panics(func() { fn(g) }); got != what {
					t.Errorf("panicked with %v, want %s", got, what)
				}
			})
		}
		for verb, fn := range canceled {
			failing(verb+", a canceled context", func(t *testing.T, _, plain group) {
				ctx, cancel := context.WithCancel(background)
				cancel()
				fails(t, fn(ctx, plain), context.Canceled)
			})
		}
	})
}

func panics(fn func()) (value any) {
	defer func() { value = recover() }()
	fn()
	return nil
}

// Each write raises the revision of a key, whatever the clock does, and a new key gets a
// higher revision than a deleted one of its name.
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

// A program of a release without revisions does not write them, yet its writes raise
// them.
func TestRevisionsGrowWithThePreviousRelease(t *testing.T) {
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
