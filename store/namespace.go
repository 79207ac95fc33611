package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// Namespace is a tenant's part of a store: groups that no other namespace sees. It
// has the string verbs of a [Store], and [NewGroup] takes it as it takes a Store.
// Its groups are stored as "name:group", by which the Store itself sees them. It is
// safe for many goroutines and needs no closing. To work in a transaction, take one
// of its groups there with [Group.WithTx].
type Namespace struct {
	verbs
	name string
}

// NamespaceOption limits a namespace.
type NamespaceOption func(*limits)

// WithMaxKeys limits the number of live keys, of all groups of the namespace
// together. It must be above 0.
func WithMaxKeys(n int64) NamespaceOption {
	return func(l *limits) { l.keys, l.hasKeys = n, true }
}

// WithMaxBytes limits the bytes of all live keys: those of their group's name without
// the namespace, of the key, and of the value as it is stored. It must be above 0.
// What the database needs besides does not count.
func WithMaxBytes(n int64) NamespaceOption {
	return func(l *limits) { l.bytes, l.hasBytes = n, true }
}

// Namespace returns the namespace of that name, which must not be empty nor hold a
// colon. A write that would exceed a limit gives [ErrQuotaExceeded] and changes
// nothing; this is decided in the write's own transaction, so that no two writers
// together exceed it, in one process or several. Limits belong to the Namespace
// value: every program that writes should give the same.
//
// The first use of a namespace with a limit counts what it holds, which is a write.
// From then on the database keeps the count, by triggers, whoever writes. A write
// that makes a namespace no larger is allowed also if it is over its limit.
func (s *Store) Namespace(name string, opts ...NamespaceOption) (*Namespace, error) {
	n, err := s.namespace(name, opts)
	if err != nil {
		return nil, failed(err, "Namespace", name, "")
	}
	return n, nil
}

func (s *Store) namespace(name string, opts []NamespaceOption) (*Namespace, error) {
	if name == "" || strings.Contains(name, ":") {
		return nil, errors.New("store: a namespace's name must not be empty nor hold a colon")
	}
	l := &limits{namespace: name, prefix: name + ":"}
	for _, o := range opts {
		if o != nil {
			o(l)
		}
	}
	if l.hasKeys && l.keys <= 0 || l.hasBytes && l.bytes <= 0 {
		return nil, errors.New("store: a namespace's limits must be above zero; leave the option out for none")
	}
	n := &Namespace{name: name}
	n.scope = scope{store: s, prefix: l.prefix}
	if (l.hasKeys || l.hasBytes) && s.sweeper != nil { // nobody writes to a read-only store
		n.limits = l
		return n, s.eng.Apply(context.Background(), func(t engine.Tx) error {
			return l.start(context.Background(), t)
		})
	}
	return n, nil
}

// Name returns the namespace's name.
func (n *Namespace) Name() string { return n.name }

// Groups yields the groups of the namespace as [Store.Groups] does those of the
// store.
func (n *Namespace) Groups(ctx context.Context, opts ...ScanOption) iter.Seq2[GroupInfo, error] {
	return n.listGroups(ctx, opts)
}

// limits are what a namespace may hold.
type limits struct {
	namespace string
	prefix    string

	keys, bytes       int64
	hasKeys, hasBytes bool
}

// high is the least string above all names that begin with the prefix.
func (l *limits) high() string { return l.namespace + ";" } // ';' comes after ':'

// watch makes fn fail if it adds to what exceeds a limit. Rows that have expired
// count in the database until they are removed, so they are, before anything is
// refused on their account.
func (l *limits) watch(ctx context.Context, now time.Time, fn func(engine.Tx) error) func(engine.Tx) error {
	return func(t engine.Tx) error {
		before, err := l.usage(ctx, t, now)
		if err != nil {
			return err
		}
		if err := fn(t); err != nil {
			return err
		}
		after, err := l.usage(ctx, t, now)
		if err != nil {
			return err
		}
		return l.allow(before, after)
	}
}

// start has the database count the namespace, if it does not yet.
func (l *limits) start(ctx context.Context, t engine.Tx) error {
	return t.StartUsage(ctx, engine.StartUsageParams{
		Namespace: l.namespace, Prefix: l.prefix, Low: l.prefix, High: l.high(),
	})
}

// usage is what the namespace holds, without the expired rows if that matters.
func (l *limits) usage(ctx context.Context, t engine.Tx, now time.Time) (engine.UsageRow, error) {
	u, err := t.Usage(ctx, l.namespace)
	if isNotFound(err) { // somebody has removed the count
		if err = l.start(ctx, t); err == nil {
			u, err = t.Usage(ctx, l.namespace)
		}
	}
	if err != nil || !l.over(u) {
		return u, err
	}
	_, err = t.PurgeRange(ctx, engine.PurgeRangeParams{Low: l.prefix, High: l.high(), Now: now.UnixMilli()})
	if err != nil {
		return u, err
	}
	return t.Usage(ctx, l.namespace)
}

func (l *limits) over(u engine.UsageRow) bool {
	return l.hasKeys && u.Keys > l.keys || l.hasBytes && u.Bytes > l.bytes
}

// allow refuses what has grown beyond a limit. What was beyond it before, because
// the limit was higher, may shrink.
func (l *limits) allow(before, after engine.UsageRow) error {
	switch {
	case l.hasKeys && after.Keys > l.keys && after.Keys > before.Keys:
		return fmt.Errorf("%w: %d keys, the limit is %d", ErrQuotaExceeded, after.Keys, l.keys)
	case l.hasBytes && after.Bytes > l.bytes && after.Bytes > before.Bytes:
		return fmt.Errorf("%w: %d bytes, the limit is %d", ErrQuotaExceeded, after.Bytes, l.bytes)
	}
	return nil
}
