package proof

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"forge.lthn.ai/core/go-store/internal/storetest"
	"forge.lthn.ai/core/go-store/store"
)

func init() { roles["disturb"] = disturbRole }

// disturbRole does to a file, until standard input ends, what other programs may do at any
// time. It ignores ErrBusy, which is expected.
func disturbRole(args []string) error {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = io.Copy(io.Discard, os.Stdin)
	}()
	for {
		if err := disturb(args[0]); err != nil && !errors.Is(err, store.ErrBusy) {
			return err
		}
		select {
		case <-ended:
			return nil
		case <-time.After(time.Duration(rand.IntN(10)) * time.Millisecond): // lets the others run
		}
	}
}

func disturb(path string) error {
	if rand.IntN(4) == 0 {
		s, err := store.New(path, patient())
		if err != nil {
			return err
		}
		_, err = s.GetAll("0.0")
		return errors.Join(err, s.Close())
	}
	db, err := storetest.OpenRaw(path)
	if err != nil {
		return err
	}
	defer db.Close()
	for range 1 + rand.IntN(3) {
		statement := "VACUUM" // rarely, since it takes longest
		if i := rand.IntN(16); i > 0 {
			statement = []string{
				"PRAGMA wal_checkpoint(PASSIVE)",
				"PRAGMA wal_checkpoint(RESTART)",
				"PRAGMA wal_checkpoint(TRUNCATE)",
				"PRAGMA incremental_vacuum(1)",
				"DELETE FROM kv WHERE grp = 'absent'",
			}[i%5]
		}
		// The result does not matter: the file may be busy, or have no table yet.
		_, _ = db.ExecContext(context.Background(), "PRAGMA busy_timeout = 20")
		_, _ = db.ExecContext(context.Background(), statement)
	}
	return nil
}
