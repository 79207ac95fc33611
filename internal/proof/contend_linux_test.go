package proof

import (
	"encoding/gob"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

func init() { roles["contend"] = contendRole }

// A contender works in epochs, which all processes enter at the same time. Each epoch has
// its own groups, so that histories stay short enough to be checked. Within an epoch the
// clock of the stores stands still: a value that is set with a TTL of one tick lives
// exactly until the end of the epoch.
const (
	epochLength = 200 * time.Millisecond
	tick        = 1000 * time.Second
	epochGroups = 2
)

// contender is one of the processes.
type contender struct {
	path   string
	origin int64
	number int
}

func (c contender) epoch() int64 { return (stamp() - c.origin) / int64(epochLength) }

func (c contender) boundary(epoch int64) int64 { return c.origin + (epoch+1)*int64(epochLength) }

func (c contender) clock() time.Time {
	return time.Unix(1_000_000_000, 0).Add(time.Duration(c.epoch()) * tick)
}

func contendRole(args []string) error {
	origin, err1 := strconv.ParseInt(args[1], 10, 64)
	length, err2 := strconv.ParseInt(args[2], 10, 64)
	number, err3 := strconv.Atoi(args[3])
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	c := contender{path: args[0], origin: origin, number: number}
	history, err := c.run(origin + length)
	return errors.Join(err, gob.NewEncoder(os.Stdout).Encode(history))
}

// run makes calls until end. After each third epoch all processes close their stores, so
// that the last one removes the WAL and its index while the first opens the file again.
// After other epochs some processes do.
func (c contender) run(end int64) (history []operation, err error) {
	clients := make([]*client, goroutines)
	for i := range clients {
		number := c.number*goroutines + i
		clients[i] = &client{contender: c, number: number, next: int64(number) << 32}
	}
	var stores []*store.Store
	for stamp() < end && err == nil {
		epoch := c.epoch()
		if stores == nil {
			if stores, err = c.open(); err != nil {
				return nil, err
			}
		}
		errs := make([]error, len(clients))
		var all sync.WaitGroup
		for i, cl := range clients {
			all.Go(func() { errs[i] = cl.work(stores[i%len(stores)], c.boundary(epoch)) })
		}
		all.Wait()
		err = errors.Join(errs...)
		if epoch%3 == 0 || rand.IntN(3) == 0 {
			err = errors.Join(err, closeAll(stores))
			stores = nil
		}
	}
	for _, cl := range clients {
		history = append(history, cl.history...)
	}
	return history, errors.Join(err, closeAll(stores))
}

// open opens one store, or two on the same file.
func (c contender) open() (stores []*store.Store, err error) {
	for range 1 + rand.IntN(2) {
		s, err := store.New(c.path, patient(), store.WithClock(c.clock),
			store.WithPurgeInterval(10*time.Millisecond),
			store.WithDurability(store.Durability(c.number%2)),
			store.WithLogger(slog.New(slog.NewTextHandler(os.Stderr, nil))))
		if err != nil {
			return nil, errors.Join(err, closeAll(stores))
		}
		stores = append(stores, s)
	}
	return stores, nil
}

func closeAll(stores []*store.Store) (err error) {
	for _, s := range stores {
		err = errors.Join(err, s.Close())
	}
	return err
}

// client is one goroutine of a contender.
type client struct {
	contender
	number  int
	next    int64 // the newest value of this client; no other client writes the same
	history []operation
}

func (c *client) work(s *store.Store, until int64) error {
	for stamp() < until {
		o := c.choose()
		if err := c.call(s, &o); err != nil {
			return fmt.Errorf("%v: %w", o, err)
		}
		c.history = append(c.history, o)
	}
	return nil
}

// choose returns a random call, mostly on a group of this epoch, and sometimes on one of
// the previous epoch, where the values with a TTL have expired.
func (c *client) choose() operation {
	now := stamp()
	epoch := c.epoch()
	if epoch > 0 && rand.IntN(8) == 0 {
		epoch--
	}
	o := operation{
		Client: c.number, Boundary: c.boundary(epoch),
		Group: fmt.Sprintf("%d.%d", epoch, rand.IntN(epochGroups)), Key: rand.IntN(keys),
	}
	switch n := rand.IntN(100); {
	case n < 62:
		o.Verb = opGet
	case n < 72:
		o.Verb = opGetAll
	case n < 75:
		o.Verb = opCount
	case n < 87:
		o.Verb = opSet
	case n < 92:
		o.Verb = opSet
		if o.Boundary-now > int64(epochLength)/2 { // it should return before the boundary
			o.Verb = opSetShort
		}
	case n < 99:
		o.Verb = opDelete
	default:
		o.Verb = opDeleteGroup
	}
	return o
}

func (c *client) call(s *store.Store, o *operation) (err error) {
	key := strconv.Itoa(o.Key)
	if o.Verb == opSet || o.Verb == opSetShort {
		c.next++
		o.Value = c.next
	}
	value := strconv.FormatInt(o.Value, 10)
	var text string
	var all map[string]string
	o.Start = stamp()
	switch o.Verb {
	case opGet:
		text, err = s.Get(o.Group, key)
	case opGetAll:
		all, err = s.GetAll(o.Group)
	case opCount:
		o.Count, err = s.Count(o.Group)
	case opSet:
		err = s.Set(o.Group, key, value)
	case opSetShort:
		err = s.SetWithTTL(o.Group, key, value, tick)
	case opDelete:
		err = s.Delete(o.Group, key)
	case opDeleteGroup:
		err = s.DeleteGroup(o.Group)
	}
	o.End = stamp()
	if err == nil && o.Verb == opGet {
		o.Value, err = strconv.ParseInt(text, 10, 64)
	}
	for key, value := range all {
		i, err1 := strconv.Atoi(key)
		v, err2 := strconv.ParseInt(value, 10, 64)
		if err1 != nil || err2 != nil || i >= keys {
			return fmt.Errorf("read %q = %q", key, value)
		}
		o.Values[i] = v
	}
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return err
}
