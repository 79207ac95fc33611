package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"strings"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

func ExampleOption() {
	path, remove := newFile()
	defer remove()

	logger := slog.New(slog.DiscardHandler)
	s, err := store.New(path,
		store.WithDurability(store.Normal),     // sync at checkpoints, not at each commit
		store.WithBusyTimeout(2*time.Second),   // then ErrBusy
		store.WithPurgeInterval(5*time.Minute), // 0: no background purge
		store.WithCacheSize(256<<20),           // bytes; 0: no cache
		store.WithLogger(logger))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(s.Close())
	// Output: <nil>
}

func ExampleWithClock() {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	s := newMemory(store.WithPurgeInterval(0), store.WithClock(func() time.Time { return now }))
	defer s.Close()

	must(s.SetWithTTL("cache", "page", "<html>", time.Hour))
	now = now.Add(time.Hour - time.Millisecond)
	fmt.Println(s.Count("cache"))
	now = now.Add(time.Millisecond)
	fmt.Println(s.Count("cache"))
	// Output:
	// 1 <nil>
	// 0 <nil>
}

func ExampleWithLogger() {
	path, remove := newFile()
	defer remove()

	var text bytes.Buffer
	log := slog.New(slog.NewTextHandler(&text, nil))
	s, err := store.New(path, store.WithLogger(log)) // a new file: all migrations run
	must(err)
	must(s.Close())
	fmt.Println(strings.Contains(text.String(), "00001_create_kv.sql"))
	// Output: true
}

func ExampleWithReadOnly() {
	path, remove := newFile()
	defer remove()
	s, err := store.New(path)
	must(err)
	must(s.Set("config", "theme", "dark"))
	must(s.Close())

	r, err := store.New(path, store.WithReadOnly())
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	fmt.Println(r.Get("config", "theme"))
	err = r.Set("config", "theme", "light")
	fmt.Println(errors.Is(err, store.ErrReadOnly))
	// Output:
	// dark <nil>
	// true
}
