package store_test

import (
	"errors"
	"fmt"
	"testing"

	"forge.lthn.ai/core/go-store/store"
)

// refuse makes a trigger by which an application refuses to change key bad.
func refuse(raise, event string) string {
	row := "NEW"
	if event == "DELETE" {
		row = "OLD"
	}
	return fmt.Sprintf(`CREATE TRIGGER refuse AFTER %s ON kv WHEN %s.key = 'bad' BEGIN SELECT RAISE(%s, 'refused'); END`, event, row, raise)
}

// TestTriggersThatRaise has an application's trigger refuse one write of several. The
// write that failed has stored nothing, and the Update around it is stored as a whole or
// not at all, whatever its function makes of the error. The value in the cache is the
// one in the file.
func TestTriggersThatRaise(t *testing.T) {
	t.Parallel()
	for _, raise := range []string{"ABORT", "FAIL", "ROLLBACK"} {
		for _, event := range []string{"UPDATE", "DELETE"} {
			for _, early := range []bool{true, false} {
				for _, watched := range []bool{false, true} {
					t.Run(fmt.Sprintf("%s of %s, before opening %t, watched %t", raise, event, early, watched), func(t *testing.T) {
						t.Parallel()
						path := newPath(t)
						s := open(t, path)
						set(t, s, "g", "bad", "before")
						execute(t, raw(t, path), refuse(raise, event))
						if early {
							s = open(t, path)
						}
						if watched {
							watch(t, store.NewGroup[string](s, "other"))
						}
						wantValue(t, s, "g", "bad", "before")
						change := func(tx *store.Tx) error { return tx.Set("g", "bad", "no") }
						if event == "DELETE" {
							change = func(tx *store.Tx) error { return tx.Delete("g", "bad") }
						}
						for _, last := range []error{nil, errors.New("changed my mind")} {
							err := s.Update(t.Context(), func(tx *store.Tx) error {
								set(t, tx, "g", "first", "v")
								if err := change(tx); err == nil {
									t.Error("the trigger refused nothing")
								}
								_ = tx.Set("g", "second", "v")
								return last
							})
							_, first := s.Get("g", "first")
							_, second := s.Get("g", "second")
							if stored := first == nil; stored != (second == nil) || stored != (err == nil) {
								t.Errorf("Update: %v; first: %v, second: %v", err, first, second)
							}
							wantValue(t, s, "g", "bad", "before")
							wantValue(t, open(t, path, store.WithCacheSize(0)), "g", "bad", "before")
							if err := s.DeleteGroup("none"); err != nil {
								t.Errorf("the store does not go on: %v", err)
							}
							for _, key := range []string{"first", "second"} {
								if err := s.Delete("g", key); err != nil {
									t.Error(err)
								}
							}
						}
						if early && raise != "ROLLBACK" { // the savepoint undoes the refused write alone
							if err := s.Update(t.Context(), func(tx *store.Tx) error {
								_ = change(tx)
								return tx.Set("g", "second", "v")
							}); err != nil {
								t.Errorf("an Update that passes over the refusal: %v", err)
							}
							wantValue(t, s, "g", "second", "v")
						}
					})
				}
			}
		}
	}
}

// TestTriggerThatRaisesTheRevision: the revision that a write returns, and that a watcher
// is told, is the one in the file, though a trigger raised it after the write.
func TestTriggerThatRaisesTheRevision(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := open(t, path)
	set(t, s, "g", "k", "0")
	execute(t, raw(t, path), `CREATE TRIGGER raise AFTER UPDATE OF value ON kv BEGIN
		UPDATE kv SET revision = revision + 1 WHERE grp = NEW.grp AND key = NEW.key; END`)
	g := store.NewGroup[string](s, "g")
	watch(t, g)
	for i := range 3 {
		set(t, s, "g", "k", fmt.Sprint("set ", i))
		e, err := g.Entry(t.Context(), "k")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := g.CompareAndSwap(t.Context(), "k", e.Revision, "swapped"); err != nil {
			t.Errorf("at the revision that Entry returned: %v", err)
		}
	}
}
