package store_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"text/template"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

func TestErrorText(t *testing.T) {
	t.Parallel()
	cause := store.ErrNotFound
	tests := []struct {
		err  store.Error
		want string
	}{
		{store.Error{Op: "Get", Group: "group", Key: "key", Err: cause}, "store.Get: group/key: store: not found"},
		{store.Error{Op: "Count", Group: "group", Err: cause}, "store.Count: group: store: not found"},
		{store.Error{Op: "Get", Key: "key", Err: cause}, "store.Get: /key: store: not found"},
		{store.Error{Op: "Close", Err: cause}, "store.Close: store: not found"},
		{store.Error{Op: "Get", Group: "ünï", Key: "日本語", Err: cause}, "store.Get: ünï/日本語: store: not found"},
		{store.Error{Op: "Get", Group: "a b", Key: "c/d", Err: cause}, "store.Get: a b/c/d: store: not found"},
		{store.Error{Op: "Get", Group: "a\nb", Key: "k", Err: cause}, `store.Get: "a\nb"/k: store: not found`},
		{store.Error{Op: "Get", Group: "g", Key: "\x00", Err: cause}, `store.Get: g/"\x00": store: not found`},
		{store.Error{Op: "Get", Group: "g", Key: "\xff", Err: cause}, `store.Get: g/"\xff": store: not found`},
		{store.Error{Op: "Get", Group: "g", Key: "\x1b[2J", Err: cause}, `store.Get: g/"\x1b[2J": store: not found`},
		{store.Error{Op: "Get", Group: "g", Key: "\u202e", Err: cause}, `store.Get: g/"\u202e": store: not found`},
		{
			store.Error{Op: "Get", Group: "g", Key: strings.Repeat("k", 10_000), Err: cause},
			"store.Get: g/" + strings.Repeat("k", 256) + "… (10000 bytes): store: not found",
		},
		{
			// The text is cut between characters: 255 bytes precede the two-byte
			// character at the limit.
			store.Error{Op: "Get", Group: "g", Key: "x" + strings.Repeat("é", 200), Err: cause},
			"store.Get: g/x" + strings.Repeat("é", 127) + "… (401 bytes): store: not found",
		},
		{
			store.Error{Op: "Get", Group: "g", Key: strings.Repeat("\x80", 300), Err: cause},
			`store.Get: g/… (300 bytes): store: not found`,
		},
		{
			store.Error{Op: "New", Err: errors.Join(errors.New("first\tof ünï"), errors.New("next \xff\u202e\ufffd"))},
			`store.New: first\tof ünï\nnext \xff\u202e` + "\ufffd",
		},
		{store.Error{Op: "Get", Group: "g", Key: "k"}, "store.Get: g/k: <nil>"},
	}
	for _, test := range tests {
		if got := test.err.Error(); got != test.want {
			t.Errorf("got  %s\nwant %s", got, test.want)
		}
	}
}

// The error of each verb names the verb and its group and key, wraps its cause, and is one
// line, whatever bytes the names hold.
func TestVerbsWrapTheirErrors(t *testing.T) {
	t.Parallel()
	type subject struct{ group, key string }
	subjects := []subject{{"group", "key"}, {"", ""}, {"a\nb", "c\r\nd"}, {"\xff", "\x00"}, {strings.Repeat("g", 10_000), "k"}}
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		for _, about := range subjects {
			for _, verb := range append(verbs(s, about.group, about.key), groupVerbs(s, about.group, about.key)...) {
				err := verb.do()
				var e *store.Error
				if !errors.As(err, &e) {
					t.Errorf("%s: %T %v is no *store.Error", verb.op, err, err)
					continue
				}
				want := store.Error{Op: verb.op, Group: verb.group, Key: verb.key, Err: e.Err}
				if *e != want {
					t.Errorf("got %+v, want %+v", *e, want)
				}
				if !errors.Is(err, store.ErrClosed) {
					t.Errorf("%s: %v does not wrap ErrClosed", verb.op, err)
				}
				if errors.Is(err, store.ErrNotFound) {
					t.Errorf("%s: %v wraps ErrNotFound too", verb.op, err)
				}
				if text := err.Error(); strings.ContainsAny(text, "\r\n") || len(text) > 2048 {
					t.Errorf("%s: not one short line: %.3000q", verb.op, text)
				}
			}
		}
	})
}

// verb is an operation of the API, with the group and the key that its errors name.
type verb struct {
	op, group, key string
	do             func() error
}

func verbs(s *store.Store, group, key string) []verb {
	ctx := context.Background()
	var g store.Group[string] // without a store the caller needs only the list
	if s != nil {
		g = store.NewGroup[string](s, group)
	}
	return []verb{
		{"Get", group, key, func() error { _, err := s.Get(group, key); return err }},
		{"Set", group, key, func() error { return s.Set(group, key, "v") }},
		{"SetWithTTL", group, key, func() error { return s.SetWithTTL(group, key, "v", time.Hour) }},
		{"Delete", group, key, func() error { return s.Delete(group, key) }},
		{"DeleteGroup", group, "", func() error { return s.DeleteGroup(group) }},
		{"Count", group, "", func() error { _, err := s.Count(group); return err }},
		{"GetAll", group, "", func() error { _, err := s.GetAll(group); return err }},
		{"Render", group, "", func() error { _, err := s.Render("{{.x}}", group); return err }},
		{"PurgeExpired", "", "", func() error { _, err := s.PurgeExpired(); return err }},
		{"Compact", "", "", func() error { return s.Compact(ctx) }},
		{"Entry", group, key, func() error { _, err := g.Entry(ctx, key); return err }},
		{"All", group, "", func() error { return lastError(g.All(ctx)) }},
		{"Groups", "", "", func() error { return lastError(s.Groups(ctx)) }},
	}
}

// groupVerbs are the verbs of typed groups, of transactions and of the store.
func groupVerbs(s *store.Store, group, key string) []verb {
	ctx := context.Background()
	g, numbers := store.NewGroup[string](s, group), store.NewGroup[int64](s, group)
	return []verb{
		{"Get", group, key, func() error { _, err := g.Get(ctx, key); return err }},
		{"GetMany", group, "", func() error { _, err := g.GetMany(ctx, key); return err }},
		{"Set", group, key, func() error { return g.Set(ctx, key, "v") }},
		{"Set", group, key, func() error { return g.Set(ctx, key, "v", store.KeepTTL()) }},
		{"SetMany", group, "", func() error { return g.SetMany(ctx, map[string]string{key: "v"}) }},
		{"Add", group, key, func() error { return g.Add(ctx, key, "v") }},
		{"CompareAndSwap", group, key, func() error { _, err := g.CompareAndSwap(ctx, key, 1, "v"); return err }},
		{"CompareAndDelete", group, key, func() error { return g.CompareAndDelete(ctx, key, 1) }},
		{"Modify", group, key, func() error {
			_, err := g.Modify(ctx, key, func(string, bool) (string, error) { return "v", nil })
			return err
		}},
		{"Delete", group, "", func() error { _, err := g.Delete(ctx, key); return err }},
		{"Take", group, key, func() error { _, err := g.Take(ctx, key); return err }},
		{"TTL", group, key, func() error { _, err := g.TTL(ctx, key); return err }},
		{"Expire", group, key, func() error { return g.Expire(ctx, key, time.Hour) }},
		{"Persist", group, key, func() error { return g.Persist(ctx, key) }},
		{"GetAndTouch", group, key, func() error { _, err := g.GetAndTouch(ctx, key, time.Hour); return err }},
		{"Count", group, "", func() error { _, err := g.Count(ctx); return err }},
		{"Clear", group, "", func() error { _, err := g.Clear(ctx); return err }},
		{"Watch", group, "", func() error { return lastError(g.Watch(ctx)) }},
		{"Increment", group, key, func() error { _, err := store.Increment(ctx, numbers, key, 1); return err }},
		{"View", "", "", func() error { return s.View(ctx, func(*store.Tx) error { return nil }) }},
		{"Update", "", "", func() error { return s.Update(ctx, func(*store.Tx) error { return nil }) }},
		{"Namespace", "tenant", "", func() error { _, err := s.Namespace("tenant", store.WithMaxKeys(1)); return err }},
		{"RenderTo", group, "", func() error { return s.RenderTo(ctx, io.Discard, template.New("x"), group) }},
	}
}

func TestNotFound(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open()
		_, err := s.Get("group", "key")
		if got, want := fmt.Sprint(err), "store.Get: group/key: store: not found"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%v is not ErrNotFound", err)
		}
		if _, err := store.NewGroup[string](s, "group").Entry(t.Context(), "key"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Entry: %v is not ErrNotFound", err)
		}
	})
}

// No sentinel matches another one, since callers would then take the wrong branch.
func TestSentinelsAreDistinct(t *testing.T) {
	t.Parallel()
	sentinels := map[string]error{
		"ErrNotFound": store.ErrNotFound, "ErrClosed": store.ErrClosed, "ErrInvalidTTL": store.ErrInvalidTTL,
		"ErrTooLarge": store.ErrTooLarge, "ErrBusy": store.ErrBusy, "ErrCorrupt": store.ErrCorrupt,
		"ErrReadOnly": store.ErrReadOnly, "ErrFull": store.ErrFull, "ErrNested": store.ErrNested,
		"ErrSchema": store.ErrSchema, "ErrSchemaTooNew": store.ErrSchemaTooNew, "fs.ErrNotExist": fs.ErrNotExist,
	}
	for a, errA := range sentinels {
		for b, errB := range sentinels {
			if wrapped := (&store.Error{Op: "Get", Err: fmt.Errorf("x: %w", errA)}); errors.Is(wrapped, errB) != (a == b) {
				t.Errorf("errors.Is(%s, %s) = %v", a, b, a != b)
			}
		}
	}
}
