// Package walindex reads the header of a WAL index: the first bytes of the -shm file,
// by which SQLite itself decides whether what it has in its page cache is current.
// The mapping of that file is the only unsafe code of the module.
package walindex

import (
	"encoding/binary"
	"sync/atomic"
)

// Header is one copy of the header of a WAL index, the first bytes of the -shm
// file (https://sqlite.org/walformat.html#the_wal_index_header). SQLite decides
// by it whether what it has in its page cache is current: every commit, by
// anyone, changes it.
type Header [headerWords]uint64

const (
	headerBytes = 48
	headerWords = headerBytes / 8
	// indexWords are two headers, and the beginning of what follows.
	indexWords = 2*headerWords + 1

	// version is the only value that the format has had for iVersion.
	version = 3007000
)

// usable reports whether the header is of the format described above.
func (h *Header) usable() bool {
	var b [16]byte
	binary.NativeEndian.PutUint64(b[:8], h[0])
	binary.NativeEndian.PutUint64(b[8:], h[1])
	return binary.NativeEndian.Uint32(b[:]) == version && b[12] != 0 // isInit
}

// Changes is iChange, which grows by one with each commit.
func (h *Header) Changes() uint32 {
	return first32(h[1])
}

// Frames is mxFrame, the number of valid frames in the WAL.
func (h *Header) Frames() uint32 {
	return first32(h[2])
}

// first32 is the first half of a word, as it lies in memory.
func first32(word uint64) uint32 {
	var b [8]byte
	binary.NativeEndian.PutUint64(b[:], word)
	return binary.NativeEndian.Uint32(b[:])
}

// Index holds the two copies of the header: mapped from the -shm file or, for a
// database in memory, kept by its writer. Every method but Step is safe for many
// goroutines.
type Index struct {
	words  *[indexWords]uint64
	linked func() bool // nil: there is no file
}

// Linked reports whether the mapped file still has its name. Without it, other
// processes no longer write to what is mapped.
func (x *Index) Linked() bool { return x.linked == nil || x.linked() }

// Load reads the header. It returns false while SQLite writes it: it writes the
// second copy first, so that equal copies are whole.
func (x *Index) Load() (h Header, ok bool) {
	for i := range h {
		h[i] = atomic.LoadUint64(&x.words[i])
	}
	return h, x.second(&h) && h.usable()
}

// Is reports whether the header is h, both copies of it.
func (x *Index) Is(h *Header) bool {
	for i := range h {
		if atomic.LoadUint64(&x.words[i]) != h[i] {
			return false
		}
	}
	return x.second(h)
}

// Copied is nBackfill, the number of frames of the WAL that a checkpoint has copied
// into the database file. If it is all of them, whoever writes next, even if it is
// rolled back, begins the WAL anew, which changes the header but not the counter.
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

// NewMemory makes the header of a database in memory.
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

// Step does to the header of a database in memory what a commit does to that of
// a file. One goroutine at a time may call it.
func (x *Index) Step() {
	var b [8]byte
	binary.NativeEndian.PutUint64(b[:], x.words[1])
	binary.NativeEndian.PutUint32(b[:], binary.NativeEndian.Uint32(b[:])+1)
	next := binary.NativeEndian.Uint64(b[:])
	atomic.StoreUint64(&x.words[headerWords+1], next)
	atomic.StoreUint64(&x.words[1], next)
}

// Commit is the header around one commit of this process: before it, under the
// write lock, so that nobody else could change it, and after it.
type Commit struct {
	Before, After     Header
	BeforeOK, AfterOK bool
}

// Alone reports whether the commit, which wrote something or did not, is all that
// happened in between. One that changed nothing leaves the header as it was, so that
// the one step the header made is another process's.
func (k *Commit) Alone(wrote bool) bool {
	return wrote && k.BeforeOK && k.AfterOK && k.After.Changes() == k.Before.Changes()+1
}
