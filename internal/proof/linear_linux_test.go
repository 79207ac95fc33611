package proof

import (
	"encoding/gob"
	"errors"
	"strconv"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/testprocess"
)

// Several processes, each with several goroutines, read, write, expire and delete a few
// keys through their caches, and open and close their stores. Others checkpoint, VACUUM,
// and open and close the file. All results must be linearizable: they fit one order of all
// calls, in which each call lies between its start and its end.
//
// The test was checked by breaking the cache on purpose. It caught each of these faults in
// at most two rounds: a lookup does not compare the headers; a lookup uses entries of any
// epoch; filling an entry uses the header after the read instead of the one before it;
// after a commit, the cache takes every change of the header for its own commit's; after a
// commit, the cache leaves out the written rows, or their groups, or the rows that were
// deleted with a group. It rarely catches faults that need another process to commit
// within a microsecond of an own commit. TestForeignCommitAfterOwn of the engine and
// TestCommitsThatChangeNothing cover those.
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
