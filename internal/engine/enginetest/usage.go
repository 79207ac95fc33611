package enginetest

import (
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

func usage(t *testing.T, r engine.Reader, namespace string) engine.UsageRow {
	t.Helper()
	u, err := r.Usage(t.Context(), namespace)
	noError(t, err)
	return u
}

// startUsage makes the engine count a namespace.
func startUsage(t *testing.T, e engine.Engine, namespace string) {
	t.Helper()
	noError(t, e.Update(t.Context(), func(tx engine.Tx) error {
		return tx.StartUsage(t.Context(), engine.StartUsageParams{
			Namespace: namespace, Prefix: namespace + ":", Low: namespace + ":", High: namespace + ";",
		})
	}))
}

// testUsage checks the count of a namespace after each kind of statement that changes
// its rows.
func (s suite) testUsage(t *testing.T) {
	e := s.open(t)
	ctx := t.Context()
	put(t, e, "ns:g", "before", "12345", never)
	put(t, e, "ns", "k", "no namespace", never)
	put(t, e, "n:g", "k", "another", never)
	_, err := e.Usage(ctx, "ns")
	isError(t, err, engine.ErrNotFound)

	for range 2 { // the second time changes nothing
		startUsage(t, e, "ns")
		equal(t, "usage", usage(t, e, "ns"), engine.UsageRow{Keys: 1, Bytes: int64(len("g" + "before" + "12345"))})
	}
	want := engine.UsageRow{Keys: 1, Bytes: 12}
	check := func(keys, bytes int64) {
		t.Helper()
		want.Keys += keys
		want.Bytes += bytes
		equal(t, "usage", usage(t, e, "ns"), want)
	}
	put(t, e, "ns:g", "k", "12345678", at(5))
	check(1, 1+1+8)
	put(t, e, "ns:g", "k", "1", at(5))
	check(0, -7)
	put(t, e, "ns:g", "k", "12", at(5))
	check(0, 1)
	put(t, e, "ns:other", "", "", at(5))
	check(1, 5)
	put(t, e, "ns:", "", "", at(6)) // a row of 0 bytes counts as a row
	check(1, 0)
	put(t, e, "other:g", "k", "v", at(5))
	put(t, e, "NS:g", "k", "v", at(5))
	check(0, 0)
	removed(t, 1)(e.DeleteExpired(ctx, engine.DeleteExpiredParams{Grp: "ns:g", Key: "k", Now: 5}))
	check(-1, -4)
	removed(t, 3)(e.PurgeExpired(ctx, engine.PurgeExpiredParams{Now: 5, MaxRows: 9})) // one of them is in the namespace
	check(-1, -5)
	removed(t, 1)(e.DeleteGroup(ctx, "ns:"))
	check(-1, 0)
	equal(t, "error", e.Update(ctx, func(tx engine.Tx) error {
		put(t, tx, "ns:g", "undone", "v", never)
		equal(t, "usage", usage(t, tx, "ns"), engine.UsageRow{Keys: 2, Bytes: 12 + 8})
		return errStop
	}), errStop)
	check(0, 0)
	removed(t, 1)(e.Delete(ctx, engine.DeleteParams{Grp: "ns:g", Key: "before"}))
	check(-1, -12)
}

// testUsageNames counts rows with all kinds of names. Sizes are in bytes, not letters.
func (s suite) testUsageNames(t *testing.T) {
	for _, namespace := range []string{"", "日本", "a\x00\xff\x80"} {
		e := s.open(t)
		put(t, e, namespace+":"+"first", "\x00", "\xff", never)
		startUsage(t, e, namespace)
		want := engine.UsageRow{Keys: 1, Bytes: 7}
		equal(t, "usage", usage(t, e, namespace), want)
		for _, name := range names() {
			put(t, e, namespace+":"+name, name, name, never)
			want.Keys++
			want.Bytes += int64(3 * len(name))
			if got := usage(t, e, namespace); got != want {
				t.Errorf("namespace %q, names %.20q: usage is %+v, want %+v", namespace, name, got, want)
				want = got
			}
		}
		for _, name := range names() {
			if len(name)%2 == 0 {
				removed(t, 1)(e.DeleteGroup(t.Context(), namespace+":"+name))
			} else {
				removed(t, 1)(e.Delete(t.Context(), engine.DeleteParams{Grp: namespace + ":" + name, Key: name}))
			}
		}
		removed(t, 1)(e.DeleteGroup(t.Context(), namespace+":"+"first"))
		equal(t, "usage after all rows are removed", usage(t, e, namespace), engine.UsageRow{})
	}
}
