package main

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the golden output")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tour": main})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
	})
}

// broken is a writer that takes some bytes and then fails.
type broken struct{ left int }

var errBroken = errors.New("broken pipe")

func (b *broken) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errBroken
	}
	return len(p), nil
}

func TestTourReportsLostOutput(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var whole bytes.Buffer
	if err := tour(&whole); err != nil {
		t.Fatal(err)
	}
	if err := tour(&broken{left: whole.Len() / 2}); !errors.Is(err, errBroken) {
		t.Errorf("tour on a broken writer returned %v", err)
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if len(left) > 0 {
		t.Errorf("tour left %v", left)
	}
}
