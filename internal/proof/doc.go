// Package proof holds the tests of two guarantees: no acknowledged write is lost, and no
// read returns a value older than a write that was acknowledged before the read began.
// Both hold whatever the processes that share a file do. The tests start processes,
// kill them and fill disks. They use only the public API of package store, and plain
// SQLite.
//
// By default each test takes seconds. The environment variable GOSTORE_PROOF makes the
// tests run longer:
//
//	GOSTORE_PROOF=2m go test -race -timeout 30m ./internal/proof
//
// Its value is the duration of each test that runs for a time. Each test that runs a
// number of rounds runs all of them instead of a few.
package proof
