package contender

import (
	"fmt"
	"strings"
)

// GoStoreFamily is the family of go-store itself, which all ratios are relative to.
const GoStoreFamily = "go-store"

// All returns the contenders, in the order of the tables.
func All() []Contender {
	return []Contender{
		goStore(),
		goStoreUncached(),
		goStoreNormal(),
		previous(),
		redkaStrings(),
		redkaHash(),
		bboltUpdate(),
		bboltBatch(),
		badgerDB(),
		buntDB(),
		pebbleDB(),
		plainMap(),
		rawAppend(),
		rawReuse(),
	}
}

// Named returns the contenders of a comma-separated list of names, or all of them if it is empty.
func Named(list string) ([]Contender, error) {
	if list == "" {
		return All(), nil
	}
	var chosen []Contender
	for name := range strings.SplitSeq(list, ",") {
		c, err := Find(strings.TrimSpace(name))
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, c)
	}
	return chosen, nil
}

// Find returns the contender with a name.
func Find(name string) (Contender, error) {
	var names []string
	for _, c := range All() {
		if c.Name == name {
			return c, nil
		}
		names = append(names, c.Name)
	}
	return Contender{}, fmt.Errorf("no contender %q; the contenders are %s", name, strings.Join(names, ", "))
}
