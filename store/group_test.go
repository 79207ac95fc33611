package store_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

type user struct {
	Name string
	Age  int
}

// upper is a codec whose use shows in the decoded value.
type upper struct{}

func (upper) Marshal(v any) ([]byte, error) { return bytes.ToLower(fmt.Append(nil, v)), nil }

func (upper) Unmarshal(data []byte, v any) error {
	if len(data) == 0 {
		return errors.New("nothing\nto decode")
	}
	p, ok := v.(*string)
	if !ok {
		return fmt.Errorf("not for %T", v)
	}
	*p = strings.ToUpper(string(data))
	return nil
}

func TestEntry(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		now := newClock()
		s := open(now.option())
		set(t, s, "g", "text", "a\x00b")
		set(t, s, "g", "user", `{"Name":"Ada","Age":36}`)
		set(t, s, "g", "number", "42")
		if err := s.SetWithTTL("g", "soon", "v", time.Second); err != nil {
			t.Fatal(err)
		}
		wantEntry(t, store.NewGroup[string](s, "g"), "text", "a\x00b", time.Time{})
		wantEntry(t, store.NewGroup[string](s, "g", nil), "text", "a\x00b", time.Time{})
		wantEntry(t, store.NewGroup[string](s, "g"), "soon", "v", now.now().Add(time.Second))
		wantEntry(t, store.NewGroup[user](s, "g"), "user", user{"Ada", 36}, time.Time{})
		wantEntry(t, store.NewGroup[int64](s, "g"), "number", 42, time.Time{})
		wantEntry(t, store.NewGroup[string](s, "g", store.WithCodec(upper{})), "user", `{"NAME":"ADA","AGE":36}`, time.Time{})

		e, err := store.NewGroup[[]byte](s, "g").Entry(background, "text")
		if err != nil || !bytes.Equal(e.Value, []byte("a\x00b")) {
			t.Errorf("Entry = %q, %v", e.Value, err)
		}
		e.Value[0] = 'x' // the caller's own
		wantValue(t, s, "g", "text", "a\x00b")

		var syntax *json.SyntaxError
		if _, err := store.NewGroup[user](s, "g").Entry(background, "text"); !errors.As(err, &syntax) {
			t.Errorf("Entry of what is no JSON: %v", err)
		}
		for _, group := range []store.Group[string]{store.NewGroup[string](s, "g"), store.NewGroup[string](s, "nope")} {
			if e, err := group.Entry(background, "nope"); !errors.Is(err, store.ErrNotFound) || e != (store.Entry[string]{}) {
				t.Errorf("Entry = %+v, %v; want ErrNotFound", e, err)
			}
		}
	})
}

func wantEntry[V comparable](t *testing.T, g store.Group[V], key string, value V, expires time.Time) {
	t.Helper()
	e, err := g.Entry(background, key)
	if err != nil || e.Key != key || e.Value != value || !e.ExpiresAt.Equal(expires) || e.ExpiresAt.IsZero() != expires.IsZero() {
		t.Errorf("Entry(%q) = %+v, %v; want %v until %v", key, e, err, value, expires)
	}
}

// A value that does not decode is yielded with its key and an error, and the others follow.
func TestAllGoesOnAfterABadValue(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open()
		for _, key := range []string{"a", "b", "c"} {
			set(t, s, "g", key, key)
		}
		set(t, s, "g", "b", "")
		var good, bad []string
		for e, err := range store.NewGroup[string](s, "g", store.WithCodec(upper{})).All(background) {
			if err == nil {
				good = append(good, e.Value)
				continue
			}
			bad = append(bad, e.Key)
			if got, want := err.Error(), `store.All: g/b: nothing\nto decode`; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
		if !slices.Equal(good, []string{"A", "C"}) || !slices.Equal(bad, []string{"b"}) {
			t.Errorf("good %q, bad %q", good, bad)
		}
		visited := 0
		for range store.NewGroup[string](s, "g", store.WithCodec(upper{})).All(background) {
			if visited++; visited == 2 { // at the bad one
				break
			}
		}
		if visited != 2 {
			t.Errorf("went on to %d after break", visited)
		}
	})
}

func TestGroups(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		now := newClock()
		s := open(now.option(), store.WithPurgeInterval(0))
		wantGroups(t, s, map[string]int64{})
		want := map[string]int64{}
		for i, group := range []string{"", "a", "a\x00", "ünï", "\xff", "b"} {
			for j := range i + 1 {
				set(t, s, group, fmt.Sprint(j), "v")
			}
			want[group] = int64(i + 1)
			if err := s.SetWithTTL(group, "soon gone", "v", time.Second); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.SetWithTTL("all gone", "k", "v", time.Second); err != nil {
			t.Fatal(err)
		}
		now.advance(time.Second)
		wantGroups(t, s, want)
		if err := s.DeleteGroup("ünï"); err != nil {
			t.Fatal(err)
		}
		delete(want, "ünï")
		wantGroups(t, s, want)
		names := []string{}
		for g, err := range s.Groups(background) {
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, g.Name)
		}
		if !slices.IsSorted(names) {
			t.Errorf("out of order: %q", names)
		}
	})
}

func TestManyGroups(t *testing.T) {
	t.Parallel()
	s := open(t, ":memory:")
	want := map[string]int64{}
	for i := range 600 {
		group := fmt.Sprintf("g%04d", i)
		set(t, s, group, "k", "v")
		want[group] = 1
	}
	wantGroups(t, s, want)
}
