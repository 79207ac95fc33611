// Package walindex reads the header of a WAL index, which is the beginning of the -shm
// file. Mapping that file is the only unsafe code of the module.
package walindex

import (
	"encoding/binary"
	"sync/atomic"
)

// Header is one copy of the header of a WAL index
// (https://sqlite.org/walformat.html#the_wal_index_header). Every commit of any process
// changes it. SQLite compares headers to decide whether its page cache is current.
type Header [headerWords]uint64

const (
	headerBytes = 48
	headerWords = headerBytes / 8
	// indexWords is the size of two headers and the word after them: see Copied.
	indexWords = 2*headerWords + 1

	// version is the only value of iVersion so far.
	version = 3007000
)

// usable reports whether the header is initialised and has the known format.
func (h *Header) usable() bool {
	var b [16]byte
	binary.NativeEndian.PutUint64(b[:8], h[0])
	binary.NativeEndian.PutUint64(b[8:], h[1])
	return binary.NativeEndian.Uint32(b[:]) == version && b[12] != 0 // isInit
}

// Changes returns iChange, which each commit increments.
func (h *Header) Changes() uint32 {
	return first32(h[1])
}

// Frames returns mxFrame, the number of valid frames in the WAL.
func (h *Header) Frames() uint32 {
	return first32(h[2])
}

// first32 returns the first four bytes of a word in memory.
func first32(word uint64) uint32 {
	var b [8]byte
	binary.NativeEndian.PutUint64(b[:], word)
	return binary.NativeEndian.Uint32(b[:])
}

// Index has the two copies of the header. They are mapped from the -shm file or, for a
// database in memory, kept by its writer. All methods except Step are safe for concurrent
// use.
type Index struct {
	words  *[indexWords]uint64
	linked func() bool // nil: no file
}

// Linked reports whether the mapped file has not been deleted. Other processes do not
// write to a deleted file.
func (x *Index) Linked() bool { return x.linked == nil || x.linked() }

// Load returns the header. ok is false while SQLite is writing the header. SQLite writes
// the second copy first, so if the copies are equal, they are complete.
func (x *Index) Load() (h Header, ok bool) {
	for i := range h {
		h[i] = atomic.LoadUint64(&x.words[i])
	}
	return h, x.second(&h) && h.usable()
}

// Is reports whether both copies of the header are equal to h.
func (x *Index) Is(h *Header) bool {
	for i := range h {
		if atomic.LoadUint64(&x.words[i]) != h[i] {
			return false
		}
	}
	return x.second(h)
}

// Copied returns nBackfill, the number of WAL frames that checkpoints have copied to the
// database file. If all are copied, the next write transaction restarts the WAL, even if it
// rolls back. That changes the header, but not [Header.Changes].
func (x *Index) Copied() uint32 {
	return first32(atomic.LoadUint64(&x.words[2*headerWords]))
}

func (x *Index) second(h *Header) bool {
	for i := range h {
		if atomic.LoadUint64(&x.words[headerWords+i]) != h[i] {
			return false
		}
	}
	return true
}

// NewMemory returns the header of a new database in memory.
func NewMemory() *Index {
	x := &Index{words: new([indexWords]uint64)}
	var b [16]byte
	binary.NativeEndian.PutUint32(b[:], version)
	b[12] = 1
	for _, copy := range []int{0, headerWords} {
		x.words[copy] = binary.NativeEndian.Uint64(b[:8])
		x.words[copy+1] = binary.NativeEndian.Uint64(b[8:])
	}
	return x
}

// Step changes the header of a database in memory as a commit changes that of a file. Only
// one goroutine at a time may call it.
func (x *Index) Step() {
	var b [8]byte
	binary.NativeEndian.PutUint64(b[:], x.words[1])
	binary.NativeEndian.PutUint32(b[:], binary.NativeEndian.Uint32(b[:])+1)
	next := binary.NativeEndian.Uint64(b[:])
	atomic.StoreUint64(&x.words[headerWords+1], next)
	atomic.StoreUint64(&x.words[1], next)
}

// Commit has the headers before and after one commit of this process. Before is read
// under the write lock, so no other process can have committed since.
type Commit struct {
	Before, After     Header
	BeforeOK, AfterOK bool
}

// Alone reports whether the commit is the only one between Before and After. wrote is
// whether it changed the file. A commit that changed nothing leaves the header as it was,
// so any step of the header is then the commit of another process.
func (k *Commit) Alone(wrote bool) bool {
	return wrote && k.BeforeOK && k.AfterOK && k.After.Changes() == k.Before.Changes()+1
}
