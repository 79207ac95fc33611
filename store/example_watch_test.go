package store_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"forge.lthn.ai/core/go-store/store"
)

func ExampleGroup_Watch() {
	s := newMemory()
	defer s.Close()

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	config := store.NewGroup[string](s, "config")
	events := config.Watch(ctx) // from here on nothing is missed
	must(config.Set(ctx, "theme", "dark"))
	_, err := config.Delete(ctx, "theme")
	must(err)

	for e, err := range events {
		if errors.Is(err, store.ErrLagged) {
			continue // too slow: read the group again, and go on
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(e.Kind, e.Key, e.Value)
		if e.Kind == store.EventDelete {
			break
		}
	}
	// Output:
	// set theme dark
	// delete theme
}
