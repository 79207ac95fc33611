package store_test

import (
	"errors"
	"maps"
	"reflect"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

// Every verb that returns a value returns it as it was written, whatever its type.
func TestGroupTypes(t *testing.T) {
	t.Parallel()
	onEachPlace(t, func(t *testing.T, p place, _ *clock) {
		roundTrip(t, p, "", "a\x00b\xff")
		roundTrip(t, p, []byte{}, []byte{0, 0xff})
		roundTrip(t, p, user{}, user{"Ada", 36})
		roundTrip(t, p, int64(-1), int64(1)<<62)
		roundTrip(t, p, []string{"a"}, nil)
		roundTrip(t, p, "A", "B", store.WithCodec(upper{}))
	})
}

func roundTrip[V any](t *testing.T, p place, a, b V, opts ...store.GroupOption) {
	t.Helper()
	p.in(func(at store.Session) {
		g := store.NewGroup[V](at, "g", opts...)
		want := func(verb string, want V) func(V, error) {
			return func(got V, err error) {
				t.Helper()
				if err != nil || !reflect.DeepEqual(got, want) {
					t.Errorf("%s of %T = %v, %v; want %v", verb, want, got, err, want)
				}
			}
		}
		ok(t, g.Set(background, "a", a))
		want("Get", a)(g.Get(background, "a"))
		ok(t, g.Add(background, "b", b))
		want("Get", b)(g.Get(background, "b"))
		many, err := g.GetMany(background, "a", "b", "none")
		if err != nil || !reflect.DeepEqual(many, map[string]V{"a": a, "b": b}) {
			t.Errorf("GetMany = %v, %v", many, err)
		}
		want("Modify", b)(g.Modify(background, "a", func(old V, found bool) (V, error) {
			if !found || !reflect.DeepEqual(old, a) {
				t.Errorf("Modify was given %v, %v; want %v", old, found, a)
			}
			return b, nil
		}))
		want("GetAndTouch", b)(g.GetAndTouch(background, "a", time.Hour))
		e, err := g.Entry(background, "a")
		want("Entry", b)(e.Value, err)
		rev, err := g.CompareAndSwap(background, "a", e.Revision, a)
		if err != nil || rev <= e.Revision {
			t.Errorf("CompareAndSwap = %d, %v; want above %d", rev, err, e.Revision)
		}
		all := map[string]V{}
		for e, err := range g.All(background) {
			ok(t, err)
			all[e.Key] = e.Value
		}
		if !reflect.DeepEqual(all, map[string]V{"a": a, "b": b}) {
			t.Errorf("All = %v", all)
		}
		want("Take", a)(g.Take(background, "a"))
		ok(t, g.SetMany(background, map[string]V{"c": a, "d": b}))
		want("Get", b)(g.Get(background, "d"))
		wantNumber(t, 3)(g.Count(background))
		wantNumber(t, 1)(g.Delete(background, "b", "b", "none"))
		wantNumber(t, 2)(g.Clear(background))
		wantNumber(t, 0)(g.Count(background))
	})
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func fails(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error is %v, want %v", err, want)
	}
}

func wantNumber(t *testing.T, want int64) func(int64, error) {
	t.Helper()
	return func(got int64, err error) {
		t.Helper()
		if err != nil || got != want {
			t.Errorf("got %d, %v; want %d", got, err, want)
		}
	}
}

// A row that has expired and is still in the file is absent for every verb.
func TestExpiredIsAbsent(t *testing.T) {
	t.Parallel()
	verbs := map[string]func(t *testing.T, g store.Group[int64], old store.Revision){
		"Get":     func(t *testing.T, g store.Group[int64], _ store.Revision) { notFound(t)(g.Get(background, "k")) },
		"Take":    func(t *testing.T, g store.Group[int64], _ store.Revision) { notFound(t)(g.Take(background, "k")) },
		"Persist": func(t *testing.T, g store.Group[int64], _ store.Revision) { notFound(t)(0, g.Persist(background, "k")) },
		"Expire": func(t *testing.T, g store.Group[int64], _ store.Revision) {
			notFound(t)(0, g.Expire(background, "k", time.Hour))
		},
		"TTL": func(t *testing.T, g store.Group[int64], _ store.Revision) {
			_, err := g.TTL(background, "k")
			fails(t, err, store.ErrNotFound)
		},
		"GetAndTouch": func(t *testing.T, g store.Group[int64], _ store.Revision) {
			notFound(t)(g.GetAndTouch(background, "k", time.Hour))
		},
		"GetMany": func(t *testing.T, g store.Group[int64], _ store.Revision) {
			if all, err := g.GetMany(background, "k"); err != nil || all == nil || len(all) > 0 {
				t.Errorf("GetMany = %v, %v", all, err)
			}
		},
		"Delete": func(t *testing.T, g store.Group[int64], _ store.Revision) {
			wantNumber(t, 0)(g.Delete(background, "k"))
		},
		"Clear": func(t *testing.T, g store.Group[int64], _ store.Revision) { wantNumber(t, 0)(g.Clear(background)) },
		"Count": func(t *testing.T, g store.Group[int64], _ store.Revision) { wantNumber(t, 0)(g.Count(background)) },
		"Add": func(t *testing.T, g store.Group[int64], _ store.Revision) {
			ok(t, g.Add(background, "k", 5))
			fails(t, g.Add(background, "k", 6), store.ErrExists)
			wantNumber(t, 5)(g.Get(background, "k"))
		},
		"CompareAndSwap": func(t *testing.T, g store.Group[int64], old store.Revision) {
			_, err := g.CompareAndSwap(background, "k", old, 5)
			fails(t, err, store.ErrConflict)
			rev, err := g.CompareAndSwap(background, "k", 0, 6)
			if err != nil || rev <= old {
				t.Errorf("CompareAndSwap = %d, %v; want above %d", rev, err, old)
			}
			wantNumber(t, 6)(g.Get(background, "k"))
		},
		"CompareAndDelete": func(t *testing.T, g store.Group[int64], old store.Revision) {
			fails(t, g.CompareAndDelete(background, "k", old), store.ErrConflict)
			ok(t, g.CompareAndDelete(background, "k", 0))
		},
		"Modify": func(t *testing.T, g store.Group[int64], _ store.Revision) {
			wantNumber(t, 7)(g.Modify(background, "k", func(old int64, found bool) (int64, error) {
				if old != 0 || found {
					t.Errorf("Modify was given %d, %v", old, found)
				}
				return 7, nil
			}))
		},
		"Increment": func(t *testing.T, g store.Group[int64], _ store.Revision) {
			wantNumber(t, 2)(store.Increment(background, g, "k", 2, store.KeepTTL()))
			if ttl, err := g.TTL(background, "k"); ttl != 0 || err != nil { // the expired key's is not kept
				t.Errorf("TTL = %v, %v", ttl, err)
			}
		},
		"Set with KeepTTL": func(t *testing.T, g store.Group[int64], _ store.Revision) {
			ok(t, g.Set(background, "k", 1, store.KeepTTL()))
			ok(t, g.SetMany(background, map[string]int64{"k": 1}, store.KeepTTL()))
			wantNumber(t, 1)(g.Get(background, "k"))
		},
	}
	onEachPlace(t, func(t *testing.T, p place, now *clock) {
		for name, verb := range verbs {
			t.Run(name, func(t *testing.T) {
				var old store.Revision
				p.in(func(at store.Session) {
					g := store.NewGroup[int64](at, name)
					ok(t, g.Set(background, "k", 41, store.TTL(time.Second)))
					e, err := g.Entry(background, "k")
					ok(t, err)
					old = e.Revision
				})
				now.advance(time.Second)
				p.in(func(at store.Session) { verb(t, store.NewGroup[int64](at, name), old) })
			})
		}
	})
}

func notFound(t *testing.T) func(int64, error) {
	t.Helper()
	return func(n int64, err error) {
		t.Helper()
		if n != 0 || !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %d, %v; want ErrNotFound", n, err)
		}
	}
}

func TestSetOptions(t *testing.T) {
	t.Parallel()
	type group = store.Group[string]
	keep := func(string, bool) (string, error) { return "x", nil }
	// Each step starts from the result of the step before.
	steps := []struct {
		name string
		do   func(g group, now *clock) error
		left time.Duration
	}{
		{"TTL, rounded up", func(g group, _ *clock) error {
			return g.Set(background, "k", "v", store.TTL(1500*time.Microsecond), nil)
		}, 2 * time.Millisecond},
		{"ExpireAt", func(g group, now *clock) error {
			return g.Set(background, "k", "v", store.ExpireAt(now.now().Add(time.Minute)))
		}, time.Minute},
		{"KeepTTL", func(g group, _ *clock) error { return g.Set(background, "k", "w", store.KeepTTL()) }, time.Minute},
		{"Modify with KeepTTL", func(g group, _ *clock) error {
			_, err := g.Modify(background, "k", keep, store.KeepTTL())
			return err
		}, time.Minute},
		{"Expire", func(g group, _ *clock) error { return g.Expire(background, "k", time.Hour) }, time.Hour},
		{"Persist", func(g group, _ *clock) error { return g.Persist(background, "k") }, 0},
		{"GetAndTouch", func(g group, _ *clock) error {
			_, err := g.GetAndTouch(background, "k", time.Second)
			return err
		}, time.Second},
		{"no option", func(g group, _ *clock) error { return g.Set(background, "k", "kept") }, 0},
	}
	onEachPlace(t, func(t *testing.T, p place, now *clock) {
		for _, step := range steps {
			p.run(t, step.name, func(t *testing.T, at store.Session) {
				g := store.NewGroup[string](at, "g")
				ok(t, step.do(g, now))
				if left, err := g.TTL(background, "k"); err != nil || left != step.left {
					t.Errorf("TTL = %v, %v; want %v", left, err, step.left)
				}
			})
		}
	})
}

func TestRefusedSetOptions(t *testing.T) {
	t.Parallel()
	type group = store.Group[string]
	changed := func(string, bool) (string, error) { return "changed", nil }
	verbs := map[string]func(g group, opts []store.SetOption) error{
		"Set": func(g group, opts []store.SetOption) error { return g.Set(background, "k", "changed", opts...) },
		"SetMany": func(g group, opts []store.SetOption) error {
			return g.SetMany(background, map[string]string{"k": "changed"}, opts...)
		},
		"Add": func(g group, opts []store.SetOption) error { return g.Add(background, "new", "changed", opts...) },
		"Modify": func(g group, opts []store.SetOption) error {
			_, err := g.Modify(background, "k", changed, opts...)
			return err
		},
	}
	onEachPlace(t, func(t *testing.T, p place, now *clock) {
		p.in(func(at store.Session) { ok(t, store.NewGroup[string](at, "g").Set(background, "k", "kept")) })
		for name, opts := range map[string][]store.SetOption{
			"TTL and KeepTTL":      {store.TTL(time.Second), store.KeepTTL()},
			"ExpireAt and KeepTTL": {store.KeepTTL(), store.ExpireAt(now.now().Add(time.Second))},
			"TTL and ExpireAt":     {store.TTL(time.Second), store.ExpireAt(now.now().Add(time.Second))},
			"TTL twice":            {store.TTL(time.Second), store.TTL(time.Second)},
			"a TTL of 0":           {store.TTL(0)},
			"ExpireAt now":         {store.ExpireAt(now.now())},
		} {
			p.run(t, name, func(t *testing.T, at store.Session) {
				g := store.NewGroup[string](at, "g")
				for verb, do := range verbs {
					if err := do(g, opts); err == nil {
						t.Errorf("%s was not refused", verb)
					}
				}
			})
		}
		p.run(t, "Expire and GetAndTouch", func(t *testing.T, at store.Session) {
			g := store.NewGroup[string](at, "g")
			fails(t, g.Expire(background, "k", 0), store.ErrInvalidTTL)
			_, err := g.GetAndTouch(background, "k", -1)
			fails(t, err, store.ErrInvalidTTL)
		})
		p.run(t, "nothing has changed", func(t *testing.T, at store.Session) {
			g := store.NewGroup[string](at, "g")
			all, err := g.GetMany(background, "k", "new")
			if err != nil || !maps.Equal(all, map[string]string{"k": "kept"}) {
				t.Errorf("%v, %v is left", all, err)
			}
			if left, err := g.TTL(background, "k"); err != nil || left != 0 {
				t.Errorf("TTL = %v, %v; want none", left, err)
			}
		})
	})
}
