package contender

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

var errWriteOnly = errors.New("this contender only writes")

// reusedBytes is the length of the file that rawReuse overwrites again and again: that of SQLite's log between checkpoints.
const reusedBytes = 4 << 20

// rawAppend is the limit of a durable write to a log that grows: write the bytes, wait for the disk.
func rawAppend() Contender {
	return Contender{
		Name: "raw", Title: "write + fdatasync", Family: "raw",
		Setup: "appends the key and value to a file and calls fdatasync: the limit of a durable write",
		Roles: Sync,
		Open:  func(dir string, _ Config) (Store, error) { return openRaw(dir, 0) },
	}
}

// rawReuse is the same limit for a log that is overwritten, as SQLite's is after each checkpoint. The file keeps its length, so
// the file system has less to write and the limit is lower.
func rawReuse() Contender {
	return Contender{
		Name: "raw-reuse", Title: "overwrite + fdatasync", Family: "raw",
		Setup: "as write + fdatasync, but overwrites an existing file of 4 MiB again and again",
		Roles: Sync,
		Open:  func(dir string, _ Config) (Store, error) { return openRaw(dir, reusedBytes) },
	}
}

// rawStore writes from one goroutine only.
type rawStore struct {
	file   *os.File
	length int64 // where writing starts over; 0 means never
	at     int64
}

func openRaw(dir string, length int64) (_ Store, err error) {
	file, err := os.Create(filepath.Join(dir, "raw.log"))
	if err != nil {
		return nil, fmt.Errorf("raw: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, file.Close())
		}
	}()
	if _, err := file.Write(make([]byte, length)); err != nil {
		return nil, fmt.Errorf("raw: %w", err)
	}
	if err := file.Sync(); err != nil {
		return nil, fmt.Errorf("raw: %w", err)
	}
	return &rawStore{file: file, length: length}, nil
}

func (s *rawStore) Get(string, string) (string, error) { return "", errWriteOnly }

func (s *rawStore) Set(group, key, value string) error {
	record := []byte(group + key + value)
	if s.length > 0 && s.at+int64(len(record)) > s.length {
		s.at = 0
	}
	if _, err := s.file.WriteAt(record, s.at); err != nil {
		return fmt.Errorf("raw: %w", err)
	}
	s.at += int64(len(record))
	if err := datasync(s.file); err != nil {
		return fmt.Errorf("raw: %w", err)
	}
	return nil
}

func (s *rawStore) Close() error { return s.file.Close() }
