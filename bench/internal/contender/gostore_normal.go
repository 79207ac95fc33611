package contender

import "forge.lthn.ai/core/go-store/store"

// goStoreNormal is go-store told not to wait for the disk: its part among those that do not by default.
func goStoreNormal() Contender {
	return Contender{
		Name: "go-store-normal", Title: "go-store (Normal)", Module: goStoreModule, Family: GoStoreFamily,
		Setup:      "as go-store, with its durability set to Normal",
		Roles:      Read | Write | Bulk,
		OnlyOwn:    true,
		FillsCache: true,
		Open: func(dir string, _ Config) (Store, error) {
			return openGoStore(dir, store.WithDurability(store.Normal))
		},
	}
}
