package sqlite

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

func init() {
	roles["open at once"] = openAtOnce
}

// openAtOnce prints that it is ready, waits for the end of its input, opens the file and
// writes a row of its own.
func openAtOnce(args []string) error {
	path, key := args[0], args[1]
	fmt.Println("ready")
	if _, err := io.ReadAll(os.Stdin); err != nil {
		return err
	}
	e, err := Open(context.Background(), path, options())
	if err != nil {
		return err
	}
	if err := e.Set(context.Background(), engine.SetParams{Grp: "processes", Key: key, Value: "v"}); err != nil {
		return err
	}
	return e.Close()
}

// TestEightProcesses has eight processes open one file at the same moment.
func TestEightProcesses(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"pre-TTL":          fixture(t, preTTL),
		"TTL":              fixture(t, ttl),
		"TTL, without WAL": inMode(t, "DELETE", ttl),
		"goose":            build(t, marks(1), preTTLTable),
		"new":              filepath.Join(t.TempDir(), "new.db"),
	} {
		t.Run(name, func(t *testing.T) {
			const processes = 8
			var starts []io.Closer
			var waits []func() error
			for i := range processes {
				cmd := child(t, "open at once", path, fmt.Sprint(i))
				in, err := cmd.StdinPipe()
				if err != nil {
					t.Fatal(err)
				}
				out, err := cmd.StdoutPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
					t.Fatal(err)
				}
				starts, waits = append(starts, in), append(waits, cmd.Wait)
			}
			for _, in := range starts {
				in.Close()
			}
			for _, wait := range waits {
				if err := wait(); err != nil {
					t.Error(err)
				}
			}
			current(t, path, "goose_db_version")
			e := open(t, path, options())
			if n, err := e.Count(t.Context(), engine.CountParams{Grp: "processes"}); n != processes || err != nil {
				t.Errorf("%d rows of %d processes, %v", n, processes, err)
			}
			switch name {
			case "pre-TTL":
				checkFixture(t, e, preTTL)
			case "TTL", "TTL, without WAL":
				checkFixture(t, e, ttl)
			}
		})
	}
}

// TestUpgradedMeanwhile has another store upgrade the file between any two statements that
// inspect it.
func TestUpgradedMeanwhile(t *testing.T) {
	t.Parallel()
	for _, opts := range []Options{options(), reading()} {
		for n := 0; ; n++ {
			path := build(t, "PRAGMA journal_mode = WAL", marks(1), preTTLTable, "INSERT INTO kv VALUES ('g', 'k', 'v')")
			var tp tap
			opts := tp.on(opts)
			done, reached := 0, false
			upgrade := func(_ *tapConn, what action, statement string) error {
				if statement == conn.SQLBegin { // from here on, the other store would wait
					tp.hook.Store(nil)
				}
				if statement == conn.SQLBegin || what == preparing {
					return nil
				}
				if done == n {
					reached = true
					tp.hook.Store(nil)
					stop(t, start(t, path, options()))
				}
				done++
				return nil
			}
			tp.hook.Store(&upgrade)
			e := start(t, path, opts)
			tp.hook.Store(nil)
			if v := get(t, e, "g", "k"); v != "v" {
				t.Errorf("value is %q", v)
			}
			stop(t, e)
			if !reached {
				if n < 5 {
					t.Errorf("only %d statements inspected the file", n)
				}
				break
			}
			current(t, path, "goose_db_version")
		}
	}
}
