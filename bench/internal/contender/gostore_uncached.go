package contender

import "forge.lthn.ai/core/go-store/store"

// goStoreUncached is go-store with its cache off: each read costs what a cache miss costs.
func goStoreUncached() Contender {
	return Contender{
		Name: "go-store-uncached", Title: "go-store, no cache", Module: goStoreModule, Family: GoStoreFamily,
		Setup: "as go-store, with a cache size of 0",
		Roles: ReadCold | ReadMany | GroupCold | Size,
		Open: func(dir string, _ Config) (Store, error) {
			return openGoStore(dir, store.WithCacheSize(0))
		},
	}
}
