package store_test

import (
	"fmt"

	"forge.lthn.ai/core/go-store/store"
)

// Several processes may have one file open. Here, two Stores of one process stand for
// two processes; they share nothing but the file.
func Example_severalProcesses() {
	path, remove := newFile()
	defer remove()

	one, err := store.New(path)
	must(err)
	defer one.Close()
	other, err := store.New(path)
	must(err)
	defer other.Close()

	must(one.Set("config", "theme", "light"))
	fmt.Println(other.Get("config", "theme")) // now in the cache of other
	must(one.Set("config", "theme", "dark"))
	fmt.Println(other.Get("config", "theme")) // a cached value is never stale
	// Output:
	// light <nil>
	// dark <nil>
}
