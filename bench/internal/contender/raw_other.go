//go:build !linux

package contender

import "os"

func datasync(file *os.File) error { return file.Sync() }
