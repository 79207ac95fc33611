package contender

import "forge.lthn.ai/core/go-store/store"

// goStoreNormal is go-store with durability Normal, which does not wait for the disk. It is for comparison with contenders that
// do not wait by default.
func goStoreNormal() Contender {
	return Contender{
		Name: "go-store-normal", Title: "go-store (Normal)", Module: goStoreModule, Family: GoStoreFamily,
		Setup:      "as go-store, with durability Normal",
		Roles:      Read | Write | Bulk,
		OnlyOwn:    true,
		FillsCache: true,
		Open: func(dir string, _ Config) (Store, error) {
			return openGoStore(dir, store.WithDurability(store.Normal))
		},
	}
}
