package store_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"forge.lthn.ai/core/go-store/store"
)

// A copy of the configuration in memory that follows the changes in the store, by
// whichever process.
func Example_config() {
	s := newMemory()
	defer s.Close()

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	config := store.NewGroup[string](s, "config")
	must(config.SetMany(ctx, map[string]string{"theme": "light", "font": "mono"}))

	// Watch first and read then: what changes in between is among the events.
	events := config.Watch(ctx)
	current, err := s.GetAll("config")
	must(err)
	must(config.Set(ctx, "theme", "dark"))
	must(s.Delete("config", "font"))

	for e, err := range events {
		switch {
		case errors.Is(err, store.ErrLagged): // events were lost: read the group again
			if current, err = s.GetAll("config"); err != nil {
				log.Fatal(err)
			}
		case err != nil:
			log.Fatal(err)
		case e.Kind == store.EventSet:
			current[e.Key] = e.Value
		default: // deleted or expired
			delete(current, e.Key)
		}
		fmt.Println(current)
		if len(current) == 1 {
			break // or cancel ctx
		}
	}
	// Output:
	// map[font:mono theme:dark]
	// map[theme:dark]
}
