package store

import (
	"context"
	"database/sql"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// The verbs of the string API. Each exported one is the plain one with its
// error made an *Error.

// Get returns the value of a key, or [ErrNotFound] if there is none or it has
// expired.
func (s *Store) Get(group, key string) (string, error) {
	value, err := s.get(group, key)
	if err != nil {
		return "", failed(err, "Get", group, key)
	}
	return value, nil
}

// Set stores a value that does not expire, over any earlier value and its TTL.
// Group, key and value may be any bytes, 1,000,000,000 of them together.
func (s *Store) Set(group, key, value string) error {
	return failed(s.set(group, key, value, sql.NullInt64{}), "Set", group, key)
}

// SetWithTTL stores a value that expires after ttl, which is rounded up to whole
// milliseconds and must be above zero, else [ErrInvalidTTL].
func (s *Store) SetWithTTL(group, key, value string, ttl time.Duration) error {
	return failed(s.setWithTTL(group, key, value, ttl), "SetWithTTL", group, key)
}

// Delete removes a key. One that is absent is no error.
func (s *Store) Delete(group, key string) error {
	_, err := s.eng.Delete(context.Background(), engine.DeleteParams{Grp: group, Key: key})
	return failed(err, "Delete", group, key)
}

// DeleteGroup removes every key of a group, all or none.
func (s *Store) DeleteGroup(group string) error {
	_, err := s.eng.DeleteGroup(context.Background(), group)
	return failed(err, "DeleteGroup", group, "")
}

// Count returns the number of live keys in a group.
func (s *Store) Count(group string) (int, error) {
	n, err := s.eng.Count(context.Background(), engine.CountParams{Grp: group, Now: s.nowMilli()})
	return int(n), failed(err, "Count", group, "")
}

// GetAll returns the live keys of a group and their values, as of one moment.
// The map is the caller's; for a group that is absent it is empty, not nil.
func (s *Store) GetAll(group string) (map[string]string, error) {
	all, err := s.getAll(context.Background(), group)
	return all, failed(err, "GetAll", group, "")
}

func (s *Store) get(group, key string) (string, error) {
	row, err := s.eng.Get(context.Background(), engine.GetParams{Grp: group, Key: key})
	if err != nil {
		return "", err
	}
	// Most keys have no expiry, and then the clock need not be read.
	if row.ExpiresAt.Valid {
		if now := s.nowMilli(); expired(row.ExpiresAt, now) {
			s.upkeep.remove(engine.DeleteExpiredParams{Grp: group, Key: key, Now: now})
			return "", ErrNotFound
		}
	}
	return row.Value, nil
}

func (s *Store) set(group, key, value string, expiresAt sql.NullInt64) error {
	return s.eng.Set(context.Background(), engine.SetParams{
		Grp: group, Key: key, Value: value, ExpiresAt: expiresAt,
	})
}

func (s *Store) setWithTTL(group, key, value string, ttl time.Duration) error {
	at, err := expiry(s.now(), ttl)
	if err != nil {
		return err
	}
	return s.set(group, key, value, at)
}

func (s *Store) getAll(ctx context.Context, group string) (map[string]string, error) {
	rows, err := s.eng.GetAll(ctx, engine.GetAllParams{Grp: group, Now: s.nowMilli()})
	if err != nil {
		return nil, err
	}
	all := make(map[string]string, len(rows))
	for _, r := range rows {
		all[r.Key] = r.Value
	}
	return all, nil
}
