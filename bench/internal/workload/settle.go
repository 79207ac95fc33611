package workload

import "runtime"

// settle gives every measurement the same start: the garbage of the contender before is collected, and its writes have reached
// the disk.
func settle() {
	runtime.GC()
	flushDisks()
}
