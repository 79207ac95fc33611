package workload

import (
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/fixture"
	"forge.lthn.ai/core/go-store/bench/internal/measure"
)

// recorder notes the calls on a Store since it was opened last.
type recorder struct {
	contender.Store
	mu    sync.Mutex
	calls []string
}

// of returns the contender with every Store that it opens recorded.
func (r *recorder) of(c contender.Contender) contender.Contender {
	open := c.Open
	c.Open = func(dir string, config contender.Config) (contender.Store, error) {
		store, err := open(dir, config)
		r.Store, r.calls = store, nil
		return r, err
	}
	return c
}

func (r *recorder) note(call string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, call)
}

func (r *recorder) Get(group, key string) (string, error) {
	r.note("Get")
	return r.Store.Get(group, key)
}

func (r *recorder) Set(group, key, value string) error {
	r.note("Set")
	return r.Store.Set(group, key, value)
}

func (r *recorder) Load(group string, pairs iter.Seq2[string, string], ttl time.Duration) error {
	r.note("Load")
	return r.Store.(contender.Loader).Load(group, pairs, ttl)
}

func (r *recorder) PurgeExpired() (int64, error) {
	r.note("PurgeExpired")
	return r.Store.(contender.Purger).PurgeExpired()
}

// TestCommitsComeBeforeMeasuredWrites holds for every workload that measures durable writes, except the one that loads an
// empty store.
func TestCommitsComeBeforeMeasuredWrites(t *testing.T) {
	const commits = 7
	scale := Scale{Keys: 50, ManyKeys: 60, Expired: 10, ValueSize: 100, Commits: commits}
	values := measure.NewValues(scale.ValueSize)
	many := measure.NewKeys(scale.ManyKeys)
	shelf := fixture.NewShelf(t.TempDir(), func(n int) iter.Seq2[string, string] { return values.Pairs(many.First(n)) })
	c, err := contender.Find("previous")
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range All(scale) {
		if !w.Writes || w.ID == "Bulk" {
			continue
		}
		t.Run(w.ID, func(t *testing.T) {
			var r recorder
			samples, err := w.Measure(t.Context(), &Run{
				Contender: r.of(c), Durability: contender.Synced, Scale: scale, Time: time.Millisecond,
				Shelf: shelf, Keys: many.First(scale.Keys), Many: many, Values: values,
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(r.calls) <= commits {
				t.Fatalf("only %d calls", len(r.calls))
			}
			first, rest := r.calls[:commits], r.calls[commits:]
			if slices.ContainsFunc(first, func(call string) bool { return call != "Set" }) {
				t.Fatalf("the first calls are %q", first)
			}
			switch {
			case strings.HasPrefix(w.ID, "Set/"):
				if len(rest) != samples[0].Iters {
					t.Errorf("%d writes after the first %d, measured %d", len(rest), commits, samples[0].Iters)
				}
			case w.ID == "Purge":
				if rest[0] != "Load" {
					t.Errorf("then comes %s, want the keys that expire", rest[0])
				}
			default:
				if rest[0] != "Get" {
					t.Errorf("then comes %s, want the reads that fill a cache", rest[0])
				}
			}
		})
	}
}

func TestReduced(t *testing.T) {
	older := Full()
	older.Commits = 0
	for _, tt := range []struct {
		name  string
		scale Scale
		want  bool
	}{
		{"full", Full(), false},
		{"full, of a version that made no commits before", older, false},
		{"smoke", Smoke(), true},
	} {
		if got := tt.scale.Reduced(); got != tt.want {
			t.Errorf("%s: Reduced() = %t, want %t", tt.name, got, tt.want)
		}
	}
}
