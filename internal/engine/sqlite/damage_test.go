package sqlite

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

const damagedRows = 80

func damagedRow(i int) (key, value string) {
	return fmt.Sprintf("k%04d", i), strings.Repeat(fmt.Sprint("value ", i, " "), 1+i%40*3)
}

// undamaged returns a file with the current schema, some dozens of pages long.
func undamaged(t *testing.T) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "undamaged.db")
	e := start(t, path, options())
	if err := e.Update(t.Context(), func(tx engine.Tx) error {
		for i := range damagedRows {
			key, value := damagedRow(i)
			at := engine.Never
			if i%2 == 0 {
				at = engine.ExpireAt(today + int64(i))
			}
			if err := tx.Set(t.Context(), engine.SetParams{Grp: "g", Key: key, Value: value, ExpiresAt: at}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	stop(t, e)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestDamagedPages damages each page of a file whose schema is current, so that Open does
// not check the whole file. A call that reads the damage must return ErrCorrupt. No call may
// return a wrong value or panic.
func TestDamagedPages(t *testing.T) {
	t.Parallel()
	data := undamaged(t)
	detected := 0
	for kind, damage := range []struct {
		name string
		to   func(page []byte, rng *rand.ChaCha8)
	}{
		{"zeros", func(page []byte, _ *rand.ChaCha8) { clear(page) }},
		{"noise", func(page []byte, rng *rand.ChaCha8) { rng.Read(page) }},
		{"0xff", func(page []byte, _ *rand.ChaCha8) { fill(page, 0, len(page)); page[0] = 0xff }},
		{"header", func(page []byte, rng *rand.ChaCha8) { rng.Read(page[:8]) }},
	} {
		// Each page gets two of the four kinds of damage, the same in every run.
		for page := 1 + kind%2; page < len(data)/4096; page += 2 {
			damaged := append([]byte(nil), data...)
			damage.to(damaged[page*4096:(page+1)*4096], rand.NewChaCha8([32]byte{byte(kind), byte(page), byte(page >> 8)}))
			path := filepath.Join(t.TempDir(), "damaged.db")
			if err := os.WriteFile(path, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			if detects(t, fmt.Sprintf("page %d, %s", page+1, damage.name), path) {
				detected++
			}
		}
	}
	if detected < len(data)/4096/2 {
		t.Errorf("the damage of only %d files was detected", detected)
	}
}

// detects makes every call on a damaged file and reports whether one of them detected the
// damage.
func detects(t *testing.T, name, path string) (detected bool) {
	t.Helper()
	check := func(what string, err error) bool {
		t.Helper()
		if err != nil && !errors.Is(err, engine.ErrCorrupt) {
			t.Errorf("%s: %s: error is %v, want ErrCorrupt", name, what, err)
		}
		detected = detected || err != nil
		return err == nil
	}
	e, err := Open(t.Context(), path, options())
	if !check("Open", err) {
		return
	}
	defer func() { check("Close", e.Close()) }()
	ctx := t.Context()
	read := func(r engine.Reader) {
		for i := range damagedRows {
			key, value := damagedRow(i)
			row, err := r.Get(ctx, engine.GetParams{Grp: "g", Key: key})
			if errors.Is(err, engine.ErrNotFound) {
				t.Errorf("%s: %s is not found", name, key)
			} else if check("Get", err) && row.Value != value {
				t.Errorf("%s: %s is %.40q, want %.40q", name, key, row.Value, value)
			}
		}
		all, err := r.GetAll(ctx, engine.GetAllParams{Grp: "g"})
		if check("GetAll", err) && len(all) != damagedRows {
			t.Errorf("%s: GetAll returns %d rows", name, len(all))
		}
		n, err := r.Count(ctx, engine.CountParams{Grp: "g"})
		if check("Count", err) && n != damagedRows {
			t.Errorf("%s: Count returns %d", name, n)
		}
		rows, err := r.Scan(ctx, engine.ScanParams{Grp: "g", MaxRows: 1000})
		if check("Scan", err) && len(rows) != damagedRows {
			t.Errorf("%s: Scan returns %d rows", name, len(rows))
		}
		_, err = r.Groups(ctx, engine.GroupsParams{MaxRows: 9})
		check("Groups", err)
	}
	read(e)
	check("View", e.View(ctx, func(r engine.Reader) error { read(r); return nil }))
	for i := range damagedRows {
		key, value := damagedRow(i)
		check("Set", e.Set(ctx, engine.SetParams{Grp: "g", Key: key, Value: value + "."}))
	}
	_, err = e.PurgeExpired(ctx, engine.PurgeExpiredParams{Now: today + damagedRows, MaxRows: 1000})
	check("PurgeExpired", err)
	_, err = e.DeleteGroup(ctx, "g")
	check("DeleteGroup", err)
	return detected
}
