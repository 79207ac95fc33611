package workload

import "runtime"

// settle starts a measurement from the same state for all: no garbage left by whoever came before, and nothing of theirs
// still on its way to the disk.
func settle() {
	runtime.GC()
	flushDisks()
}
