package workload

import (
	"context"
	"errors"
	"fmt"
	"time"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/fixture"
	"forge.lthn.ai/core/go-store/bench/internal/measure"
)

// Run is everything that one measurement needs.
type Run struct {
	Contender  contender.Contender
	Durability contender.Durability
	Scale      Scale
	Time       time.Duration // how long to repeat an operation for
	Samples    int           // how many to take of a workload that runs once
	Shelf      *fixture.Shelf
	Keys       measure.Keys // the small group's
	Many       measure.Keys // the large group's; the small group's are the first of them
	Values     *measure.Values
	Probe      func(context.Context, ProbeRequest) (Memory, error)
}

// warmingWorker draws other keys than the workers that are measured, whose numbers begin at 0.
const warmingWorker = -1

// onEmpty opens a store with no keys and calls use.
func (r *Run) onEmpty(use func(contender.Store) error) error { return r.onCopy(0, use) }

// onCopy opens a copy of the files with n keys, calls use, and removes the copy.
func (r *Run) onCopy(n int, use func(contender.Store) error) (err error) {
	dir, remove, err := r.Shelf.Scratch()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	if n > 0 {
		if err := r.Shelf.Copy(r.Contender, n, dir); err != nil {
			return err
		}
	}
	return r.opened(dir, n, 0, use)
}

// onShared opens the files with all keys, which every workload shares, and calls use.
func (r *Run) onShared(cacheBytes int64, use func(contender.Store) error) error {
	dir, err := r.Shelf.Shared(r.Contender, r.Many.Len())
	if err != nil {
		return err
	}
	return r.opened(dir, r.Many.Len(), cacheBytes, use)
}

// opened calls use with the store in dir, which has n keys, and closes it.
func (r *Run) opened(dir string, n int, cacheBytes int64, use func(contender.Store) error) (err error) {
	store, err := r.Contender.Open(dir, contender.Config{Durability: r.Durability, CacheBytes: cacheBytes})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if r.Contender.Volatile {
		if err := fixture.Fill(store, r.Values.Pairs(r.Many.First(n))); err != nil {
			return err
		}
	}
	return use(store)
}

// warmCommits makes the commits that come before the first durable write that is measured, as many for each contender.
//
// The first commits after a file is opened make its log longer, and for the new length a file system waits for the disk once
// more. Later, most contenders overwrite the log or extend it in large steps. With commits of one page, as here, 1,000 fill
// SQLite's log up to its first checkpoint, from which on it is overwritten.
//
// One goroutine makes them, one commit at a time: several goroutines would share commits.
func (r *Run) warmCommits(ctx context.Context, store contender.Store) error {
	write := r.writer(store, r.Keys, warmingWorker)
	for range r.Scale.Commits {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := write(); err != nil {
			return fmt.Errorf("warming up: %w", err)
		}
	}
	return nil
}

// warm reads the keys in turn: all of them if a cache has to fill, otherwise for at most half the time of a measurement.
func (r *Run) warm(ctx context.Context, store contender.Store, keys measure.Keys) error {
	began := time.Now()
	for i := range keys.Len() {
		if !r.Contender.FillsCache && time.Since(began) > r.Time/2 {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if _, err := store.Get(fixture.Group, keys.At(i)); err != nil {
			return fmt.Errorf("warming up: %w", err)
		}
	}
	return nil
}
