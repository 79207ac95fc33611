package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPatch(t *testing.T) {
	for name, c := range map[string]struct {
		text, diff string
		want       string // "": an error
	}{
		"insert after":     {"a\nb\n", " a\n+x\n", "a\nx\nb\n"},
		"insert before":    {"a\nb\n", "+x\n b\n", "a\nx\nb\n"},
		"replace":          {"a\nb\n", "-a\n+x\n b\n", "x\nb\n"},
		"an empty line":    {"a\n\nb\n", " a\n \n+x\n", "a\n\nx\nb\n"},
		"absent":           {"a\nb\n", " c\n+x\n", ""},
		"twice":            {"a\nb\na\n", " a\n+x\n", ""},
		"part of a line":   {"aa\n", "-a\n+x\n", ""},
		"nothing to find":  {"a\n", "+x\n", ""},
		"without a margin": {"a\n", "a\n+x\n", ""},
	} {
		got, err := patch(c.text, c.diff)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q, %v; want %q", name, got, err, c.want)
		}
	}
}

func TestEvolve(t *testing.T) {
	folder := t.TempDir()
	page := filepath.Join(t.TempDir(), "page.md")
	migrations := filepath.Join(folder, "db", "migrations", "sqlite")
	if err := os.MkdirAll(migrations, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(migrations, "00009_nine.sql"), "")
	write(t, filepath.Join(folder, "a.txt"), "one\n")
	write(t, page, "Text.\n\n```sql db/migrations/sqlite/NNNNN_ten.sql\nN\n```\n\n"+
		"```diff a.txt\n one\n+two\n```\n\n```text\nfor the reader\n```\n\n```sh\necho three >>a.txt\n```\n")
	if err := evolve(page, folder); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{
		"db/migrations/sqlite/00010_ten.sql": "10\n",
		"a.txt":                              "one\ntwo\nthree\n",
	} {
		if got, err := os.ReadFile(filepath.Join(folder, file)); string(got) != want || err != nil {
			t.Errorf("%s is %q, %v; want %q", file, got, err, want)
		}
	}

	write(t, page, "```sh\nfalse\ntrue\n```\n")
	if err := evolve(page, folder); err == nil {
		t.Error("a command that fails was passed over")
	}
	write(t, page, "```txt a.txt\nnew\n```\n")
	if err := evolve(page, folder); err == nil {
		t.Error("a file that exists was overwritten")
	}
	write(t, page, "No block.\n")
	if err := evolve(page, folder); err == nil {
		t.Error("a page without a block was taken")
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
