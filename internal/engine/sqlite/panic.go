package sqlite

import "errors"

// panicked is what a function panicked with that may have run for another caller.
type panicked struct {
	value any
}

// errCaught undoes what a function did that panicked. Nobody sees it.
var errCaught = errors.New("store: panic")

// catch runs fn and turns a panic into an error, and p: among the units of other
// callers it must hurt only its own.
func catch(p **panicked, fn func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			*p, err = &panicked{v}, errCaught
		}
	}()
	return fn()
}
