package store_test

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/testprocess"
	"forge.lthn.ai/core/go-store/store"
)

const crashWriters = 4

// A write that returned nil survives when its process is killed in the middle of others,
// again and again on the same file. A write that was not acknowledged may be there too:
// the kill may have come between the commit and the acknowledgement.
func TestAcknowledgedWritesSurviveAKill(t *testing.T) {
	t.Parallel()
	for _, durability := range []store.Durability{store.Full, store.Normal} {
		t.Run(fmt.Sprint(durability), func(t *testing.T) {
			t.Parallel()
			path := newPath(t)
			cycles := 4
			if testing.Short() {
				cycles = 2
			}
			for cycle := range cycles {
				acknowledged := killInTheMiddle(t, path, cycle, durability, 20+rand.IntN(200))
				wantSurvived(t, path, cycle, acknowledged)
			}
		})
	}
}

// killInTheMiddle starts a process that writes, and kills it once it has acknowledged the
// given number of writes. It returns the number of the last acknowledged write of each of
// the process's goroutines.
func killInTheMiddle(t *testing.T, path string, cycle int, d store.Durability, acks int) (last [crashWriters]int) {
	t.Helper()
	p := testprocess.Start(t, "write for ever", path, strconv.Itoa(cycle), strconv.Itoa(int(d)))
	for i := range last {
		last[i] = -1
	}
	lines := bufio.NewScanner(p.Out)
	n := 0
	for lines.Scan() { // until the pipe is empty, also after the kill
		var writer, i int
		if _, err := fmt.Sscan(lines.Text(), &writer, &i); err != nil {
			break // the kill cut the line short
		}
		last[writer] = i
		if n++; n == acks {
			if err := p.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := p.Wait(); err == nil || n < acks {
		t.Fatalf("the process ended by itself after %d writes: %v\n%s", n, err, &p.Errors)
	}
	return last
}

// writeForEver writes from several goroutines, each its own keys, and prints the number of
// each write once it is acknowledged.
func writeForEver(args []string) error {
	path, cycle := args[0], args[1]
	d, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	s, err := store.New(path, store.WithDurability(store.Durability(d)))
	if err != nil {
		return err
	}
	failed := make(chan error)
	for writer := range crashWriters {
		go func() {
			group := cycle + "/" + strconv.Itoa(writer)
			for i := 0; ; i++ {
				if err := writeRound(s, group, i); err != nil {
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

// writeRound writes a new key, overwrites a key, and deletes a key.
func writeRound(s *store.Store, group string, i int) error {
	n := strconv.Itoa(i)
	err := s.Set(group, "key"+n, "value"+n)
	if err == nil {
		err = s.SetWithTTL(group, "newest", n, time.Hour)
	}
	if err == nil {
		err = s.Set(group, "gone"+n, n)
	}
	if err == nil {
		err = s.Delete(group, "gone"+n)
	}
	return err
}

func wantSurvived(t *testing.T, path string, cycle int, last [crashWriters]int) {
	t.Helper()
	s := open(t, path)
	for writer, acknowledged := range last {
		group := strconv.Itoa(cycle) + "/" + strconv.Itoa(writer)
		for i := range acknowledged + 1 {
			n := strconv.Itoa(i)
			wantValue(t, s, group, "key"+n, "value"+n)
			wantAbsent(t, s, group, "gone"+n)
		}
		if acknowledged < 0 {
			continue
		}
		newest, err := s.Get(group, "newest")
		if err != nil {
			t.Fatal(err)
		}
		if i, err := strconv.Atoi(newest); err != nil || i < acknowledged || i > acknowledged+1 {
			t.Errorf("the newest value is %q, and %d was acknowledged", newest, acknowledged)
		}
	}
	if cycle > 0 {
		if n, err := s.Count("0/0"); n == 0 || err != nil {
			t.Errorf("of the first cycle %d keys are left: %v", n, err)
		}
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	wantIntact(t, path)
}
