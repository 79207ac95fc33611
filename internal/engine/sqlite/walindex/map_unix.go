//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package walindex

import (
	"os"
	"runtime"
	"sync"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Map maps the header of the WAL index of the database at path, for reading. It returns
// nil if the header cannot be mapped; the store then has no read cache. A connection to the
// database must be open as long as the mapping is used. Otherwise SQLite may delete the
// file, and a mapping of a deleted file never changes.
//
// The header is unmapped after the Index becomes unreachable, so readers need no lock. They
// must keep the Index alive while they read.
func Map(path string) *Index {
	f := shmFiles.acquire(path + "-shm")
	if f == nil {
		return nil
	}
	page, err := unix.Mmap(int(f.file.Fd()), 0, os.Getpagesize(), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		shmFiles.release(f)
		return nil
	}
	x := &Index{
		words:  (*[indexWords]uint64)(unsafe.Pointer(unsafe.SliceData(page))),
		linked: f.linked,
	}
	runtime.AddCleanup(x, func(page []byte) {
		unix.Munmap(page) // cannot fail, because Mmap returned page
		shmFiles.release(f)
	}, page)
	return x
}

// shmFiles are the -shm files that this process has open in addition to SQLite. POSIX
// locks belong to a process and an inode: closing any descriptor of a file drops all locks
// of the process on it, including SQLite's. So all stores on a file share one descriptor.
// It is closed only after the file has been deleted, when its locks no longer matter.
var shmFiles = shmRegistry{files: map[inode]*shmFile{}}

type inode struct {
	dev, ino uint64
}

type shmFile struct {
	file *os.File
	uses int
}

type shmRegistry struct {
	mu    sync.Mutex
	files map[inode]*shmFile
	// stray are descriptors that are not in files, because their file is already there
	// or is not usable. They too stay open until their file is deleted.
	stray []*os.File
}

func (r *shmRegistry) acquire(path string) *shmFile {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sweep()
	var st unix.Stat_t
	if unix.Stat(path, &st) != nil {
		return nil
	}
	if f := r.files[inodeOf(&st)]; f != nil {
		f.uses++
		return f
	}
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	// The file at path may have been replaced since Stat.
	if unix.Fstat(int(file.Fd()), &st) != nil || r.files[inodeOf(&st)] != nil || st.Nlink == 0 || st.Size < 2*headerBytes {
		r.stray = append(r.stray, file)
		return nil
	}
	f := &shmFile{file: file, uses: 1}
	r.files[inodeOf(&st)] = f
	return f
}

func (r *shmRegistry) release(f *shmFile) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f.uses--
	r.sweep()
}

// sweep closes the unused descriptors of deleted files.
func (r *shmRegistry) sweep() {
	for key, f := range r.files {
		if f.uses == 0 && !linked(f.file) {
			f.file.Close() // opened for reading, so no data can be lost
			delete(r.files, key)
		}
	}
	kept := r.stray[:0]
	for _, file := range r.stray {
		if linked(file) {
			kept = append(kept, file)
		} else {
			file.Close() // opened for reading, so no data can be lost
		}
	}
	r.stray = kept
}

func (f *shmFile) linked() bool { return linked(f.file) }

func linked(file *os.File) bool {
	var st unix.Stat_t
	return unix.Fstat(int(file.Fd()), &st) == nil && st.Nlink > 0
}

func inodeOf(st *unix.Stat_t) inode {
	return inode{dev: uint64(st.Dev), ino: uint64(st.Ino)}
}
