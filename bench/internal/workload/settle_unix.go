//go:build unix

package workload

import "golang.org/x/sys/unix"

func flushDisks() { unix.Sync() }
