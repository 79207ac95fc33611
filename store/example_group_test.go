package store_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

func ExampleStore_Groups() {
	s := newMemory()
	defer s.Close()

	must(s.Set("config", "theme", "dark"))
	must(s.Set("user:1", "name", "Alice"))
	must(s.Set("user:1", "mail", "alice@example.org"))
	must(s.Set("user:2", "name", "Bob"))
	for g, err := range s.Groups(context.Background(), store.Prefix("user:")) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(g.Name, g.Keys)
	}
	// Output:
	// user:1 2
	// user:2 1
}

func ExampleNewGroup() {
	s := newMemory()
	defer s.Close()

	type point struct{ X, Y int }
	must(s.Set("points", "origin", `{"X":0,"Y":0}`)) // any type but string and []byte is JSON
	points := store.NewGroup[point](s, "points")
	e, err := points.Entry(context.Background(), "origin")
	fmt.Println(e.Key, e.Value, err)
	// Output: origin {0 0} <nil>
}

func ExampleGroup_Entry() {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	s := newMemory(store.WithPurgeInterval(0), store.WithClock(func() time.Time { return now }))
	defer s.Close()

	must(s.SetWithTTL("session", "alice", "token", time.Hour))
	e, err := store.NewGroup[string](s, "session").Entry(context.Background(), "alice")
	fmt.Println(e.Key, e.Value, e.ExpiresAt.UTC(), err)
	// Output: alice token 2026-01-01 13:00:00 +0000 UTC <nil>
}

func ExampleGroup_All() {
	s := newMemory()
	defer s.Close()

	for _, name := range []string{"alice", "bob", "carol", "dave"} {
		must(s.Set("users", name, "here"))
	}
	users := store.NewGroup[string](s, "users")
	cursor := ""
	for e, err := range users.All(context.Background(), store.Limit(2)) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(e.Key, e.Value)
		cursor = e.Key
	}
	for e, err := range users.All(context.Background(), store.After(cursor), store.Reverse()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("before", cursor, "from the end:", e.Key)
	}
	// Output:
	// alice here
	// bob here
	// before bob from the end: alice
}

func ExampleStore_Compact() {
	path, remove := newFile()
	defer remove()
	s, err := store.New(path)
	must(err)
	defer s.Close()

	must(s.Set("blobs", "large", string(make([]byte, 1<<20))))
	must(s.DeleteGroup("blobs"))
	// Other writes wait while the file is written anew.
	fmt.Println(s.Compact(context.Background()))
	// Output: <nil>
}
