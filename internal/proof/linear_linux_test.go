package proof

import (
	"encoding/gob"
	"errors"
	"strconv"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/testprocess"
)

// Several processes with several goroutines each read, write, expire and delete a
// few hot keys through their caches, and open and close their stores, while others
// checkpoint, VACUUM, and open and close the file. Whatever any of them read must
// fit one order of all calls, in which each has its place between its beginning
// and its end.
//
// That it finds what it is to find was checked by breaking the cache on purpose. Two
// rounds, and mostly the first, caught each of these: lookup does not compare the
// headers; lookup takes entries of any epoch; fill takes the header after the read
// in the place of the one before; publish takes every change of the header for its
// own; publish leaves out the rows written, or their groups, or those deleted with
// a whole group. What needs another process to commit within the microsecond after
// an own commit it meets too seldom: the engine's TestForeignCommitAfterOwn, and
// TestCommitsThatChangeNothing, are for that.
func TestLinearizable(t *testing.T) {
	const round = 5 * time.Second
	for left := span(t, round); left > 0; left -= round {
		history := contend(t, newPath(t), min(left, round))
		wantLinearizable(t, history)
		if t.Failed() {
			return
		}
	}
}

const (
	contenders = 3
	goroutines = 4
	disturbers = 2
)

func contend(t *testing.T, path string, d time.Duration) (history []operation) {
	t.Helper()
	origin := strconv.FormatInt(stamp(), 10)
	length := strconv.FormatInt(int64(d), 10)
	var workers, others []*testprocess.Process
	for i := range contenders {
		workers = append(workers, testprocess.Start(t, "contend", path, origin, length, strconv.Itoa(i)))
	}
	for range disturbers {
		others = append(others, testprocess.Start(t, "disturb", path))
	}
	var errs []error
	for _, p := range workers {
		var ops []operation
		errs = append(errs, gob.NewDecoder(p.Out).Decode(&ops))
		history = append(history, ops...)
	}
	for _, p := range others {
		errs = append(errs, p.In.Close())
	}
	for _, p := range append(workers, others...) {
		p.Finish(t)
	}
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	wantIntact(t, path)
	return history
}
