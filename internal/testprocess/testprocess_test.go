package testprocess_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"forge.lthn.ai/core/go-store/internal/testprocess"
)

func TestMain(m *testing.M) {
	testprocess.Main(m, map[string]testprocess.Role{
		"echo": func(args []string) error {
			fmt.Println(args)
			_, err := io.Copy(os.Stdout, os.Stdin)
			return err
		},
		"fail": func([]string) error { return errors.New("as it should") },
	})
}

func TestRoles(t *testing.T) {
	p := testprocess.Start(t, "echo", "a", "b")
	if _, err := io.WriteString(p.In, "said"); err != nil {
		t.Fatal(err)
	}
	p.In.Close()
	out, err := io.ReadAll(p.Out)
	if err != nil || string(out) != "[a b]\nsaid" {
		t.Errorf("printed %q, %v", out, err)
	}
	p.Finish(t)
}

func TestFailures(t *testing.T) {
	for role, want := range map[string]struct {
		code int
		text string
	}{
		"fail":   {1, "fail: as it should\n"},
		"no one": {2, "there is no role \"no one\"\n"},
	} {
		var stderr bytes.Buffer
		cmd := testprocess.Command(t.Context(), t, role)
		cmd.Stderr = &stderr
		err := cmd.Run()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != want.code || !strings.Contains(stderr.String(), want.text) {
			t.Errorf("%s: %v, %q", role, err, &stderr)
		}
	}
}
