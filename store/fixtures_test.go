package store_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/storetest"
	"forge.lthn.ai/core/go-store/store"
)

// Earlier releases of this package wrote the files in testdata. The release of
// legacy-pre-ttl.db had no TTL, and that of legacy-ttl.db had one. Neither used goose.
// Opening a file upgrades it in place, so tests open copies.

func fixtureBytes(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func fixture(t testing.TB, name string) (path string) {
	t.Helper()
	return storetest.Copy(t, filepath.Join("testdata", name))
}

// legacyRows returns the 1,008 rows that both files hold. None of them expires.
func legacyRows() map[string]map[string]string {
	bulk := map[string]string{}
	for i := range 1000 {
		bulk[fmt.Sprintf("k%04d", i)] = fmt.Sprintf("v%d", i)
	}
	return map[string]map[string]string{
		"bulk":    bulk,
		"config":  {"theme": "dark", "language": "en-GB"},
		"miner":   {"pool": "", "wallet": ""}, // their values are not known
		"ünïcode": {"日本語": "مرحبا"},
		"bin":     {"nul": "a\x00b"},
		"":        {"": ""},
		"quote":   {"'; DROP TABLE kv; --": "x"},
	}
}

func wantLegacyRows(t testing.TB, s *store.Store) {
	t.Helper()
	want := legacyRows()
	for key := range want["miner"] {
		value, err := s.Get("miner", key)
		if err != nil || value == "" {
			t.Fatalf("Get(miner, %s) = %q, %v; want some value", key, value, err)
		}
		want["miner"][key] = value
	}
	total := 0
	for group, keys := range want {
		wantAll(t, s, group, keys)
		wantCount(t, s, group, len(keys))
		for key, value := range keys {
			wantValue(t, s, group, key, value)
		}
		total += len(keys)
	}
	if total != 1008 {
		t.Fatalf("%d rows, want 1,008", total)
	}
}

// wantGroups checks which groups have live keys, and how many.
func wantGroups(t testing.TB, s *store.Store, want map[string]int64) {
	t.Helper()
	got := map[string]int64{}
	for g, err := range s.Groups(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		got[g.Name] = g.Keys
	}
	if !maps.Equal(got, want) {
		t.Fatalf("Groups = %v, want %v", got, want)
	}
}

func legacyGroups(more map[string]int64) map[string]int64 {
	groups := map[string]int64{}
	for group, keys := range legacyRows() {
		groups[group] = int64(len(keys))
	}
	maps.Copy(groups, more)
	return groups
}

func TestFixtureFromBeforeTTL(t *testing.T) {
	t.Parallel()
	path := fixture(t, "legacy-pre-ttl.db")
	for range 2 { // while it is upgraded, and afterwards
		s := open(t, path, store.WithPurgeInterval(0))
		wantLegacyRows(t, s)
		wantGroups(t, s, legacyGroups(nil))
		if n, err := s.PurgeExpired(); n != 0 || err != nil {
			t.Errorf("PurgeExpired = %d, %v; want 0", n, err)
		}
		wantLegacyRows(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, path)
	if err := s.SetWithTTL("config", "theme", "light", time.Hour); err != nil {
		t.Fatal(err)
	}
	wantValue(t, s, "config", "theme", "light")
	db := raw(t, path)
	wantIntact(t, path)
	if n := number(t, db, "SELECT COUNT(*) FROM kv WHERE expires_at IS NOT NULL"); n != 1 {
		t.Errorf("%d rows expire, want the one that was set so", n)
	}
}

func TestFixtureWithTTL(t *testing.T) {
	t.Parallel()
	path := fixture(t, "legacy-ttl.db")
	s := open(t, path, store.WithPurgeInterval(0))

	wantFresh := func() {
		t.Helper()
		wantLegacyRows(t, s)
		fresh := map[string]string{}
		for i := range 100 {
			fresh[fmt.Sprintf("live%04d", i)] = "fresh"
		}
		wantAll(t, s, "cache", fresh)
		wantCount(t, s, "cache", 100)
		wantAll(t, s, "session", map[string]string{"long-lived": "token-a"})
		wantGroups(t, s, legacyGroups(map[string]int64{"cache": 100, "session": 1}))
		cache := store.NewGroup[string](s, "cache")
		for e, err := range cache.All(t.Context()) {
			if err != nil || e.Value != "fresh" || e.ExpiresAt.UTC().Year() != 2126 {
				t.Fatalf("All: %+v, %v", e, err)
			}
		}
		e, err := store.NewGroup[string](s, "session").Entry(t.Context(), "long-lived")
		if err != nil || e.Value != "token-a" || e.ExpiresAt.UTC().Year() != 2126 {
			t.Fatalf("Entry: %+v, %v", e, err)
		}
	}
	inFile := func() int64 {
		return number(t, raw(t, path), "SELECT COUNT(*) FROM kv WHERE expires_at < unixepoch() * 1000")
	}

	// The 201 expired rows are in the file and cannot be read.
	if n := inFile(); n != 201 {
		t.Fatalf("%d expired rows in the file, want 201", n)
	}
	wantFresh()
	if n := inFile(); n != 201 {
		t.Fatalf("%d expired rows in the file after reads of other keys, want 201", n)
	}
	if n, err := s.PurgeExpired(); n != 201 || err != nil {
		t.Fatalf("PurgeExpired = %d, %v; want 201", n, err)
	}
	if n := inFile(); n != 0 {
		t.Fatalf("%d expired rows in the file after the purge", n)
	}
	wantFresh()
	for i := range 200 {
		wantAbsent(t, s, "cache", fmt.Sprintf("k%04d", i))
	}
	wantAbsent(t, s, "session", "expired")
	wantIntact(t, path)
}

// Get finds no expired key of an old file, before any purge.
func TestFixtureExpiredKeysAreUnreadable(t *testing.T) {
	t.Parallel()
	path := fixture(t, "legacy-ttl.db")
	s := open(t, path, store.WithPurgeInterval(0))
	wantAbsent(t, s, "session", "expired")
	for i := range 200 {
		key := fmt.Sprintf("k%04d", i)
		wantAbsent(t, s, "cache", key)
		if got, err := s.Render("{{."+key+"}}", "cache"); got != "<no value>" || err != nil {
			t.Fatalf("Render = %q, %v", got, err)
		}
	}
}
