package store_test

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

// reads are all the ways to read a key. Each reports whether it shows the key, which
// must be the only one of its group.
var reads = []struct {
	name  string
	shows func(s *store.Store, group, key string) (bool, error)
}{
	{"Count", func(s *store.Store, group, _ string) (bool, error) {
		n, err := s.Count(group)
		return n > 0, err
	}},
	{"GetAll", func(s *store.Store, group, _ string) (bool, error) {
		all, err := s.GetAll(group)
		return len(all) > 0, err
	}},
	{"Render", func(s *store.Store, group, key string) (bool, error) {
		out, err := s.Render("{{."+key+"}}", group)
		return out != "<no value>", err
	}},
	{"All", func(s *store.Store, group, _ string) (shows bool, err error) {
		for _, err := range store.NewGroup[string](s, group).All(background) {
			if err != nil {
				return false, err
			}
			shows = true
		}
		return shows, nil
	}},
	{"All in reverse, in a range", func(s *store.Store, group, key string) (shows bool, err error) {
		for _, err := range store.NewGroup[string](s, group).All(background, store.Prefix(key), store.Reverse()) {
			if err != nil {
				return false, err
			}
			shows = true
		}
		return shows, nil
	}},
	{"Entry", func(s *store.Store, group, key string) (bool, error) {
		_, err := store.NewGroup[string](s, group).Entry(background, key)
		return !errors.Is(err, store.ErrNotFound), ignore(err, store.ErrNotFound)
	}},
	{"Groups", func(s *store.Store, group, _ string) (shows bool, err error) {
		for g, err := range s.Groups(background) {
			if err != nil {
				return false, err
			}
			shows = shows || g.Name == group
		}
		return shows, nil
	}},
	// The last one, since it queues an expired row for removal.
	{"Get", func(s *store.Store, group, key string) (bool, error) {
		_, err := s.Get(group, key)
		return !errors.Is(err, store.ErrNotFound), ignore(err, store.ErrNotFound)
	}},
}

func ignore(err, class error) error {
	if errors.Is(err, class) {
		return nil
	}
	return err
}

// wantShown checks that every read shows the key, or that none does.
func wantShown(t *testing.T, s *store.Store, group, key string, want bool) {
	t.Helper()
	for _, read := range reads {
		got, err := read.shows(s, group, key)
		if err != nil {
			t.Errorf("%s: %v", read.name, err)
		} else if got != want {
			t.Errorf("%s shows the key: %v, want %v", read.name, got, want)
		}
	}
}

// A key lives up to its last nanosecond and no longer.
func TestLivenessIsExact(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		now := newClock()
		s := open(now.option(), store.WithPurgeInterval(0))
		if err := s.SetWithTTL("g", "key", "v", 10*time.Millisecond); err != nil {
			t.Fatal(err)
		}
		set(t, s, "other", "key", "v")
		wantShown(t, s, "g", "key", true)
		now.advance(9 * time.Millisecond)
		wantShown(t, s, "g", "key", true)
		now.advance(time.Millisecond - 1)
		wantShown(t, s, "g", "key", true)
		now.advance(1)
		wantShown(t, s, "g", "key", false)
		now.advance(100 * 365 * 24 * time.Hour)
		wantShown(t, s, "g", "key", false)
		wantShown(t, s, "other", "key", true)
	})
}

func TestExpiryIsRoundedUp(t *testing.T) {
	t.Parallel()
	tests := []struct {
		start time.Duration // after a whole millisecond
		ttl   time.Duration
		dead  time.Duration // after the same
	}{
		{0, 1, time.Millisecond},
		{0, time.Millisecond - 1, time.Millisecond},
		{0, time.Millisecond, time.Millisecond},
		{0, time.Millisecond + 1, 2 * time.Millisecond},
		{0, 1500 * time.Microsecond, 2 * time.Millisecond},
		{1, time.Millisecond, 2 * time.Millisecond},
		{300 * time.Microsecond, 700 * time.Microsecond, time.Millisecond},
		{300 * time.Microsecond, 701 * time.Microsecond, 2 * time.Millisecond},
		{999_999, 1, time.Millisecond},
		{999_999, 2, 2 * time.Millisecond},
		{0, 90 * time.Minute, 90 * time.Minute},
	}
	for _, test := range tests {
		t.Run(fmt.Sprintf("%v after %v", test.ttl, test.start), func(t *testing.T) {
			t.Parallel()
			now := newClock()
			base := now.now()
			now.set(base.Add(test.start))
			s := open(t, ":memory:", now.option(), store.WithPurgeInterval(0))
			if err := s.SetWithTTL("g", "key", "v", test.ttl); err != nil {
				t.Fatal(err)
			}
			e, err := store.NewGroup[string](s, "g").Entry(background, "key")
			if want := base.Add(test.dead); err != nil || !e.ExpiresAt.Equal(want) {
				t.Errorf("expires at %v, %v; want %v", e.ExpiresAt, err, want)
			}
			now.set(base.Add(test.dead - 1))
			wantShown(t, s, "g", "key", true)
			now.set(base.Add(test.dead))
			wantShown(t, s, "g", "key", false)
		})
	}
}

func TestTheLongestTTL(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		now := newClock()
		s := open(now.option())
		if err := s.SetWithTTL("g", "key", "v", math.MaxInt64); err != nil {
			t.Fatal(err)
		}
		wantShown(t, s, "g", "key", true)
		now.advance(200 * 365 * 24 * time.Hour)
		wantShown(t, s, "g", "key", true)
	})
}

// A time before 1970 is a negative number of milliseconds.
func TestTimesBefore1970(t *testing.T) {
	t.Parallel()
	now := newClock()
	now.set(time.Date(1960, 1, 1, 0, 0, 0, 500_000, time.UTC))
	s := open(t, ":memory:", now.option())
	if err := s.SetWithTTL("g", "key", "v", 500*time.Microsecond); err != nil {
		t.Fatal(err)
	}
	now.advance(500*time.Microsecond - 1)
	wantShown(t, s, "g", "key", true)
	now.advance(1)
	wantShown(t, s, "g", "key", false)
}

func TestInvalidTTL(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open()
		set(t, s, "g", "there", "kept")
		for _, ttl := range []time.Duration{0, -1, -time.Hour, math.MinInt64} {
			for _, key := range []string{"there", "absent"} {
				err := s.SetWithTTL("g", key, "new", ttl)
				var e *store.Error
				if !errors.Is(err, store.ErrInvalidTTL) || !errors.As(err, &e) || e.Op != "SetWithTTL" || e.Key != key {
					t.Errorf("SetWithTTL(%v): %v, want ErrInvalidTTL", ttl, err)
				}
			}
		}
		wantAll(t, s, "g", map[string]string{"there": "kept"})
		if e, err := store.NewGroup[string](s, "g").Entry(background, "there"); err != nil || !e.ExpiresAt.IsZero() {
			t.Errorf("Entry: %+v, %v; want no expiry", e, err)
		}
	})
}

func TestTTLIsReplaced(t *testing.T) {
	t.Parallel()
	const forever = time.Duration(0)
	tests := []struct {
		name        string
		first, then time.Duration
		wait        time.Duration // before the second write
	}{
		{"cleared", time.Second, forever, 0},
		{"given", forever, time.Second, 0},
		{"made longer", time.Second, time.Minute, 0},
		{"made shorter", time.Minute, time.Second, 0},
		{"slid", time.Second, time.Second, time.Second - 1},
		{"given to an expired key", time.Second, time.Minute, time.Hour},
		{"cleared of an expired key", time.Second, forever, time.Hour},
	}
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				now := newClock()
				s := open(now.option(), store.WithPurgeInterval(0))
				write := func(value string, ttl time.Duration) {
					t.Helper()
					var err error
					if ttl == forever {
						err = s.Set(test.name, "key", value)
					} else {
						err = s.SetWithTTL(test.name, "key", value, ttl)
					}
					if err != nil {
						t.Fatal(err)
					}
				}
				write("first", test.first)
				now.advance(test.wait)
				write("then", test.then)
				wantValue(t, s, test.name, "key", "then")
				if test.then == forever {
					now.advance(1000 * time.Hour)
					wantShown(t, s, test.name, "key", true)
					return
				}
				e, err := store.NewGroup[string](s, test.name).Entry(background, "key")
				if want := now.now().Add(test.then).Add(time.Millisecond - 1).Truncate(time.Millisecond); err != nil || !e.ExpiresAt.Equal(want) {
					t.Errorf("expires at %v, %v; want %v", e.ExpiresAt, err, want)
				}
				now.set(e.ExpiresAt.Add(-1))
				wantShown(t, s, test.name, "key", true)
				now.advance(1)
				wantShown(t, s, test.name, "key", false)
			})
		}
	})
}

// An operation reads the clock once. With a second reading it could count a key that
// it does not return.
func TestTheClockIsReadOnce(t *testing.T) {
	t.Parallel()
	now := newClock()
	s := open(t, ":memory:", now.option(), store.WithPurgeInterval(0))
	set(t, s, "g", "eternal", "v")
	for i := range 600 { // several batches of a purge
		if err := s.SetWithTTL("old", string(rune('a'+i)), "v", 1); err != nil {
			t.Fatal(err)
		}
	}
	now.advance(time.Hour)
	if err := s.SetWithTTL("g", "key", "v", time.Hour); err != nil {
		t.Fatal(err)
	}
	for _, verb := range verbs(s, "g", "key") {
		switch verb.op {
		case "Set", "Delete", "DeleteGroup", "All", "Groups", "Compact":
			continue // need no clock, or read it for each page
		}
		before := now.reads.Load()
		if err := verb.do(); err != nil {
			t.Fatalf("%s: %v", verb.op, err)
		}
		if n := now.reads.Load() - before; n != 1 {
			t.Errorf("%s read the clock %d times", verb.op, n)
		}
	}
}
