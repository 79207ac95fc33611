package store_test

import (
	"errors"
	"fmt"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

func Example_errors() {
	s := newMemory()
	defer s.Close()

	theme, err := s.Get("config", "theme")
	switch {
	case errors.Is(err, store.ErrNotFound):
		theme = "light" // absent or expired
	case errors.Is(err, store.ErrBusy):
		fmt.Println("another process writes; try again later")
	case err != nil:
		fmt.Println("could not read the theme:", err)
	}
	fmt.Println(theme)
	// Output: light
}

func ExampleError() {
	s := newMemory()
	defer s.Close()

	_, err := s.Get("config", "theme")
	var e *store.Error
	if errors.As(err, &e) {
		fmt.Println(e.Op, e.Group, e.Key, e.Err)
	}
	// Output: Get config theme store: not found
}

func ExampleNew_optionsOutOfRange() {
	_, err := store.New(":memory:",
		store.WithPurgeInterval(-time.Second),
		store.WithCacheSize(-1))
	fmt.Println(err)
	// Output:
	// store.New: WithPurgeInterval(-1s): give 0 for no background purge, or more
	// WithCacheSize(-1): give 0 for no cache, or more bytes
}
