package proof

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/testprocess"
	"forge.lthn.ai/core/go-store/store"
)

// killWriters is the number of concurrent writers, enough for them to share commits.
const killWriters = 9

// A process is killed at a random time, 200 times in a long proof, always on the same
// file: while it writes from several goroutines, or while it opens or creates the file.
// Afterwards every acknowledged write is there, and a transaction is there as a whole or
// not at all. This holds at once in a store that had the file open all the time, with the
// keys in its cache, and in a store that opens the file afterwards and has to recover it.
//
// To see it fail, make the leader of the write queue wake its followers before it runs
// their batch.
func TestKilled(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	for cycle := range rounds(t, 8, 200) {
		killOne(t, path, cycle)
		if t.Failed() {
			t.Fatalf("in cycle %d", cycle)
		}
	}
}

func killOne(t *testing.T, path string, cycle int) {
	var live *store.Store
	if cycle%2 == 1 { // otherwise no process is left, and the next store recovers the file
		live = open(t, path)
	}
	acknowledged := killWriter(t, path, cycle, live)
	if live != nil {
		wantAcknowledged(t, live, cycle, acknowledged)
	}
	s, err := store.New(path, patient())
	if err != nil {
		t.Fatal(err)
	}
	wantAcknowledged(t, s, cycle, acknowledged)
	wantAcknowledged(t, s, cycle, acknowledged) // now from its cache
	if live != nil {
		set(t, s, "after", "k", strconv.Itoa(cycle))
		wantValue(t, live, "after", "k", strconv.Itoa(cycle))
		if err := live.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	wantIntact(t, path)
}

// killWriter starts a process that writes, and kills it. It returns the number of rounds
// that each of the process's goroutines acknowledged. A non-nil live store reads at the
// same time what the process writes.
func killWriter(t *testing.T, path string, cycle int, live *store.Store) (acknowledged [killWriters]int) {
	t.Helper()
	stop := make(chan struct{})
	var readers sync.WaitGroup
	defer readers.Wait()
	defer close(stop)
	if live != nil {
		readers.Go(func() { readAlong(t, live, cycle, stop) })
	}
	p := testprocess.Start(t, "write for ever", path, strconv.Itoa(cycle))
	kill := func(most time.Duration) {
		time.AfterFunc(rand.N(most), func() { _ = p.Process.Kill() })
	}
	target := rand.IntN(200)
	if cycle%8 == 0 {
		kill(100 * time.Millisecond) // at any stage, also while it opens the file
	}
	lines := bufio.NewScanner(p.Out)
	for n := 0; lines.Scan(); n++ { // until the pipe is empty, also after the kill
		var writer, i int
		if _, err := fmt.Sscan(lines.Text(), &writer, &i); err != nil {
			break // the kill cut the line short
		}
		acknowledged[writer] = i + 1
		if n == target {
			kill(3 * time.Millisecond)
		}
	}
	if err := p.Wait(); p.ProcessState.Exited() {
		t.Fatalf("the process ended by itself: %v\n%s", err, &p.Errors)
	}
	return acknowledged
}

// readAlong reads until stop is closed, so that the cache holds the keys when the process
// is killed.
func readAlong(t *testing.T, s *store.Store, cycle int, stop chan struct{}) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		g := killGroup(cycle, i%killWriters)
		all, err := s.GetAll(g)
		if err != nil {
			t.Error(err)
			return
		}
		if all["left"] != all["right"] {
			t.Errorf("half a transaction: %q and %q", all["left"], all["right"])
			return
		}
		for _, key := range []string{"newest", "left", "right"} {
			_, _ = s.Get(g, key) // may not exist yet
		}
	}
}

func killGroup(cycle, writer int) string { return fmt.Sprint(cycle, "/", writer) }

func wantAcknowledged(t *testing.T, s *store.Store, cycle int, acknowledged [killWriters]int) {
	t.Helper()
	for writer, rounds := range acknowledged {
		g := killGroup(cycle, writer)
		all, err := s.GetAll(g)
		if err != nil {
			t.Fatal(err)
		}
		for i := range rounds {
			n := strconv.Itoa(i)
			if all["key"+n] != "value"+n {
				t.Errorf("%s: key%d of %d acknowledged is %q", g, i, rounds, all["key"+n])
			}
			if v, ok := all["gone"+n]; ok {
				t.Errorf("%s: the deleted key gone%d is %q", g, i, v)
			}
		}
		// The round that the kill interrupted may have written these keys.
		for _, key := range []string{"newest", "left", "right"} {
			got, err := s.Get(g, key)
			if rounds == 0 && err != nil {
				continue
			}
			if got != all[key] {
				t.Errorf("%s: %s is %q alone and %q in its group", g, key, got, all[key])
			}
			if n, err := strconv.Atoi(got); err != nil || n < rounds-1 || n > rounds {
				t.Errorf("%s: %s is %q after %d rounds", g, key, got, rounds)
			}
		}
		if all["left"] != all["right"] {
			t.Errorf("%s: half a transaction: %q and %q", g, all["left"], all["right"])
		}
	}
}

func init() { roles["write for ever"] = writeForEver }

// writeForEver writes from several goroutines, each to a group of its own, and prints the
// number of each round once all its writes are acknowledged.
func writeForEver(args []string) error {
	path := args[0]
	cycle, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	s, err := store.New(path, patient(), store.WithDurability(store.Durability(cycle/2%2)))
	if err != nil {
		return err
	}
	failed := make(chan error)
	for writer := range killWriters {
		go func() {
			for i := 0; ; i++ {
				if err := writeRound(s, killGroup(cycle, writer), i); err != nil {
					failed <- err
					return
				}
				// One write call for a line, so that lines of different goroutines do not mix.
				fmt.Printf("%d %d\n", writer, i)
			}
		}()
	}
	return <-failed
}

func writeRound(s *store.Store, group string, i int) error {
	n := strconv.Itoa(i)
	err := s.Set(group, "key"+n, "value"+n)
	if err == nil {
		err = s.Set(group, "gone"+n, n)
	}
	if err == nil {
		err = s.Update(context.Background(), func(tx *store.Tx) error {
			if err := tx.Set(group, "left", n); err != nil {
				return err
			}
			return tx.Set(group, "right", n)
		})
	}
	if err == nil {
		err = s.SetWithTTL(group, "newest", n, time.Hour)
	}
	if err == nil {
		err = s.Delete(group, "gone"+n)
	}
	return err
}
