package store_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"forge.lthn.ai/core/go-store/store"
)

// A store behaves like a map of maps with a clock, whatever the order of calls, and
// whether or not it is closed and opened again in between.
func TestModel(t *testing.T) {
	t.Parallel()
	for _, backend := range backends {
		t.Run(backend, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			made := emptyFile(t)
			rapid.Check(t, func(t *rapid.T) {
				m := newModel(t, backend, dir, made)
				defer m.end(t)
				t.Repeat(map[string]func(*rapid.T){
					"Set":          m.set,
					"SetWithTTL":   m.setWithTTL,
					"Delete":       m.delete,
					"DeleteGroup":  m.deleteGroup,
					"Get":          m.get,
					"Count":        m.count,
					"GetAll":       m.getAll,
					"Render":       m.render,
					"PurgeExpired": m.purge,
					"Entry":        m.entry,
					"All":          m.all,
					"Groups":       m.groups,
					"let pass":     m.letPass,
					"reopen":       m.reopen,
				})
			})
		})
	}
}

type model struct {
	store *store.Store
	path  string
	now   *clock
	rows  map[string]map[string]modelRow
}

type modelRow struct {
	value   string
	expires int64 // in Unix milliseconds; 0: never
	// found is set if a Get or an Entry has found the row expired, which queues it for
	// removal. The row may be gone already.
	found bool
}

// emptyFile returns the content of a file without keys. Copying it is faster than creating
// a file for each of the many short lives of a model.
func emptyFile(t *testing.T) []byte {
	t.Helper()
	path := newPath(t)
	if err := open(t, path).Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func newModel(t *rapid.T, backend, dir string, made []byte) *model {
	m := &model{path: ":memory:", now: newClock(), rows: map[string]map[string]modelRow{}}
	if backend == "file" {
		sub, err := os.MkdirTemp(dir, "")
		if err != nil {
			t.Fatal(err)
		}
		m.path = filepath.Join(sub, "kv.db")
		if err := os.WriteFile(m.path, made, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m.open(t)
	return m
}

func (m *model) open(t *rapid.T) {
	var err error
	m.store, err = store.New(m.path, m.now.option(), store.WithPurgeInterval(0), store.WithDurability(store.Normal))
	if err != nil {
		t.Fatal(err)
	}
}

func (m *model) end(t *rapid.T) {
	if err := m.store.Close(); err != nil {
		t.Fatal(err)
	}
}

func (m *model) live(r modelRow) bool { return r.expires == 0 || r.expires > m.now.milli() }

// keys returns what can be read of a group.
func (m *model) keys(group string) map[string]string {
	keys := map[string]string{}
	for key, r := range m.rows[group] {
		if m.live(r) {
			keys[key] = r.value
		}
	}
	return keys
}

func (m *model) put(group, key string, r modelRow) {
	if m.rows[group] == nil {
		m.rows[group] = map[string]modelRow{}
	}
	m.rows[group][key] = r
}

// names are few, so that they repeat, and close to each other in byte order.
var names = rapid.OneOf(
	rapid.SampledFrom([]string{"", "a", "b", "a\x00", "a\xff", "\xff", "ünï", "'; --"}),
	rapid.Custom(func(t *rapid.T) string {
		return string(rapid.SliceOfN(rapid.SampledFrom([]byte{0, 'a', 'b', 0xfe, 0xff}), 0, 3).Draw(t, "bytes"))
	}),
)

var values = rapid.OneOf(
	names,
	rapid.String(),
	rapid.Custom(func(t *rapid.T) string { return string(rapid.SliceOfN(rapid.Byte(), 0, 40).Draw(t, "bytes")) }),
)

func (m *model) name(t *rapid.T) (group, key string) {
	return names.Draw(t, "group"), names.Draw(t, "key")
}

func (m *model) set(t *rapid.T) {
	group, key := m.name(t)
	value := values.Draw(t, "value")
	set(t, m.store, group, key, value)
	m.put(group, key, modelRow{value: value})
}

func (m *model) setWithTTL(t *rapid.T) {
	group, key := m.name(t)
	value := values.Draw(t, "value")
	ttl := time.Duration(rapid.Int64Range(-1, int64(5*time.Millisecond)).Draw(t, "ttl"))
	err := m.store.SetWithTTL(group, key, value, ttl)
	if ttl <= 0 {
		if !errors.Is(err, store.ErrInvalidTTL) {
			t.Fatalf("SetWithTTL(%v): %v", ttl, err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	end := m.now.nanos.Load() + int64(ttl)
	m.put(group, key, modelRow{value: value, expires: (end + 999_999) / 1_000_000})
}

func (m *model) delete(t *rapid.T) {
	group, key := m.name(t)
	if err := m.store.Delete(group, key); err != nil {
		t.Fatal(err)
	}
	delete(m.rows[group], key)
}

func (m *model) deleteGroup(t *rapid.T) {
	group := names.Draw(t, "group")
	if err := m.store.DeleteGroup(group); err != nil {
		t.Fatal(err)
	}
	delete(m.rows, group)
}

func (m *model) get(t *rapid.T) {
	group, key := m.name(t)
	r, ok := m.rows[group][key]
	switch {
	case ok && m.live(r):
		wantValue(t, m.store, group, key, r.value)
	case ok:
		r.found = true
		m.put(group, key, r)
		fallthrough
	default:
		wantAbsent(t, m.store, group, key)
	}
}

func (m *model) count(t *rapid.T) {
	group := names.Draw(t, "group")
	wantCount(t, m.store, group, len(m.keys(group)))
}

func (m *model) getAll(t *rapid.T) {
	group := names.Draw(t, "group")
	wantAll(t, m.store, group, m.keys(group))
}

func (m *model) render(t *rapid.T) {
	group := names.Draw(t, "group")
	got, err := m.store.Render(`{{index . "a"}}|{{.b}}|{{len .}}`, group)
	keys := m.keys(group)
	b, ok := keys["b"]
	if !ok {
		b = "<no value>"
	}
	if want := fmt.Sprintf("%s|%s|%d", keys["a"], b, len(keys)); err != nil || got != want {
		t.Fatalf("Render = %q, %v; want %q", got, err, want)
	}
}

func (m *model) purge(t *rapid.T) {
	most, least := int64(0), int64(0)
	for _, keys := range m.rows {
		for key, r := range keys {
			if m.live(r) {
				continue
			}
			most++
			if !r.found {
				least++
			}
			delete(keys, key)
		}
	}
	if n, err := m.store.PurgeExpired(); err != nil || n < least || n > most {
		t.Fatalf("PurgeExpired = %d, %v; want %d to %d", n, err, least, most)
	}
}

func (m *model) entry(t *rapid.T) {
	group, key := m.name(t)
	e, err := store.NewGroup[string](m.store, group).Entry(background, key)
	r, ok := m.rows[group][key]
	if !ok || !m.live(r) {
		if ok {
			r.found = true
			m.put(group, key, r)
		}
		if !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("Entry = %+v, %v", e, err)
		}
		return
	}
	if err != nil || e.Key != key || e.Value != r.value || milli(e.ExpiresAt) != r.expires {
		t.Fatalf("Entry = %+v, %v; want %+v", e, err, r)
	}
}

// milli returns a time in the model's form.
func milli(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func (m *model) options(t *rapid.T) (o scanOptions) {
	name := rapid.Ptr(names, true)
	o.prefix = name.Draw(t, "prefix")
	o.from = name.Draw(t, "from")
	o.to = name.Draw(t, "to")
	o.after = name.Draw(t, "after")
	o.limit = rapid.Ptr(rapid.IntRange(-1, 20), true).Draw(t, "limit")
	o.reverse = rapid.Bool().Draw(t, "reverse")
	return o
}

func (m *model) all(t *rapid.T) {
	group := names.Draw(t, "group")
	o := m.options(t)
	got := []string{}
	for e, err := range store.NewGroup[string](m.store, group).All(background, o.options()...) {
		r := m.rows[group][e.Key]
		if err != nil || e.Value != r.value || milli(e.ExpiresAt) != r.expires {
			t.Fatalf("All: %+v, %v; want %+v", e, err, r)
		}
		got = append(got, e.Key)
	}
	if want := o.visits(slices.Collect(maps.Keys(m.keys(group)))); !slices.Equal(got, want) {
		t.Fatalf("All = %q, want %q", got, want)
	}
}

func (m *model) groups(t *rapid.T) {
	o := m.options(t)
	got, live := []string{}, []string{}
	for g, err := range m.store.Groups(background, o.options()...) {
		if err != nil || g.Keys != int64(len(m.keys(g.Name))) {
			t.Fatalf("Groups: %+v, %v; want %d keys", g, err, len(m.keys(g.Name)))
		}
		got = append(got, g.Name)
	}
	for group := range m.rows {
		if len(m.keys(group)) > 0 {
			live = append(live, group)
		}
	}
	if want := o.visits(live); !slices.Equal(got, want) {
		t.Fatalf("Groups = %q, want %q", got, want)
	}
}

// letPass moves the clock, often to just before or exactly to the expiry of some key.
func (m *model) letPass(t *rapid.T) {
	var ends []int64
	for _, keys := range m.rows {
		for _, r := range keys {
			if r.expires*1_000_000 > m.now.nanos.Load() {
				ends = append(ends, r.expires*1_000_000)
			}
		}
	}
	if len(ends) > 0 && rapid.Bool().Draw(t, "to an expiry") {
		slices.Sort(ends) // since a map has no fixed order
		end := rapid.SampledFrom(ends).Draw(t, "end") + rapid.Int64Range(-1, 0).Draw(t, "by")
		m.now.nanos.Store(max(end, m.now.nanos.Load()))
		return
	}
	m.now.advance(time.Duration(rapid.Int64Range(0, int64(3*time.Millisecond)).Draw(t, "time")))
}

// reopen closes a file and opens it again. A store in memory would lose its keys.
func (m *model) reopen(t *rapid.T) {
	if m.path == ":memory:" {
		t.Skip("in memory")
	}
	if rapid.IntRange(0, 2).Draw(t, "dice") > 0 {
		t.Skip("not so often: it takes longer than all else")
	}
	m.end(t)
	m.open(t)
}
