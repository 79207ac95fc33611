package store

import (
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// Group is the keys of one group, with values of one type. It is a cheap value,
// made by [NewGroup], and safe for many goroutines, unless it works in a [Tx]. The
// zero Group is of no use.
//
// Each verb is atomic, but for the iterators, and an expired key is absent for every
// one of them. A verb whose context is done gives the context's error; a write that
// has been picked up by then goes on to its end. Errors are of type *[Error] and
// name the group and, if it is about one, the key. What a verb returns is the
// caller's own; what it was given it does not keep.
type Group[V any] struct {
	sc    *scope
	name  string
	codec Codec
}

// GroupOption changes how NewGroup makes a group.
type GroupOption func(*groupConfig)

type groupConfig struct {
	codec Codec
}

// WithCodec sets how values are stored; nil stands for the default: string and
// []byte, but not types made of them, are stored as they are, and any other type as
// JSON. The file does not say which codec wrote a value: all who use the group must
// give the same.
func WithCodec(c Codec) GroupOption {
	return func(g *groupConfig) { g.codec = c }
}

// NewGroup returns the group of that name, which may be any bytes. It does no I/O: a
// group exists while it holds a key. Two groups of one name are the same, also with
// different types; a value that does not decode as V is an error of the verb that
// reads it.
func NewGroup[V any](s Session, name string, opts ...GroupOption) Group[V] {
	var c groupConfig
	for _, o := range opts {
		if o != nil {
			o(&c)
		}
	}
	return Group[V]{sc: s.session(), name: name, codec: c.codec}
}

// WithTx returns the same group, of a [Store] or of a [Namespace] with its limits, in
// a transaction. It works until the transaction ends, and g goes on as before. A
// transaction of another Store is an error of the verbs.
func (g Group[V]) WithTx(tx *Tx) Group[V] {
	sc := *g.sc
	sc.tx = tx
	g.sc = &sc
	return g
}

// Revision counts the writes of a key: each makes it higher. It follows the clock,
// in microseconds, and so does not begin again when a key is deleted and made anew.
// Changing when a key expires is a write too. Revisions of different keys say
// nothing of each other.
type Revision int64

// Entry is a key with all that the store knows of it. ExpiresAt is in whole
// milliseconds and in the local time zone.
type Entry[V any] struct {
	Key       string
	Value     V
	ExpiresAt time.Time // zero: never
	Revision  Revision
}

// decode makes an entry of a row. On an error the entry lacks only its value.
func (g Group[V]) decode(row engine.Row) (Entry[V], error) {
	e := describe[V](row)
	var err error
	e.Value, err = decode[V](g.codec, row.Value)
	return e, err
}

// describe makes an entry of a row without its value.
func describe[V any](row engine.Row) Entry[V] {
	e := Entry[V]{Key: row.Key, Revision: Revision(row.Revision)}
	if row.ExpiresAt.Valid {
		e.ExpiresAt = time.UnixMilli(row.ExpiresAt.Int64)
	}
	return e
}
