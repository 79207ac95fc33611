package store_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"

	"forge.lthn.ai/core/go-store/store"
)

// newFile returns a path for an example, in a folder that remove deletes.
func newFile() (path string, remove func()) {
	dir, err := os.MkdirTemp("", "store-example-")
	if err != nil {
		log.Fatal(err)
	}
	return filepath.Join(dir, "notes.db"), func() {
		if err := os.RemoveAll(dir); err != nil {
			log.Fatal(err)
		}
	}
}

// newMemory returns a store in memory for an example.
func newMemory(opts ...store.Option) *store.Store {
	s, err := store.New(":memory:", opts...)
	if err != nil {
		log.Fatal(err)
	}
	return s
}

// must ends an example that fails.
func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func Example() {
	path, remove := newFile()
	defer remove()

	s, err := store.New(path)
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	if err := s.Set("config", "theme", "dark"); err != nil {
		log.Fatal(err)
	}
	theme, err := s.Get("config", "theme")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(theme)
	// Output: dark
}

func ExampleNew() {
	path, remove := newFile()
	defer remove()

	s, err := store.New(path) // creates the file, or upgrades an older one
	if err != nil {
		log.Fatal(err)
	}
	must(s.Set("config", "theme", "dark"))
	must(s.Close())

	s, err = store.New(path)
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	fmt.Println(s.Get("config", "theme"))
	// Output: dark <nil>
}

func ExampleNew_memory() {
	s, err := store.New(":memory:") // private, and gone after Close
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	must(s.Set("config", "theme", "dark"))
	fmt.Println(s.Count("config"))
	// Output: 1 <nil>
}

func ExampleStore_Close() {
	s := newMemory()
	must(s.Close())
	must(s.Close()) // may be called twice
	fmt.Println(s.Set("config", "theme", "dark"))
	// Output: store.Set: config/theme: store: closed
}
