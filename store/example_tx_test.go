package store_test

import (
	"context"
	"errors"
	"fmt"

	"forge.lthn.ai/core/go-store/store"
)

func ExampleStore_Update() {
	s := newMemory()
	defer s.Close()

	ctx := context.Background()
	accounts := store.NewGroup[int64](s, "accounts")
	must(accounts.SetMany(ctx, map[string]int64{"alice": 10, "bob": 0}))

	transfer := func(from, to string, amount int64) error {
		return s.Update(ctx, func(tx *store.Tx) error {
			accounts := accounts.WithTx(tx)
			left, err := store.Increment(ctx, accounts, from, -amount)
			if err != nil {
				return err
			}
			if left < 0 {
				return errors.New("not enough") // nothing of it happens
			}
			_, err = store.Increment(ctx, accounts, to, amount)
			return err
		})
	}
	fmt.Println(transfer("alice", "bob", 7))
	fmt.Println(transfer("alice", "bob", 7))
	fmt.Println(accounts.GetMany(ctx, "alice", "bob"))
	// Output:
	// <nil>
	// not enough
	// map[alice:3 bob:7] <nil>
}

func ExampleStore_View() {
	s := newMemory()
	defer s.Close()
	must(s.Set("config", "theme", "dark"))

	err := s.View(context.Background(), func(tx *store.Tx) error {
		if err := s.Set("config", "theme", "light"); err != nil { // other writers do not wait
			return err
		}
		theme, err := tx.Get("config", "theme") // one snapshot
		fmt.Println(theme)
		return err
	})
	must(err)
	fmt.Println(s.Get("config", "theme"))
	// Output:
	// dark
	// light <nil>
}
