package store_test

import (
	"testing"

	"forge.lthn.ai/core/go-store/internal/testprocess"
)

// roles are what other processes of this test binary do. Some tests add theirs in init.
var roles = map[string]testprocess.Role{
	"write and read": writeAndRead,
	"answer":         answer,
	"write for ever": writeForEver,
	"hold the lock":  holdLock,
}

// TestMain checks that no goroutine of a store is left after the tests.
func TestMain(m *testing.M) { testprocess.Main(m, roles) }
