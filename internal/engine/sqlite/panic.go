package sqlite

import "errors"

// panicked holds the value of a panic, for the caller whose function panicked.
type panicked struct {
	value any
}

// errCaught makes the writer undo the changes of a function that panicked. No caller sees
// it.
var errCaught = errors.New("store: panic")

// catch runs fn. It stores a panic in p and returns errCaught, so that the panic does not
// affect the ops of other callers in the batch.
func catch(p **panicked, fn func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			*p, err = &panicked{v}, errCaught
		}
	}()
	return fn()
}
