package store_test

import (
	"context"
	"errors"
	"fmt"

	"forge.lthn.ai/core/go-store/store"
)

func ExampleGroup_Add() {
	s := newMemory()
	defer s.Close()

	ctx := context.Background()
	locks := store.NewGroup[string](s, "locks")
	fmt.Println(locks.Add(ctx, "deploy", "alice"))
	err := locks.Add(ctx, "deploy", "bob")
	fmt.Println(errors.Is(err, store.ErrExists))
	// Output:
	// <nil>
	// true
}

func ExampleGroup_CompareAndSwap() {
	s := newMemory()
	defer s.Close()

	ctx := context.Background()
	pages := store.NewGroup[string](s, "pages")
	must(pages.Set(ctx, "home", "draft"))
	e, err := pages.Entry(ctx, "home")
	must(err)

	// Somebody else is faster.
	must(pages.Set(ctx, "home", "final"))

	_, err = pages.CompareAndSwap(ctx, "home", e.Revision, "my version")
	fmt.Println(errors.Is(err, store.ErrConflict))
	fmt.Println(pages.Get(ctx, "home"))
	// Output:
	// true
	// final <nil>
}

func ExampleGroup_CompareAndDelete() {
	s := newMemory()
	defer s.Close()

	ctx := context.Background()
	locks := store.NewGroup[string](s, "locks")
	held, err := locks.CompareAndSwap(ctx, "deploy", 0, "alice") // 0: must be absent
	must(err)
	fmt.Println(locks.CompareAndDelete(ctx, "deploy", held)) // only if it is still ours
	// Output: <nil>
}

func ExampleGroup_Modify() {
	s := newMemory()
	defer s.Close()

	ctx := context.Background()
	tags := store.NewGroup[[]string](s, "tags")
	for _, tag := range []string{"go", "sqlite"} {
		_, err := tags.Modify(ctx, "post", func(old []string, _ bool) ([]string, error) {
			return append(old, tag), nil
		})
		must(err)
	}
	fmt.Println(tags.Get(ctx, "post"))
	// Output: [go sqlite] <nil>
}

func ExampleGroup_Take() {
	s := newMemory()
	defer s.Close()

	ctx := context.Background()
	jobs := store.NewGroup[string](s, "jobs")
	must(jobs.Set(ctx, "1", "send mail"))
	fmt.Println(jobs.Take(ctx, "1")) // of many who try, one gets it
	_, err := jobs.Take(ctx, "1")
	fmt.Println(errors.Is(err, store.ErrNotFound))
	// Output:
	// send mail <nil>
	// true
}

func ExampleIncrement() {
	s := newMemory()
	defer s.Close()

	ctx := context.Background()
	hits := store.NewGroup[int64](s, "hits")
	fmt.Println(store.Increment(ctx, hits, "home", 1))
	fmt.Println(store.Increment(ctx, hits, "home", 10))
	// Output:
	// 1 <nil>
	// 11 <nil>
}

func ExampleGroup_Delete() {
	s := newMemory()
	defer s.Close()

	ctx := context.Background()
	config := store.NewGroup[string](s, "config")
	must(config.SetMany(ctx, map[string]string{"theme": "dark", "font": "mono", "language": "en-GB"}))
	fmt.Println(config.Delete(ctx, "theme", "colour")) // how many there were
	fmt.Println(config.Clear(ctx))
	// Output:
	// 1 <nil>
	// 2 <nil>
}
