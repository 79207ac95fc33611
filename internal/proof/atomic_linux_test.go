package proof

import (
	"bufio"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"forge.lthn.ai/core/go-store/internal/testprocess"
	"forge.lthn.ai/core/go-store/store"
)

func init() { roles["atomic"] = atomicRole }

// atomicCall is one call of an atomic verb. Every value is drawn at random and written
// only once, so a value stands for a revision of its key. 0 is an absent key.
type atomicCall struct {
	Client     int
	Verb       string
	Key        string
	Old, New   int64 // the value before and after the call
	Refused    bool  // with ErrExists, ErrConflict or ErrNotFound
	Start, End int64
}

// step reports whether the call can have its result on a key with the given value, and
// returns the value after the call.
func (c atomicCall) step(value int64) (bool, int64) {
	switch {
	case c.Verb == "Add" && c.Refused:
		return value != 0, value
	case c.Verb == "Take" && c.Refused:
		return value == 0, value
	case c.Verb == "CompareAndSwap" && c.Refused:
		return value != c.Old, value
	default:
		return value == c.Old, c.New
	}
}

var atomicModel = porcupine.Model{
	Init: func() any { return int64(0) },
	Step: func(state, input, _ any) (bool, any) {
		return input.(atomicCall).step(state.(int64))
	},
	Partition: func(history []porcupine.Operation) (parts [][]porcupine.Operation) {
		keys := map[string][]porcupine.Operation{}
		for _, o := range history {
			key := o.Input.(atomicCall).Key
			keys[key] = append(keys[key], o)
		}
		for _, part := range keys {
			parts = append(parts, part)
		}
		return parts
	},
}

// Add, CompareAndSwap, Take, Increment and Update, called by several goroutines of
// several processes on a few keys, are linearizable: their results fit one order of all
// calls.
func TestAtomicVerbsAreLinearizable(t *testing.T) {
	path := newPath(t)
	calls := rounds(t, 300, 3000)
	var all []*testprocess.Process
	for i := range contenders {
		p := testprocess.Start(t, "atomic", path, strconv.Itoa(i), strconv.Itoa(calls))
		r := bufio.NewReader(p.Out)
		if _, err := r.ReadString('\n'); err != nil {
			t.Fatal(err, &p.Errors)
		}
		p.Out = r
		all = append(all, p)
	}
	for _, p := range all {
		if err := p.In.Close(); err != nil { // the start signal
			t.Fatal(err)
		}
	}
	var history []porcupine.Operation
	done := map[string]int{}
	for _, p := range all {
		var ops []atomicCall
		if err := gob.NewDecoder(p.Out).Decode(&ops); err != nil {
			t.Error(err)
		}
		p.Finish(t)
		for _, o := range ops {
			history = append(history, porcupine.Operation{ClientId: o.Client, Input: o, Call: o.Start, Return: o.End})
			done[fmt.Sprint(o.Verb, " refused ", o.Refused)]++
		}
	}
	if result := porcupine.CheckOperationsTimeout(atomicModel, history, time.Minute); result != porcupine.Ok {
		t.Errorf("the history is %s", result)
	}
	t.Log(done)
	for _, what := range []string{"Add refused false", "Add refused true", "Take refused false", "CompareAndSwap refused false", "CompareAndSwap refused true"} {
		if done[what] == 0 {
			t.Errorf("%s never happened", what)
		}
	}
}

// The model rejects pairs of results that exclude each other.
func TestAtomicModelRejects(t *testing.T) {
	t.Parallel()
	add := atomicCall{Verb: "Add", New: 1, Start: 1, End: 4}
	for name, second := range map[string]atomicCall{
		"two have added":   {Verb: "Add", New: 2, Start: 2, End: 3},
		"swapped for none": {Verb: "CompareAndSwap", Old: 5, New: 2, Start: 5, End: 6},
		"taken too late":   {Verb: "Take", Refused: true, Start: 5, End: 6},
		"a lost increment": {Verb: "Increment", Old: 0, New: 2, Start: 5, End: 6},
	} {
		history := []porcupine.Operation{
			{ClientId: 0, Input: add, Call: add.Start, Return: add.End},
			{ClientId: 1, Input: second, Call: second.Start, Return: second.End},
		}
		if porcupine.CheckOperations(atomicModel, history) {
			t.Errorf("%s: accepted", name)
		}
	}
}

func atomicRole(args []string) (err error) {
	process, err1 := strconv.Atoi(args[1])
	calls, err2 := strconv.Atoi(args[2])
	s, err3 := store.New(args[0], store.WithDurability(store.Normal))
	if err := errors.Join(err1, err2, err3); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	histories, errs := make([][]atomicCall, goroutines), make([]error, goroutines)
	var all sync.WaitGroup
	for i := range goroutines {
		all.Go(func() {
			g := store.NewGroup[int64](s, "g")
			for range calls {
				c := atomicCall{Client: process*goroutines + i, Key: strconv.Itoa(rand.IntN(keys))}
				if errs[i] = c.do(s, g); errs[i] != nil {
					return
				}
				histories[i] = append(histories[i], c)
			}
		})
	}
	all.Wait()
	var history []atomicCall
	for _, h := range histories {
		history = append(history, h...)
	}
	return errors.Join(append(errs, gob.NewEncoder(os.Stdout).Encode(history))...)
}

// do makes a call at random and records its result.
func (c *atomicCall) do(s *store.Store, g store.Group[int64]) (err error) {
	ctx := context.Background()
	fresh := 1 + rand.Int64N(1<<50)
	call := func(verb string, fn func() error) {
		c.Verb, c.Start = verb, stamp()
		err = fn()
		c.End = stamp()
	}
	switch rand.IntN(5) {
	case 0:
		c.New = fresh
		call("Add", func() error { return g.Add(ctx, c.Key, fresh) })
	case 1:
		e, err := g.Entry(ctx, c.Key)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		c.Old, c.New = e.Value, fresh
		call("CompareAndSwap", func() error {
			_, err := g.CompareAndSwap(ctx, c.Key, e.Revision, fresh)
			return err
		})
	case 2:
		call("Take", func() (err error) { c.Old, err = g.Take(ctx, c.Key); return err })
	case 3:
		call("Increment", func() (err error) {
			c.New, err = store.Increment(ctx, g, c.Key, fresh)
			c.Old = c.New - fresh
			return err
		})
	default:
		c.New = fresh
		call("Update", func() error {
			return s.Update(ctx, func(tx *store.Tx) (err error) {
				if c.Old, err = g.WithTx(tx).Get(ctx, c.Key); err != nil && !errors.Is(err, store.ErrNotFound) {
					return err
				}
				return g.WithTx(tx).Set(ctx, c.Key, fresh)
			})
		})
	}
	c.Refused = errors.Is(err, store.ErrExists) || errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrNotFound)
	if c.Refused {
		return nil
	}
	return err
}
