package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"forge.lthn.ai/core/go-store/store"
)

// BenchmarkRegression has the figures by which two commits of the store are
// compared. This file uses only the public API and no helper of another test file,
// so a copy of it compiles at an earlier commit too. Build the tests at each commit
// and run them in turn, so that a slow minute of the machine slows both:
//
//	go test -c -o new.test ./store    # likewise old.test, in a checkout of the other commit
//	for i in 1 2 3 4 5 6 7 8 9 10; do
//		./old.test -test.run '^$' -test.bench '^BenchmarkRegression$' >> old.txt
//		./new.test -test.run '^$' -test.bench '^BenchmarkRegression$' >> new.txt
//	done
//	benchstat old.txt new.txt
//
// The files are under TMPDIR, which must be on a disk: in memory a durable write
// costs nothing.
func BenchmarkRegression(b *testing.B) {
	b.Run("GetHot", func(b *testing.B) {
		c := newRegression(b)
		c.readAll(b)
		c.get(b)
	})
	b.Run("GetCold", func(b *testing.B) {
		newRegression(b, store.WithCacheSize(0)).get(b)
	})
	b.Run("Set", func(b *testing.B) {
		c := newRegression(b)
		c.warmUp(b)
		for _, goroutines := range []int{1, 64} {
			b.Run(fmt.Sprintf("goroutines=%d", goroutines), func(b *testing.B) { c.set(b, goroutines) })
		}
	})
	b.Run("UpdateTwoSets", func(b *testing.B) {
		c := newRegression(b)
		c.warmUp(b)
		c.updateTwo(b)
	})
	b.Run("GetAllHot", func(b *testing.B) {
		newRegression(b).getAll(b)
	})
	b.Run("GetAllCold", func(b *testing.B) {
		newRegression(b, store.WithCacheSize(0)).getAll(b)
	})
}

const (
	regressionKeys = 10_000
	// regressionWarmUp is how many commits come before the first that is measured.
	// They take the write-ahead log past its first checkpoint. Until then each commit
	// makes the file longer, which costs more than writing over it.
	regressionWarmUp = 1_000
)

// regression is a store in a file, at the default durability, with a group of
// regressionKeys keys.
type regression struct {
	*store.Store
	keys []string
	made atomic.Int64 // values so far
}

func newRegression(b *testing.B, opts ...store.Option) *regression {
	b.Helper()
	s, err := store.New(filepath.Join(b.TempDir(), "kv.db"), append(opts, store.WithPurgeInterval(0))...)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	c := &regression{Store: s}
	values := make(map[string]string, regressionKeys)
	for i := range regressionKeys {
		key := fmt.Sprintf("key-%05d", i)
		c.keys = append(c.keys, key)
		values[key] = c.value()
	}
	if err := store.NewGroup[string](s, "g").SetMany(context.Background(), values); err != nil {
		b.Fatal(err)
	}
	return c
}

// value returns 100 bytes that no earlier value had. SQLite does not write a row
// that is overwritten with the bytes it has.
func (c *regression) value() string { return fmt.Sprintf("%0100d", c.made.Add(1)) }

// picker returns a function that draws keys, the same ones in every run.
func (c *regression) picker(worker int) func() string {
	source := rand.NewPCG(uint64(worker), regressionKeys)
	return func() string { return c.keys[source.Uint64()%regressionKeys] }
}

// readAll reads each key once, so that the cache has all of them.
func (c *regression) readAll(b *testing.B) {
	b.Helper()
	for _, key := range c.keys {
		if _, err := c.Get("g", key); err != nil {
			b.Fatal(err)
		}
	}
}

func (c *regression) get(b *testing.B) {
	b.Helper()
	b.ReportAllocs()
	for key := c.picker(0); b.Loop(); {
		if _, err := c.Get("g", key()); err != nil {
			b.Fatal(err)
		}
	}
}

func (c *regression) getAll(b *testing.B) {
	b.Helper()
	c.readAll(b)
	b.ReportAllocs()
	for b.Loop() {
		if all, err := c.GetAll("g"); err != nil || len(all) != regressionKeys {
			b.Fatal(len(all), err)
		}
	}
}

// warmUp commits often enough that the file and its log have their full length.
func (c *regression) warmUp(b *testing.B) {
	b.Helper()
	key := c.picker(-1)
	for range regressionWarmUp {
		if err := c.Set("g", key(), c.value()); err != nil {
			b.Fatal(err)
		}
	}
}

// set sets keys from so many goroutines, each waiting for its write before the
// next.
func (c *regression) set(b *testing.B, goroutines int) {
	b.Helper()
	b.ReportAllocs()
	var (
		writers sync.WaitGroup
		left    atomic.Int64
	)
	left.Store(int64(b.N))
	for worker := range goroutines {
		writers.Go(func() {
			for key := c.picker(worker); left.Add(-1) >= 0; {
				if err := c.Set("g", key(), c.value()); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	writers.Wait()
}

// updateTwo sets two keys in one transaction.
func (c *regression) updateTwo(b *testing.B) {
	b.Helper()
	b.ReportAllocs()
	for key := c.picker(0); b.Loop(); {
		err := c.Update(context.Background(), func(tx *store.Tx) error {
			return errors.Join(tx.Set("g", key(), c.value()), tx.Set("g", key(), c.value()))
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
