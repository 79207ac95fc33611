package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"forge.lthn.ai/core/go-store/store"
)

// The body of a loop may write, also to the group that it iterates over.
func ExampleGroup_All_writing() {
	s := newMemory()
	defer s.Close()

	ctx := context.Background()
	mail := store.NewGroup[string](s, "mail")
	must(mail.SetMany(ctx, map[string]string{"alice": "Alice@Example.org", "bob": "bob@example.org", "carol": ""}))

	for e, err := range mail.All(ctx) {
		must(err)
		if e.Value == "" {
			// Only the value that this loop has read: a newer one stays.
			err = mail.CompareAndDelete(ctx, e.Key, e.Revision)
		} else if low := strings.ToLower(e.Value); low != e.Value {
			_, err = mail.CompareAndSwap(ctx, e.Key, e.Revision, low, store.KeepTTL())
		}
		if err != nil && !errors.Is(err, store.ErrConflict) {
			must(err)
		}
	}
	fmt.Println(s.GetAll("mail"))
	// Output: map[alice:alice@example.org bob:bob@example.org] <nil>
}
