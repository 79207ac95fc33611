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

	type User struct {
		Name string
		Mail string
	}
	ctx := context.Background()
	users := store.NewGroup[User](s, "users") // no I/O: keep it, or make it anew
	if err := users.Set(ctx, "alice", User{Name: "Alice", Mail: "alice@example.org"}); err != nil {
		log.Fatal(err)
	}
	alice, err := users.Get(ctx, "alice")
	fmt.Println(alice.Mail, err)
	fmt.Println(s.Get("users", "alice")) // stored as JSON, the default
	// Output:
	// alice@example.org <nil>
	// {"Name":"Alice","Mail":"alice@example.org"} <nil>
}

func ExampleGroup_Entry() {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	s := newMemory(store.WithPurgeInterval(0), store.WithClock(func() time.Time { return now }))
	defer s.Close()

	ctx := context.Background()
	sessions := store.NewGroup[string](s, "session")
	must(sessions.Set(ctx, "alice", "token", store.TTL(time.Hour)))
	e, err := sessions.Entry(ctx, "alice")
	fmt.Println(e.Key, e.Value, e.ExpiresAt.UTC(), e.Revision, err)
	// Output: alice token 2026-01-01 13:00:00 +0000 UTC 1767268800000000 <nil>
}

func ExampleGroup_GetMany() {
	s := newMemory()
	defer s.Close()

	ctx := context.Background()
	config := store.NewGroup[string](s, "config")
	must(config.SetMany(ctx, map[string]string{"theme": "dark", "language": "en-GB"})) // all or none
	fmt.Println(config.GetMany(ctx, "theme", "language", "font"))
	// Output: map[language:en-GB theme:dark] <nil>
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
	// Other writers wait while the file is rewritten.
	fmt.Println(s.Compact(context.Background()))
	// Output: <nil>
}
