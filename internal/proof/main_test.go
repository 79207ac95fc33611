package proof

import (
	"os"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/testprocess"
)

// roles are what other processes of this test binary do. Tests add theirs in init.
var roles = map[string]testprocess.Role{}

func TestMain(m *testing.M) { testprocess.Main(m, roles) }

// long returns the duration that GOSTORE_PROOF sets for each test, or 0 if it is not set.
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

// span returns how long a test runs: for short by default, or as long as GOSTORE_PROOF
// says.
func span(t *testing.T, short time.Duration) time.Duration {
	t.Helper()
	if d := long(t); d > 0 {
		return d
	}
	return short
}

// rounds returns how many rounds a test runs: few by default, all with GOSTORE_PROOF.
func rounds(t *testing.T, few, all int) int {
	t.Helper()
	if long(t) > 0 {
		return all
	}
	return few
}
