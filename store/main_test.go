package store_test

import (
	"testing"

	"forge.lthn.ai/core/go-store/internal/testprocess"
)

// roles are what other processes of this test binary do. Some are added where they
// are written.
var roles = map[string]testprocess.Role{
	"write and read": writeAndRead,
	"answer":         answer,
	"write for ever": writeForEver,
	"hold the lock":  holdLock,
}

// Every store must have taken its goroutines with it when the tests are through.
func TestMain(m *testing.M) { testprocess.Main(m, roles) }
