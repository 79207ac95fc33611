package store_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"strconv"
	"testing"

	"forge.lthn.ai/core/go-store/internal/testprocess"
	"forge.lthn.ai/core/go-store/store"
)

// Several processes that write one file at once wait for each other, within the busy
// timeout, and lose no write.
func TestProcessesShareAFile(t *testing.T) {
	t.Parallel()
	const processes = 4
	path := newPath(t)
	writes := 150
	if testing.Short() {
		writes = 30
	}
	// The file does not exist yet, so the processes also compete to create it.
	var all []*testprocess.Process
	for i := range processes {
		all = append(all, testprocess.Start(t, "write and read", path, strconv.Itoa(i), strconv.Itoa(writes)))
	}
	for _, p := range all {
		p.Finish(t)
	}
	s := open(t, path)
	wantCount(t, s, "common", 1)
	for i := range processes {
		group := strconv.Itoa(i)
		wantCount(t, s, group, writes)
		for j := range writes {
			wantValue(t, s, group, strconv.Itoa(j), "v"+strconv.Itoa(j))
		}
	}
	wantIntact(t, path)
}

// writeAndRead writes its own keys and one key that all processes write, and reads both.
func writeAndRead(args []string) (err error) {
	path, me := args[0], args[1]
	writes, err := strconv.Atoi(args[2])
	if err != nil {
		return err
	}
	s, err := store.New(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for i := range writes {
		key, value := strconv.Itoa(i), "v"+strconv.Itoa(i)
		if err := s.Set(me, key, value); err != nil {
			return err
		}
		if got, err := s.Get(me, key); err != nil || got != value {
			return fmt.Errorf("own key %s: %q, %w", key, got, err)
		}
		if err := s.Set("common", "k", me); err != nil {
			return err
		}
		if got, err := s.Get("common", "k"); err != nil || got == "" {
			return fmt.Errorf("common key: %q, %w", got, err)
		}
		if n, err := s.Count(me); err != nil || n != i+1 {
			return fmt.Errorf("own group has %d keys, want %d: %w", n, i+1, err)
		}
	}
	return nil
}

// A write that one process has acknowledged is read by another at once, even if both have
// read the key before and may have cached it.
func TestProcessesSeeEachOthersWritesAtOnce(t *testing.T) {
	t.Parallel()
	path := newPath(t)
	s := open(t, path, store.WithDurability(store.Normal))
	p := testprocess.Start(t, "answer", path)
	replies := bufio.NewScanner(p.Out)
	rounds := 500
	if testing.Short() {
		rounds = 100
	}
	for i := range rounds {
		value := "question " + strconv.Itoa(i)
		set(t, s, "g", "k", value)
		wantValue(t, s, "g", "k", value)
		if _, err := fmt.Fprintln(p.In, value); err != nil {
			t.Fatal(err)
		}
		if !replies.Scan() {
			t.Fatalf("no reply: %v\n%s", replies.Err(), &p.Errors)
		}
		wantValue(t, s, "g", "k", replies.Text())
		all := map[string]string{"k": replies.Text()}
		wantAll(t, s, "g", all)
	}
	if err := p.In.Close(); err != nil {
		t.Fatal(err)
	}
	p.Finish(t)
}

// answer reads the question that is announced on standard input from the store, writes an
// answer to the store, and announces the answer.
func answer(args []string) (err error) {
	s, err := store.New(args[0], store.WithDurability(store.Normal))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	announced := bufio.NewScanner(os.Stdin)
	for i := 0; announced.Scan(); i++ {
		if got, err := s.Get("g", "k"); err != nil || got != announced.Text() {
			return fmt.Errorf("got %q, %w; want %q", got, err, announced.Text())
		}
		reply := "answer " + strconv.Itoa(i)
		if err := s.Set("g", "k", reply); err != nil {
			return err
		}
		if got, err := s.Get("g", "k"); err != nil || got != reply {
			return fmt.Errorf("got %q, %w; want %q", got, err, reply)
		}
		fmt.Println(reply)
	}
	return announced.Err()
}
