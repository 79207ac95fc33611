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

// Namespace is one tenant's part of a store: groups that no other namespace sees. It
// has the string verbs of a [Store], and [NewGroup] accepts it in place of a Store.
// Its groups are stored as "name:group", and the Store itself sees them under that
// name. A Namespace is safe for concurrent use and does not need to be closed. To use
// one of its groups in a transaction, call [Group.WithTx].
type Namespace struct {
	verbs
	name string
}

// NamespaceOption sets a limit of a namespace. A nil NamespaceOption is ignored.
type NamespaceOption func(*limits)

// WithMaxKeys limits the number of live keys in all groups of the namespace together.
// n must be above 0. The default is no limit.
func WithMaxKeys(n int64) NamespaceOption {
	return func(l *limits) { l.keys, l.hasKeys = n, true }
}

// WithMaxBytes limits the size of all live keys of the namespace together, in bytes.
// The size of a key is the length of its group's name without the namespace, of the
// key, and of the encoded value. The overhead of the database is not counted. n must
// be above 0. The default is no limit.
func WithMaxBytes(n int64) NamespaceOption {
	return func(l *limits) { l.bytes, l.hasBytes = n, true }
}

// Namespace returns the namespace of that name. The name must not be empty and must
// not contain a colon. A write that would exceed a limit returns [ErrQuotaExceeded]
// and changes nothing. The limit is checked in the write's own transaction, so
// concurrent writers in one or several processes cannot exceed it together. Limits
// belong to the returned Namespace and are not stored: every program that writes to
// the namespace should pass the same ones.
//
// The first call for a namespace with a limit counts the keys that it holds, which is
// a write to the file. From then on, triggers in the database keep the count,
// whichever program writes. If a namespace is already over its limit, a write that
// does not make it larger is still allowed.
func (s *Store) Namespace(name string, opts ...NamespaceOption) (*Namespace, error) {
	n, err := s.namespace(name, opts)
	if err != nil {
		return nil, failed(err, "Namespace", name, "")
	}
	return n, nil
}

func (s *Store) namespace(name string, opts []NamespaceOption) (*Namespace, error) {
	if name == "" || strings.Contains(name, ":") {
		return nil, errors.New("store: the name of a namespace must not be empty or contain a colon")
	}
	l := &limits{namespace: name, prefix: name + ":"}
	for _, o := range opts {
		if o != nil {
			o(l)
		}
	}
	if l.hasKeys && l.keys <= 0 || l.hasBytes && l.bytes <= 0 {
		return nil, errors.New("store: the limits of a namespace must be above zero; leave the option out for no limit")
	}
	n := &Namespace{name: name}
	n.scope = scope{store: s, prefix: l.prefix}
	if (l.hasKeys || l.hasBytes) && s.sweeper != nil { // a read-only store needs no count
		n.limits = l
		return n, s.eng.Apply(context.Background(), func(t engine.Tx) error {
			return l.start(context.Background(), t)
		})
	}
	return n, nil
}

// Name returns the namespace's name.
func (n *Namespace) Name() string { return n.name }

// Groups yields the groups of the namespace, named without its prefix, as
// [Store.Groups] does for the whole store.
func (n *Namespace) Groups(ctx context.Context, opts ...ScanOption) iter.Seq2[GroupInfo, error] {
	return n.listGroups(ctx, opts)
}

// limits are the limits of a namespace.
type limits struct {
	namespace string
	prefix    string

	keys, bytes       int64
	hasKeys, hasBytes bool
}

// high returns the least string above all names that begin with the prefix.
func (l *limits) high() string { return l.namespace + ";" } // ';' comes after ':'

// watch wraps fn so that it fails if it makes the namespace larger and exceeds a
// limit. The database counts expired rows until they are removed, so watch removes
// them before it refuses a write because of them.
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

// start makes the database count the namespace, unless it already does.
func (l *limits) start(ctx context.Context, t engine.Tx) error {
	return t.StartUsage(ctx, engine.StartUsageParams{
		Namespace: l.namespace, Prefix: l.prefix, Low: l.prefix, High: l.high(),
	})
}

// usage returns what the namespace holds. If that is over a limit, usage removes the
// expired rows first.
func (l *limits) usage(ctx context.Context, t engine.Tx, now time.Time) (engine.UsageRow, error) {
	u, err := t.Usage(ctx, l.namespace)
	if isNotFound(err) { // another program has removed the count
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

// allow returns ErrQuotaExceeded if the namespace has grown beyond a limit. One that
// was over its limit before may stay or shrink.
func (l *limits) allow(before, after engine.UsageRow) error {
	switch {
	case l.hasKeys && after.Keys > l.keys && after.Keys > before.Keys:
		return fmt.Errorf("%w: %d keys, the limit is %d", ErrQuotaExceeded, after.Keys, l.keys)
	case l.hasBytes && after.Bytes > l.bytes && after.Bytes > before.Bytes:
		return fmt.Errorf("%w: %d bytes, the limit is %d", ErrQuotaExceeded, after.Bytes, l.bytes)
	}
	return nil
}
