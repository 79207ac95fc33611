package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestARunLeavesAReportAndNothingElse runs the whole program once, on two contenders. The results, the page and the plots must
// be there, and the databases must be gone.
func TestARunLeavesAReportAndNothingElse(t *testing.T) {
	out, dir := t.TempDir(), t.TempDir()
	args := []string{
		"-smoke", "-time", "1ms", "-out", out, "-dir", dir,
		"-contenders", "go-store,map", "-run", "^(GetHot|Set/g=1|Bulk)$",
	}
	if err := run(t.Context(), args); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join(out, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"go-store", "Go map", "Get, 500 keys", "reduced run"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(string(page), dir) || strings.Contains(string(page), out) {
		t.Error("the page names a directory of this machine")
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if err := run(t.Context(), []string{"-report", "-out", out}); err != nil {
		t.Errorf("again from the results: %v", err)
	}
}
