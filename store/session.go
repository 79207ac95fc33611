package store

import "forge.lthn.ai/core/go-store/internal/engine"

// Session is what a [Group] works in: a *[Store].
type Session interface {
	scope() scope
}

// scope is where a verb works.
type scope struct {
	read engine.Reader // the statements
	now  func() int64  // in Unix milliseconds
}

func (s *Store) scope() scope {
	return scope{read: s.eng, now: s.nowMilli}
}
