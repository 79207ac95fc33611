package store_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// root is the root folder of the module.
const root = ".."

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// pages returns the module's documents.
func pages(t *testing.T) []string {
	t.Helper()
	docs, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	return append(docs, filepath.Join(root, "README.md"))
}

var goBlock = regexp.MustCompile("(?ms)^```go\n(.*?)^```$")

// blocks returns the Go code blocks of a document.
func blocks(t *testing.T, page string) (list []string) {
	t.Helper()
	for _, m := range goBlock.FindAllStringSubmatch(readFile(t, page), -1) {
		list = append(list, m[1])
	}
	return list
}

// flat returns code without its indentation.
func flat(code string) string {
	var b strings.Builder
	for line := range strings.Lines(code) {
		b.WriteString(strings.TrimSpace(line) + "\n")
	}
	return b.String()
}

// TestSnippets checks that each Go code block in the documents is part of an example,
// which is compiled and run. Whole programs are left to TestProgram.
func TestSnippets(t *testing.T) {
	files, err := filepath.Glob("example_*test.go")
	if err != nil {
		t.Fatal(err)
	}
	var examples strings.Builder
	for _, f := range files {
		examples.WriteString(flat(readFile(t, f)))
	}
	for _, page := range pages(t) {
		for _, block := range blocks(t, page) {
			if strings.HasPrefix(block, "package main\n") {
				continue // TestProgram runs it
			}
			if !strings.Contains(examples.String(), flat(block)) {
				t.Errorf("%s: no example has this:\n%s", page, block)
			}
		}
	}
}

// TestProgram builds and runs the program that the README begins with.
func TestProgram(t *testing.T) {
	program := blocks(t, filepath.Join(root, "README.md"))[0]
	if !strings.HasPrefix(program, "package main\n") {
		t.Fatalf("the first piece of Go is no program:\n%s", program)
	}
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("there is no go command")
	}
	dir := t.TempDir()
	source, binary := filepath.Join(dir, "main.go"), filepath.Join(dir, "program.exe")
	if err := os.WriteFile(source, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), tool, "build", "-o", binary, source)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	run := exec.CommandContext(t.Context(), binary)
	run.Dir = dir
	out, err := run.CombinedOutput()
	if want := "dark <nil>\na dark theme <nil>\n"; err != nil || string(out) != want {
		t.Errorf("it wrote %q, %v; want %q", out, err, want)
	}
}
