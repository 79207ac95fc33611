package store_test

import (
	"bufio"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/testprocess"
	"forge.lthn.ai/core/go-store/store"
)

func TestNamespacesAreApart(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open()
		for _, name := range []string{"", ":", "a:b"} {
			if _, err := s.Namespace(name); err == nil {
				t.Errorf("%q was not refused", name)
			}
		}
		for _, opt := range []store.NamespaceOption{store.WithMaxKeys(0), store.WithMaxBytes(-1)} {
			if _, err := s.Namespace("a", opt); err == nil {
				t.Error("a limit below one was not refused")
			}
		}
		a, b := namespace(t, s, "a", nil), namespace(t, s, "ab")
		for _, n := range []*store.Namespace{a, b} {
			ok(t, n.Set("g", "k", n.Name()))
			ok(t, n.Set("", "k", n.Name()))
			ok(t, n.Set("x:y", "k", n.Name()))
		}
		set(t, s, "a", "k", "of the store")
		wantValue(t, s, "a:g", "k", "a")
		wantNames(t, a, "", "g", "x:y")
		wantNames(t, a, []store.ScanOption{store.Reverse(), store.After("x:y"), store.Limit(1)}, "g")
		wantNames(t, a, []store.ScanOption{store.Prefix("x")}, "x:y")
		wantNames(t, a, []store.ScanOption{store.From("g"), store.To("h")}, "g")
		ok(t, a.DeleteGroup("g"))
		if v, err := b.Get("g", "k"); err != nil || v != "ab" {
			t.Errorf("Get = %q, %v", v, err)
		}
		wantAbsent(t, s, "a:g", "k")
	})
}

// wantNames checks the groups of a namespace. Options may come first.
func wantNames(t *testing.T, n *store.Namespace, want ...any) {
	t.Helper()
	var opts []store.ScanOption
	if o, is := want[0].([]store.ScanOption); is {
		opts, want = o, want[1:]
	}
	var got []any
	for g, err := range n.Groups(background, opts...) {
		if err != nil || g.Keys != 1 {
			t.Errorf("%+v, %v", g, err)
		}
		got = append(got, g.Name)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("groups are %q, want %q", got, want)
	}
}

func TestQuotas(t *testing.T) {
	t.Parallel()
	full := func(t *testing.T, err error) { t.Helper(); fails(t, err, store.ErrQuotaExceeded) }
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		t.Run("keys", func(t *testing.T) {
			now := newClock()
			s := open(now.option(), store.WithPurgeInterval(0))
			set(t, s, "n:g", "old", "1234567890") // counted with the first use
			keys := namespace(t, s, "n", store.WithMaxKeys(3))
			g := store.NewGroup[string](keys, "g")
			ok(t, g.SetMany(background, map[string]string{"a": "1", "b": "2"}))
			full(t, g.Set(background, "c", "3"))
			full(t, keys.Set("h", "c", "3"))
			full(t, keys.SetWithTTL("h", "c", "3", time.Hour))
			full(t, g.Add(background, "c", "3"))
			full(t, g.SetMany(background, map[string]string{"a": "changed", "c": "3"}))
			_, err := store.Increment(background, store.NewGroup[int64](keys, "n"), "c", 1)
			full(t, err)
			_, err = g.Modify(background, "c", func(string, bool) (string, error) { return "3", nil })
			full(t, err)
			wantAll(t, s, "n:g", map[string]string{"old": "1234567890", "a": "1", "b": "2"})
			ok(t, g.Set(background, "a", strings.Repeat("long", 100))) // no more keys than before
			ok(t, g.Set(background, "b", "2", store.TTL(time.Second)))
			now.advance(time.Second)
			ok(t, g.Set(background, "c", "3")) // in place of the expired key
			full(t, g.Set(background, "d", "4"))
		})
		t.Run("bytes", func(t *testing.T) {
			s := open()
			h := store.NewGroup[string](namespace(t, s, "n", store.WithMaxBytes(10)), "g")
			ok(t, h.Set(background, "c", "12345678")) // with g and c exactly 10
			full(t, h.Set(background, "c", "123456789"))
			full(t, h.Set(background, "c", "\x00é678901"))
			wantAll(t, s, "n:g", map[string]string{"c": "12345678"})
		})
		// A lower limit lets what exceeds it stay or shrink.
		t.Run("lower keys", func(t *testing.T) {
			s := open()
			for _, key := range []string{"a", "b", "c"} {
				set(t, s, "n:g", key, "v")
			}
			few := namespace(t, s, "n", store.WithMaxKeys(1))
			ok(t, few.Set("g", "c", "4"))
			full(t, few.Set("g", "d", "4"))
			ok(t, few.Delete("g", "a"))
			wantAll(t, s, "n:g", map[string]string{"b": "v", "c": "4"})
		})
		t.Run("lower bytes", func(t *testing.T) {
			s := open()
			set(t, s, "n:g", "a", strings.Repeat("long", 100))
			set(t, s, "n:g", "old", "1234567890")
			h := store.NewGroup[string](namespace(t, s, "n", store.WithMaxBytes(10)), "g")
			ok(t, h.Set(background, "a", "shorter"))
			full(t, h.Set(background, "a", "longer than that"))
			wantNumber(t, 2)(h.Delete(background, "a", "old"))
			wantAll(t, s, "n:g", map[string]string{})
		})
	})
}

// The count that the triggers keep is that of the rows, whichever program writes.
func TestUsageStaysRight(t *testing.T) {
	t.Parallel()
	now := newClock()
	path := newPath(t)
	s := open(t, path, now.option(), store.WithPurgeInterval(0))
	tenants := []string{"a", "a\x00b", "é", "\xff\x80"}
	for _, name := range tenants {
		n := namespace(t, s, name, store.WithMaxKeys(1000))
		for _, group := range []string{"", "g", "x:y", "\x00g", "\x80\xff"} {
			ok(t, n.Set(group, "k\x00é\xff", "v\x00é\xff"))
			ok(t, n.Set(group, "k\x00é\xff", "longer\x00é\xff"))
			ok(t, n.SetWithTTL(group, "short", "v", time.Second))
		}
	}
	db := raw(t, path)
	right := func(after string) {
		t.Helper()
		for _, name := range tenants {
			var keys, bytes int64
			for _, r := range rawRows(t, db) {
				if group, is := strings.CutPrefix(r[0], name+":"); is {
					keys++
					bytes += int64(len(group) + len(r[1]) + len(r[2]))
				}
			}
			var k, b int64
			if err := db.QueryRow("SELECT keys, bytes FROM kv_usage WHERE namespace = ?", name).Scan(&k, &b); err != nil {
				t.Fatal(err)
			}
			if k != keys || b != bytes {
				t.Errorf("after %s %q has %d keys and %d bytes, of which %d and %d are counted", after, name, keys, bytes, k, b)
			}
		}
	}
	right("writes")
	now.advance(time.Second)
	_, err := s.PurgeExpired()
	ok(t, err)
	right("a purge")
	p := openPrevious(t, path)
	ok(t, p.Set("a:g", "new", "value"))
	ok(t, p.Set("a:g", "new", "another value"))
	right("the previous release's writes")
	for _, statement := range []string{
		"INSERT INTO kv (grp, key, value) VALUES ('a:raw', 'k', 'v'), ('nobody', 'k', 'v'), ('b:g', 'k', 'v')",
		"UPDATE kv SET value = value || 'é' || char(0) || 'x'",
		"UPDATE kv SET key = key || 'é' WHERE grp = 'a:g'",
		"UPDATE kv SET grp = 'é:moved', value = value || '!' WHERE grp = 'a:raw'",
		"UPDATE kv SET grp = 'nobody else' WHERE grp = 'é:g'",
		"UPDATE kv SET grp = 'a:back' WHERE grp = 'nobody'",
		"DELETE FROM kv WHERE grp >= 'a' AND grp < 'b'",
		"DELETE FROM kv",
	} {
		execute(t, db, statement)
		right(statement)
	}
}

// rawRows returns group, key and value of all rows.
func rawRows(t *testing.T, db *sql.DB) (all [][3]string) {
	t.Helper()
	rows, err := db.Query("SELECT grp, key, value FROM kv")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var r [3]string
		ok(t, rows.Scan(&r[0], &r[1], &r[2]))
		all = append(all, r)
	}
	ok(t, rows.Err())
	return all
}

// Concurrent writers, goroutines and processes, reach a limit exactly.
func TestQuotaHoldsAgainstManyWriters(t *testing.T) {
	t.Parallel()
	const limit = 50
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open(store.WithDurability(store.Normal))
		// The group "g", a key of two bytes and a value of one add up to 4 bytes.
		for _, n := range []*store.Namespace{
			namespace(t, s, "keys", store.WithMaxKeys(limit)),
			namespace(t, s, "bytes", store.WithMaxBytes(4*limit)),
		} {
			var writers sync.WaitGroup
			for range 16 {
				writers.Go(func() {
					for i := range 60 {
						if err := n.Set("g", fmt.Sprintf("%02d", i), "v"); err != nil && !errors.Is(err, store.ErrQuotaExceeded) {
							t.Error(err)
						}
					}
				})
			}
			writers.Wait()
			wantCount(t, s, n.Name()+":g", limit)
		}
	})
}

func init() { roles["fill a namespace"] = fillNamespace }

func TestQuotaHoldsAgainstProcesses(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := open(t, path)
	var all []*testprocess.Process
	for i := range 3 {
		p := testprocess.Start(t, "fill a namespace", path, strconv.Itoa(i))
		if _, err := bufio.NewReader(p.Out).ReadString('\n'); err != nil {
			t.Fatal(err, &p.Errors)
		}
		all = append(all, p)
	}
	for _, p := range all {
		ok(t, p.In.Close()) // go
	}
	for _, p := range all {
		p.Finish(t)
	}
	wantCount(t, s, "n:g", 50)
}

func fillNamespace(args []string) (err error) {
	s, err := store.New(args[0], store.WithDurability(store.Normal))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	n, err := s.Namespace("n", store.WithMaxKeys(50))
	if err != nil {
		return err
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	for i := range 60 {
		if err := n.Set("g", args[1]+" "+strconv.Itoa(i), "v"); err != nil && !errors.Is(err, store.ErrQuotaExceeded) {
			return err
		}
	}
	return nil
}
