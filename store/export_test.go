package store

import "forge.lthn.ai/core/go-store/internal/engine"

// NewOn returns a store on the engine of a test.
func NewOn(eng engine.Engine, opts ...Option) (*Store, error) {
	c, err := newConfig(opts, func(string) bool { return false })
	if err != nil {
		return nil, err
	}
	return newStore(eng, c), nil
}
