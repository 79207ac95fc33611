// Package proof holds the tests of what must never break, whatever the processes
// that share a file do: no acknowledged write is lost, and no read is older than
// a write acknowledged before it. They start processes, kill them, fill disks,
// and look at the store from outside only.
//
// By default each test takes seconds. GOSTORE_PROOF makes them take long:
//
//	GOSTORE_PROOF=2m go test -race -timeout 30m ./internal/proof
//
// is the time for each test that goes on for a time, and all the rounds of those
// that count rounds.
package proof
