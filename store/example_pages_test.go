package store_test

import (
	"context"
	"fmt"

	"forge.lthn.ai/core/go-store/store"
)

// Pages for a user: the last key of one page is the cursor for the next. Nothing stays
// open between pages, and keys that are created or deleted meanwhile shift no page.
func Example_pagination() {
	s := newMemory()
	defer s.Close()

	ctx := context.Background()
	users := store.NewGroup[string](s, "users")
	for _, name := range []string{"root", "user:alice", "user:bob", "user:carol"} {
		must(users.Set(ctx, name, "here"))
	}
	page := func(opts ...store.ScanOption) (cursor string) {
		var names []string
		for e, err := range users.All(ctx, append(opts, store.Prefix("user:"), store.Limit(2))...) {
			must(err)
			names = append(names, e.Key)
			cursor = e.Key
		}
		fmt.Println(names)
		return cursor
	}

	cursor := page()
	page(store.After(cursor))
	cursor = page(store.Reverse()) // from the end
	page(store.Reverse(), store.After(cursor))
	// Output:
	// [user:alice user:bob]
	// [user:carol]
	// [user:carol user:bob]
	// [user:alice]
}
