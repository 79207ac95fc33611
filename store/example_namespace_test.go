package store_test

import (
	"context"
	"errors"
	"fmt"

	"forge.lthn.ai/core/go-store/store"
)

func ExampleStore_Namespace() {
	s := newMemory()
	defer s.Close()

	acme, err := s.Namespace("acme", store.WithMaxKeys(1))
	must(err)
	other, err := s.Namespace("other")
	must(err)

	must(acme.Set("config", "theme", "dark"))
	must(other.Set("config", "theme", "light"))
	fmt.Println(acme.Get("config", "theme"))

	err = acme.Set("config", "font", "mono")
	fmt.Println(errors.Is(err, store.ErrQuotaExceeded))

	colours := store.NewGroup[string](other, "config")
	fmt.Println(colours.Get(context.Background(), "theme"))
	// Output:
	// dark <nil>
	// true
	// light <nil>
}
