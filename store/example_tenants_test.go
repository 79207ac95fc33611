package store_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

// Tenants that do not see each other's keys, each with limits.
func Example_tenants() {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	s := newMemory(store.WithClock(func() time.Time { return now }), store.WithPurgeInterval(0))
	defer s.Close()

	tenant := func(name string) *store.Namespace {
		n, err := s.Namespace(name, store.WithMaxKeys(2), store.WithMaxBytes(1<<20))
		must(err)
		return n
	}
	ctx := context.Background()
	acme := store.NewGroup[string](tenant("acme"), "files")
	must(acme.Set(ctx, "a", "…"))
	must(acme.Set(ctx, "b", "…", store.TTL(time.Hour)))
	err := acme.Set(ctx, "c", "…")
	fmt.Println(errors.Is(err, store.ErrQuotaExceeded), err)
	fmt.Println(acme.Set(ctx, "a", "over an old one")) // not one more key

	// All or none.
	err = acme.SetMany(ctx, map[string]string{"a": "new", "c": "new"})
	fmt.Println(errors.Is(err, store.ErrQuotaExceeded))

	now = now.Add(time.Hour) // expired keys do not count
	fmt.Println(acme.Set(ctx, "c", "…"))

	other := store.NewGroup[string](tenant("other"), "files") // does not see acme's keys
	fmt.Println(other.Count(ctx))
	// Output:
	// true store.Set: files/c: store: namespace is full: 3 keys, the limit is 2
	// <nil>
	// true
	// <nil>
	// 0 <nil>
}
