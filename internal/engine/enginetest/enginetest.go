// Package enginetest is the conformance suite of the seam. Every engine passes all of
// it, so package store behaves the same on each.
package enginetest

import (
	"context"
	"errors"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

// Run checks an engine. open returns a new and empty engine, which the suite closes.
func Run(t *testing.T, open func(t *testing.T) engine.Engine, opts ...Option) {
	s := suite{open: func(t *testing.T) engine.Engine {
		e := open(t)
		t.Cleanup(func() {
			// Some tests close the engine, and Close may be called only once.
			if _, err := e.Get(context.Background(), engine.GetParams{}); !errors.Is(err, engine.ErrClosed) {
				noError(t, e.Close())
			}
		})
		return e
	}}
	for _, o := range opts {
		o(&s)
	}
	for name, test := range s.tests() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

// Option adds checks to Run.
type Option func(*suite)

// WithReopen also checks that data outlives an engine. open opens the database with
// that name: the same name opens the same database.
func WithReopen(open func(t *testing.T, name string) engine.Engine) Option {
	return func(s *suite) { s.reopen = open }
}

type suite struct {
	open   func(t *testing.T) engine.Engine
	reopen func(t *testing.T, name string) engine.Engine // nil: no check that data outlives an engine
}

func (s suite) tests() map[string]func(*testing.T) {
	all := map[string]func(*testing.T){
		"Rows":            s.testRows,
		"Groups":          s.testGroupsAreSeparate,
		"Names":           s.testNames,
		"DistinctNames":   s.testDistinctNames,
		"LargeValue":      s.testLargeValue,
		"TooLarge":        s.testTooLarge,
		"Expiry":          s.testExpiry,
		"DeleteExpired":   s.testDeleteExpired,
		"Purge":           s.testPurge,
		"ScanPages":       s.testScanPages,
		"GroupsPages":     s.testGroupsPages,
		"View":            s.testView,
		"ViewNested":      s.testViewNested,
		"ViewEnds":        s.testViewEnds,
		"ViewConsistent":  s.testViewConsistent,
		"UpdateCommit":    s.testUpdateCommit,
		"UpdateRollback":  s.testUpdateRollback,
		"UpdateCancelled": s.testUpdateCancelled,
		"UpdateNested":    s.testUpdateNested,
		"UpdateSerial":    s.testUpdateSerial,
		"ManyWriters":     s.testManyWriters,
		"OneWinner":       s.testOneWinner,
		"Mixed":           s.testMixed,
		"Cancelled":       s.testCancelled,
		"CancelledQueued": s.testCancelledQueued,
		"Revision":        s.testRevision,
		"SetExpiry":       s.testSetExpiry,
		"Revisions":       s.testRevisions,
		"CountParts":      s.testCountParts,
		"PurgeRange":      s.testPurgeRange,
		"Usage":           s.testUsage,
		"UsageNames":      s.testUsageNames,
		"Apply":           s.testApply,
		"ApplyShared":     s.testApplyShared,
		"Nested":          s.testNested,
		"Subscribe":       s.testSubscribe,
		"Align":           s.testAlign,
		"ManyChanges":     s.testManyChanges,
		"Space":           s.testSpace,
		"Closed":          s.testClosed,
		"CloseWaits":      s.testCloseWaits,
	}
	if s.reopen != nil {
		all["Reopen"] = s.testReopen
	}
	return all
}
