package proof

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// operation is one call of a process, with its result.
type operation struct {
	Client     int
	Verb       verb
	Group      string
	Key        int   // of Get, Set, SetShort and Delete
	Value      int64 // written, or read by Get; 0: absent
	Values     cells // read by GetAll
	Count      int
	Start, End int64 // see stamp
	// Boundary is the time at which the values of SetShort in the group expire.
	Boundary int64
}

type verb uint8

const (
	opGet verb = iota
	opGetAll
	opCount
	opSet
	opSetShort // with a TTL that ends at the boundary
	opDelete
	opDeleteGroup
)

var verbNames = [...]string{"Get", "GetAll", "Count", "Set", "SetShort", "Delete", "DeleteGroup"}

// keys is the number of keys of a group. There are few, so that calls meet on them.
const keys = 3

// cells are the values of a group's keys. 0 is an absent key.
type cells [keys]int64

func (o operation) String() string {
	text := fmt.Sprintf("%d–%d client %d: %s(%s", o.Start, o.End, o.Client, verbNames[o.Verb], o.Group)
	switch o.Verb {
	case opGet:
		text += fmt.Sprintf("/%d) = %d", o.Key, o.Value)
	case opGetAll:
		text += fmt.Sprintf(") = %d", o.Values)
	case opCount:
		text += fmt.Sprintf(") = %d", o.Count)
	case opSet, opSetShort:
		text += fmt.Sprintf("/%d, %d)", o.Key, o.Value)
	case opDelete:
		text += fmt.Sprintf("/%d)", o.Key)
	case opDeleteGroup:
		text += ")"
	}
	switch o.expired() {
	case yes:
		text += " after the boundary"
	case maybe:
		text += " across the boundary"
	}
	return text
}

type tribool uint8

const (
	no tribool = iota
	yes
	maybe
)

// expired reports whether the call read the clock after the boundary. A call that spans
// the boundary may have read it before or after.
func (o operation) expired() tribool {
	switch {
	case o.End < o.Boundary:
		return no
	case o.Start >= o.Boundary:
		return yes
	default:
		return maybe
	}
}

// group is the state of one group in the model.
type group struct {
	values cells
	short  [keys]bool // expires at the boundary
}

// can reports whether a read of key i can return v.
func (g group) can(i int, v int64, expired tribool) bool {
	if g.values[i] == 0 || !g.short[i] || expired == no {
		return v == g.values[i]
	}
	return v == 0 || expired == maybe && v == g.values[i]
}

// canCount reports whether a count of the group can return n.
func (g group) canCount(n int, expired tribool) bool {
	least, most := 0, 0
	for i := range keys {
		if !g.can(i, 0, expired) {
			least++
		}
		if g.values[i] != 0 && g.can(i, g.values[i], expired) {
			most++
		}
	}
	return least <= n && n <= most
}

// step reports whether a call can have its result on the group, and returns the group
// after the call.
func (g group) step(o operation) (bool, group) {
	expired := o.expired()
	switch o.Verb {
	case opGet:
		return g.can(o.Key, o.Value, expired), g
	case opGetAll:
		for i := range keys {
			if !g.can(i, o.Values[i], expired) {
				return false, g
			}
		}
		return true, g
	case opCount:
		return g.canCount(o.Count, expired), g
	case opSet, opSetShort:
		g.values[o.Key], g.short[o.Key] = o.Value, o.Verb == opSetShort
	case opDelete:
		g.values[o.Key], g.short[o.Key] = 0, false
	case opDeleteGroup:
		g = group{}
	}
	return true, g
}

// model is a store with one group.
var model = porcupine.Model{
	Init: func() any { return group{} },
	Step: func(state, input, _ any) (bool, any) { return state.(group).step(input.(operation)) },
}

// wantLinearizable checks the history of each group separately.
func wantLinearizable(t *testing.T, history []operation) {
	t.Helper()
	groups := map[string][]operation{}
	for _, o := range history {
		groups[o.Group] = append(groups[o.Group], o)
	}
	left, reads := 0, 0
	for name, ops := range groups {
		if slices.ContainsFunc(ops, func(o operation) bool { return o.Verb == opSetShort && o.expired() != no }) {
			continue // so late that the expiry of its value is unknown
		}
		left++
		calls := make([]porcupine.Operation, len(ops))
		for i, o := range ops {
			calls[i] = porcupine.Operation{ClientId: o.Client, Input: o, Call: o.Start, Return: o.End}
			if o.Verb <= opCount {
				reads++
			}
		}
		switch porcupine.CheckOperationsTimeout(model, calls, time.Minute) {
		case porcupine.Illegal:
			t.Errorf("the history of group %s is not linearizable:\n%s", name, explain(ops, calls))
		case porcupine.Unknown:
			t.Errorf("the history of group %s, %d operations, takes too long to check", name, len(ops))
		}
	}
	t.Logf("%d groups of %d, %d operations, %d reads among them", left, len(groups), len(history), reads)
	if 2*left < len(groups) || reads < len(history)/4 {
		t.Error("too little of the history can be checked")
	}
}

// explain lists the first operation that fits no order, with the operations around it.
func explain(ops []operation, calls []porcupine.Operation) string {
	_, info := porcupine.CheckOperationsVerbose(model, calls, time.Minute)
	var fits []porcupine.Operation
	for _, part := range info.PartialLinearizationsOperations() {
		for _, some := range part {
			if len(some) > len(fits) {
				fits = some
			}
		}
	}
	in := map[operation]bool{}
	for _, c := range fits {
		in[c.Input.(operation)] = true
	}
	slices.SortFunc(ops, func(a, b operation) int { return cmp.Compare(a.End, b.End) })
	first := slices.IndexFunc(ops, func(o operation) bool { return !in[o] })
	text := ""
	for i := max(0, first-30); i < min(len(ops), first+10); i++ {
		if i == first {
			text += "→ "
		}
		text += ops[i].String() + "\n"
	}
	return text
}

// The model rejects histories that a store must not have.
func TestModelRejects(t *testing.T) {
	t.Parallel()
	const boundary = 100
	at := func(o operation, start, end int64) operation {
		o.Group, o.Start, o.End, o.Boundary = "g", start, end, boundary
		return o
	}
	write := at(operation{Verb: opSet, Value: 1}, 1, 2)
	again := at(operation{Verb: opSet, Value: 2}, 3, 4)
	short := at(operation{Verb: opSetShort, Value: 3}, 5, 6)
	for name, c := range map[string]struct {
		ops  []operation
		want bool
	}{
		"the newest":               {[]operation{write, again, at(operation{Value: 2}, 5, 6)}, true},
		"stale":                    {[]operation{write, again, at(operation{Value: 1}, 5, 6)}, false},
		"either, while it changes": {[]operation{write, again, at(operation{Value: 1}, 3, 6)}, true},
		"back again":               {[]operation{write, again, at(operation{Value: 2}, 3, 4), at(operation{Value: 1}, 5, 6)}, false},
		"lost":                     {[]operation{write, at(operation{}, 5, 6)}, false},
		"a stale group":            {[]operation{write, again, at(operation{Verb: opGetAll, Values: cells{1}}, 5, 6)}, false},
		"a stale count":            {[]operation{write, at(operation{Verb: opCount}, 5, 6)}, false},
		"expired":                  {[]operation{short, at(operation{}, 100, 101)}, true},
		"expired and there":        {[]operation{short, at(operation{Value: 3}, 100, 101)}, false},
		"gone too early":           {[]operation{short, at(operation{}, 98, 99)}, false},
		"back from the dead":       {[]operation{short, at(operation{Verb: opDelete}, 7, 8), at(operation{Value: 3}, 9, 10)}, false},
	} {
		calls := make([]porcupine.Operation, len(c.ops))
		for i, o := range c.ops {
			calls[i] = porcupine.Operation{ClientId: i, Input: o, Call: o.Start, Return: o.End}
		}
		if got := porcupine.CheckOperations(model, calls); got != c.want {
			t.Errorf("%s: %s is linearizable: %t", name, strconv.Quote(fmt.Sprint(c.ops)), got)
		}
	}
}
