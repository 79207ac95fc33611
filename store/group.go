package store

import (
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// Group gives access to the keys of one group, with values of one type. It is a small
// value, made by [NewGroup]. It is safe for concurrent use, except inside a [Tx]. The
// zero Group is not usable.
//
// Each verb except the iterators is atomic. For every verb, an expired key is absent.
// Errors are of type *[Error] and name the group and, where there is one, the key. A
// verb whose context is done returns the context's error; a write that a transaction
// has already picked up still completes, and returns its own result. The caller owns
// what a verb returns, and a verb keeps no reference to its arguments.
type Group[V any] struct {
	sc    *scope
	name  string
	codec Codec
}

// GroupOption configures a group for [NewGroup]. A nil GroupOption is ignored.
type GroupOption func(*groupConfig)

type groupConfig struct {
	codec Codec
}

// WithCodec sets how values are encoded. The default, also chosen by nil, stores
// string and []byte unchanged and any other type as JSON, including types that are
// defined from string or []byte. The file does not record which codec wrote a value,
// so every user of the group must pass the same codec.
func WithCodec(c Codec) GroupOption {
	return func(g *groupConfig) { g.codec = c }
}

// NewGroup returns the group of that name in a store, a transaction or a namespace.
// The name may hold any bytes. NewGroup does no I/O and cannot fail; a group exists
// while it holds a key. Two Groups of the same name share their keys, even if their
// types differ; a verb that reads a value that does not decode as V returns an error.
func NewGroup[V any](s Session, name string, opts ...GroupOption) Group[V] {
	var c groupConfig
	for _, o := range opts {
		if o != nil {
			o(&c)
		}
	}
	return Group[V]{sc: s.session(), name: name, codec: c.codec}
}

// WithTx returns the same group inside a transaction. A group of a [Namespace] keeps
// its limits. The result works until the transaction ends, after which its verbs
// return [ErrClosed]; g itself is unchanged. If tx belongs to another Store, the
// verbs return an error.
func (g Group[V]) WithTx(tx *Tx) Group[V] {
	sc := *g.sc
	sc.tx = tx
	g.sc = &sc
	return g
}

// Revision is the version of a key. Every write of the key raises it, and a change of
// the key's expiry counts as a write. A new revision is the time of the write, in
// microseconds since 1970, or one more than the old revision if that is higher. It
// therefore does not start again when a key is deleted and created again. Revisions
// of different keys cannot be compared.
type Revision int64

// Entry is a key with its value, expiry and revision.
type Entry[V any] struct {
	Key       string
	Value     V
	ExpiresAt time.Time // in whole milliseconds, in the local time zone; zero: never
	Revision  Revision
}

// decode returns the entry of a row. On an error the entry lacks only its value.
func (g Group[V]) decode(row engine.Row) (Entry[V], error) {
	e := describe[V](row)
	var err error
	e.Value, err = decode[V](g.codec, row.Value)
	return e, err
}

// describe returns the entry of a row without its value.
func describe[V any](row engine.Row) Entry[V] {
	return Entry[V]{Key: row.Key, ExpiresAt: row.ExpiresAt.Time(), Revision: Revision(row.Revision)}
}
