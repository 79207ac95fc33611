package proof

import (
	"os"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/testprocess"
)

// roles are added where they are written.
var roles = map[string]testprocess.Role{}

func TestMain(m *testing.M) { testprocess.Main(m, roles) }

// long is how long a test may go on, if the proof is to be long; else 0.
func long(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("GOSTORE_PROOF")
	if text == "" {
		return 0
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		t.Fatalf("GOSTORE_PROOF=%s: give a duration", text)
	}
	return d
}

// span is how long a test goes on that takes short by default.
func span(t *testing.T, short time.Duration) time.Duration {
	t.Helper()
	if d := long(t); d > 0 {
		return d
	}
	return short
}

// rounds is how many times a test does what it does: few by default, all if the
// proof is to be long.
func rounds(t *testing.T, few, all int) int {
	t.Helper()
	if long(t) > 0 {
		return all
	}
	return few
}
