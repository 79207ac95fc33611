//go:build unix

package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	process "os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
)

func init() {
	roles["killed while opening"] = killedWhileOpening
	roles["killed while writing"] = killedWhileWriting
}

// dieAt returns a tap that kills this process before its n-th statement, counted from 0.
func dieAt(n int64) *tap {
	var done atomic.Int64
	var tp tap
	die := func(_ *tapConn, what action, _ string) error {
		if what == running && done.Add(1) > n {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {} // until the signal arrives
		}
		return nil
	}
	tp.hook.Store(&die)
	return &tp
}

func killedWhileOpening(args []string) error {
	n, _ := strconv.ParseInt(args[1], 10, 64)
	e, err := Open(context.Background(), args[0], dieAt(n).on(options()))
	if err != nil {
		return err
	}
	return e.Close()
}

// wasKilled reports whether a command was ended by SIGKILL. Any other error fails the test.
func wasKilled(t *testing.T, err error) bool {
	t.Helper()
	var exit *process.ExitError
	if errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL {
		return true
	}
	if err != nil {
		t.Fatal(err)
	}
	return false
}

// TestKilledWhileOpening kills the upgrade of an old file before each of its statements in
// turn. The file must then be as it was or fully upgraded, and the next Open must complete
// the upgrade.
func TestKilledWhileOpening(t *testing.T) {
	t.Parallel()
	step := int64(1)
	if testing.Short() {
		step = 7
	}
	n := int64(0)
	for ; ; n += step {
		table := []string{preTTLTable, ttlTable}[n%2]
		path := build(t, table, "INSERT INTO kv (grp, key, value) VALUES ('g', 'k', 'v')")
		before := folder(t, path)[filepath.Base(path)]
		if !wasKilled(t, child(t, "killed while opening", path, fmt.Sprint(n)).Run()) {
			break
		}
		e := start(t, path, reading())
		if v := get(t, e, "g", "k"); v != "v" {
			t.Errorf("killed at %d: value is %q", n, v)
		}
		stop(t, e)
		if value[int64](t, path, "SELECT COUNT(*) FROM sqlite_schema WHERE name IN ('goose_db_version', 'kv_expires_at')") > 0 {
			current(t, path, "goose_db_version")
		} else if folder(t, path)[filepath.Base(path)] != before {
			t.Errorf("killed at %d: the file was changed", n)
		}
		e = start(t, path, options())
		if v := get(t, e, "g", "k"); v != "v" {
			t.Errorf("killed at %d: value is %q", n, v)
		}
		stop(t, e)
		current(t, path, "goose_db_version")
	}
	if n < 20 {
		t.Errorf("the upgrade took only %d statements", n)
	}
}

// killedWhileWriting writes the keys 0, 1, 2, … and prints each one after its write
// returned, until the process is killed.
func killedWhileWriting(args []string) error {
	n, _ := strconv.ParseInt(args[1], 10, 64)
	e, err := Open(context.Background(), args[0], options())
	if err != nil {
		return err
	}
	tp := dieAt(n)
	_ = e.Close()
	e, err = Open(context.Background(), args[0], tp.on(options()))
	if err != nil {
		return err
	}
	for i := range 30 {
		key := fmt.Sprint(i)
		if i%3 == 0 {
			err = e.Update(context.Background(), func(tx engine.Tx) error {
				return errors.Join(
					tx.Set(context.Background(), engine.SetParams{Grp: "g", Key: key}),
					tx.Set(context.Background(), engine.SetParams{Grp: "pairs", Key: key}))
			})
		} else {
			err = e.Set(context.Background(), engine.SetParams{Grp: "g", Key: key})
		}
		if err != nil {
			return err
		}
		fmt.Println(key)
	}
	return nil
}

// TestKilledWhileWriting kills a process while it writes. Acknowledged writes must be in the
// file, and every transaction must be complete or absent.
func TestKilledWhileWriting(t *testing.T) {
	t.Parallel()
	step := 9
	if testing.Short() {
		step = 40
	}
	for n := 20; ; n += step {
		path := t.TempDir() + "/kv.db"
		out, err := child(t, "killed while writing", path, fmt.Sprint(n)).Output()
		died := wasKilled(t, err)
		e := start(t, path, options())
		acknowledged := int64(0)
		for _, b := range out {
			if b == '\n' {
				get(t, e, "g", fmt.Sprint(acknowledged))
				acknowledged++
			}
		}
		written, err := e.Count(t.Context(), engine.CountParams{Grp: "g"})
		if err != nil || written < acknowledged || written > acknowledged+1 {
			t.Errorf("killed at %d: %d keys acknowledged, %d written, %v", n, acknowledged, written, err)
		}
		pairs, err := e.Count(t.Context(), engine.CountParams{Grp: "pairs"})
		if err != nil || pairs != (written+2)/3 {
			t.Errorf("killed at %d: %d keys, but %d pairs, %v", n, written, pairs, err)
		}
		stop(t, e)
		if !died {
			break
		}
	}
}
