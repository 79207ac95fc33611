package proof

import (
	"errors"
	"fmt"
	"io"
	"os/signal"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"forge.lthn.ai/core/go-store/internal/testprocess"
	"forge.lthn.ai/core/go-store/store"
)

// In a process that has reached its file size limit, a write that needs more space returns
// an error. No acknowledged write is lost, and writes succeed once the limit is lifted.
func TestFileSizeLimit(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	p := testprocess.Start(t, "write to the limit", path)
	report, err := io.ReadAll(p.Out)
	if err != nil {
		t.Fatal(err)
	}
	p.Finish(t)
	t.Logf("%s", report)
	s := open(t, path)
	var before, after int
	if _, err := fmt.Sscan(string(report), &before, &after); err != nil {
		t.Fatal(err)
	}
	if before < 10 || after < 10 {
		t.Errorf("%d and %d writes were acknowledged", before, after)
	}
	if n, err := s.Count("g"); err != nil || n != before+after {
		t.Errorf("%d keys, %v; want %d", n, err, before+after)
	}
	wantIntact(t, path)
}

func init() { roles["write to the limit"] = writeToTheLimit }

// writeToTheLimit prints the number of writes that were acknowledged before the limit was
// reached, the number after it was lifted, and the error in between.
func writeToTheLimit(args []string) (err error) {
	// By default this signal ends the process.
	signal.Ignore(unix.SIGXFSZ)
	s, err := store.New(args[0])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	var old unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &old); err != nil {
		return err
	}
	limit := unix.Rlimit{Cur: 1 << 20, Max: old.Max}
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	var refused error
	n := 0
	for ; refused == nil && n < 10_000; n++ {
		refused = s.Set("g", fmt.Sprint("key", n), strings.Repeat("v", 5000))
	}
	n-- // the one that was refused
	if refused == nil {
		return errors.New("there was no limit")
	}
	for i := range n {
		if _, err := s.Get("g", fmt.Sprint("key", i)); err != nil {
			return err
		}
	}
	if got, err := s.Count("g"); err != nil || got != n {
		return fmt.Errorf("%d keys, %w; %d were acknowledged", got, err, n)
	}
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &old); err != nil {
		return err
	}
	for i := range 20 {
		if err := s.Set("g", fmt.Sprint("more", i), "v"); err != nil {
			return err
		}
	}
	fmt.Println(n, 20, refused)
	return nil
}
