package enginetest

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// never is the expiry of a row that does not expire.
const never = engine.Never

// at is the expiry of a row that expires at that time.
func at(ms int64) engine.Expiry { return engine.ExpireAt(ms) }

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("error: %v", err)
	}
}

func isError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("error is %v, want %v", err, want)
	}
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Fatalf("%s is %.200v, want %.200v", what, got, want)
	}
}

// removed checks the number of rows that a statement returned.
func removed(t *testing.T, want int64) func(int64, error) {
	t.Helper()
	return func(n int64, err error) {
		t.Helper()
		noError(t, err)
		equal(t, "number of rows", n, want)
	}
}

// put is a Set that must succeed.
func put(t *testing.T, w engine.Writer, grp, key, value string, expires engine.Expiry) {
	t.Helper()
	noError(t, w.Set(t.Context(), engine.SetParams{Grp: grp, Key: key, Value: value, ExpiresAt: expires}))
}

// holds checks that a row exists, expired or not, and has that value.
func holds(t *testing.T, r engine.Reader, grp, key, value string) {
	t.Helper()
	row, err := r.Get(t.Context(), engine.GetParams{Grp: grp, Key: key})
	noError(t, err)
	if row.Value != value {
		t.Fatalf("%.80q/%.80q is %.80q (%d bytes), want %.80q (%d bytes)", grp, key, row.Value, len(row.Value), value, len(value))
	}
}

// lacks checks that a row does not exist.
func lacks(t *testing.T, r engine.Reader, grp, key string) {
	t.Helper()
	_, err := r.Get(t.Context(), engine.GetParams{Grp: grp, Key: key})
	isError(t, err, engine.ErrNotFound)
}

// counts checks the number of live keys in a group at now.
func counts(t *testing.T, r engine.Reader, grp string, now, want int64) {
	t.Helper()
	n, err := r.Count(t.Context(), engine.CountParams{Grp: grp, Now: now})
	noError(t, err)
	equal(t, "count", n, want)
}

// all returns the live keys of a group at now.
func all(t *testing.T, r engine.Reader, grp string, now int64) map[string]string {
	t.Helper()
	rows, err := r.GetAll(t.Context(), engine.GetAllParams{Grp: grp, Now: now})
	noError(t, err)
	return rows
}

// cancelled returns a context that is done.
func cancelled(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
