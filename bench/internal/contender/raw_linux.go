package contender

import (
	"os"

	"golang.org/x/sys/unix"
)

func datasync(file *os.File) error { return unix.Fdatasync(int(file.Fd())) }
