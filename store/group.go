package store

import (
	"context"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// Group is the keys of one group with values of one type. It is a cheap value
// and safe for many goroutines.
type Group[V any] struct {
	session Session
	name    string
	codec   Codec
}

// GroupOption changes how NewGroup makes a group.
type GroupOption func(*groupConfig)

type groupConfig struct {
	codec Codec
}

// WithCodec sets how values are stored. By default string and []byte are stored
// as they are, and any other type as JSON.
func WithCodec(c Codec) GroupOption {
	return func(g *groupConfig) { g.codec = c }
}

// NewGroup returns the group of that name. It does no I/O: a group exists while
// it holds a key.
func NewGroup[V any](s Session, name string, opts ...GroupOption) Group[V] {
	var c groupConfig
	for _, o := range opts {
		if o != nil {
			o(&c)
		}
	}
	return Group[V]{session: s, name: name, codec: c.codec}
}

// Entry is a key with all that the store knows of it.
type Entry[V any] struct {
	Key       string
	Value     V
	ExpiresAt time.Time // zero: never
}

// Entry returns a live key's entry, or [ErrNotFound].
func (g Group[V]) Entry(ctx context.Context, key string) (Entry[V], error) {
	e, err := g.entry(ctx, key)
	return e, failed(err, "Entry", g.name, key)
}

func (g Group[V]) entry(ctx context.Context, key string) (Entry[V], error) {
	if err := ctx.Err(); err != nil { // an answer from the cache does not ask
		return Entry[V]{}, err
	}
	sc := g.session.scope()
	row, err := sc.read.Get(ctx, engine.GetParams{Grp: g.name, Key: key})
	if err != nil {
		return Entry[V]{}, err
	}
	if row.ExpiresAt.Valid && expired(row.ExpiresAt, sc.now()) {
		return Entry[V]{}, ErrNotFound
	}
	return g.decode(engine.Row{Key: key, Value: row.Value, ExpiresAt: row.ExpiresAt})
}

// decode makes an entry of a row. On an error the entry lacks only its value.
func (g Group[V]) decode(row engine.Row) (Entry[V], error) {
	e := Entry[V]{Key: row.Key}
	if row.ExpiresAt.Valid {
		e.ExpiresAt = time.UnixMilli(row.ExpiresAt.Int64)
	}
	var err error
	e.Value, err = decode[V](g.codec, row.Value)
	return e, err
}
