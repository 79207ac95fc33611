package sqlite

import (
	"encoding/binary"
	"sync/atomic"
)

// header is one copy of the header of a WAL index, the first bytes of the -shm
// file (https://sqlite.org/walformat.html#the_wal_index_header). SQLite decides
// by it whether what it has in its page cache is current: every commit, by
// anyone, changes it.
type header [headerWords]uint64

const (
	headerBytes = 48
	headerWords = headerBytes / 8
	// indexWords are two headers, and the beginning of what follows.
	indexWords = 2*headerWords + 1

	// walIndexVersion is the only value that the format has had for iVersion.
	walIndexVersion = 3007000
)

// usable says whether the header is of the format described above.
func (h *header) usable() bool {
	var b [16]byte
	binary.NativeEndian.PutUint64(b[:8], h[0])
	binary.NativeEndian.PutUint64(b[8:], h[1])
	return binary.NativeEndian.Uint32(b[:]) == walIndexVersion && b[12] != 0 // isInit
}

// changes is iChange, which grows by one with each commit.
func (h *header) changes() uint32 {
	return first32(h[1])
}

// frames is mxFrame, the number of valid frames in the WAL.
func (h *header) frames() uint32 {
	return first32(h[2])
}

// first32 is the first half of a word, as it lies in memory.
func first32(word uint64) uint32 {
	var b [8]byte
	binary.NativeEndian.PutUint64(b[:], word)
	return binary.NativeEndian.Uint32(b[:])
}

// walIndex is where the two copies of the header are: mapped from the -shm file,
// or, for a database in memory, kept by its writer.
type walIndex struct {
	words *[indexWords]uint64
	// linked says whether the mapped file still has its name. Without it, other
	// processes no longer write to what is mapped. Nil: there is no file.
	linked func() bool
}

// load reads the header. It returns false while SQLite writes it: it writes the
// second copy first, so that equal copies are whole.
func (x *walIndex) load() (h header, ok bool) {
	for i := range h {
		h[i] = atomic.LoadUint64(&x.words[i])
	}
	return h, x.second(&h) && h.usable()
}

// is says whether the header is h, both copies of it.
func (x *walIndex) is(h *header) bool {
	for i := range h {
		if atomic.LoadUint64(&x.words[i]) != h[i] {
			return false
		}
	}
	return x.second(h)
}

// copied is nBackfill, the number of frames of the WAL that a checkpoint has copied
// into the database file. If it is all of them, whoever writes next, even if it is
// rolled back, begins the WAL anew, which changes the header but not the counter.
func (x *walIndex) copied() uint32 {
	return first32(atomic.LoadUint64(&x.words[2*headerWords]))
}

func (x *walIndex) second(h *header) bool {
	for i := range h {
		if atomic.LoadUint64(&x.words[headerWords+i]) != h[i] {
			return false
		}
	}
	return true
}

// newMemoryIndex makes the header of a database in memory.
func newMemoryIndex() *walIndex {
	x := &walIndex{words: new([indexWords]uint64)}
	var b [16]byte
	binary.NativeEndian.PutUint32(b[:], walIndexVersion)
	b[12] = 1
	for _, copy := range []int{0, headerWords} {
		x.words[copy] = binary.NativeEndian.Uint64(b[:8])
		x.words[copy+1] = binary.NativeEndian.Uint64(b[8:])
	}
	return x
}

// step does to the header of a database in memory what a commit does to that of
// a file. One goroutine at a time may call it.
func (x *walIndex) step() {
	var b [8]byte
	binary.NativeEndian.PutUint64(b[:], x.words[1])
	binary.NativeEndian.PutUint32(b[:], binary.NativeEndian.Uint32(b[:])+1)
	next := binary.NativeEndian.Uint64(b[:])
	atomic.StoreUint64(&x.words[headerWords+1], next)
	atomic.StoreUint64(&x.words[1], next)
}

// commit is the header around one commit of this process: before it, under the
// write lock, so that nobody else could change it, and after it.
type commit struct {
	before, after     header
	beforeOK, afterOK bool
}

// alone says whether that one commit, of what ch says, is all that has happened in
// between. One that changed nothing leaves the header as it was, so that the one
// step it has made is somebody else's.
func (k *commit) alone(ch *changes) bool {
	return ch.wrote() && k.beforeOK && k.afterOK && k.after.changes() == k.before.changes()+1
}
