package store_test

import (
	"fmt"

	"forge.lthn.ai/core/go-store/store"
)

// Several processes may have one file open. Two Stores of one process, as here,
// know no more of each other than two processes do.
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
	fmt.Println(other.Get("config", "theme")) // from now on in its cache
	must(one.Set("config", "theme", "dark"))
	fmt.Println(other.Get("config", "theme")) // and yet never stale
	// Output:
	// light <nil>
	// dark <nil>
}
