// Evolve follows docs/evolving.md on a copy of the project: it writes the files that
// the page shows, applies the diffs, and runs the commands, in the order of the page.
//
//	evolve page folder
//
// A block of code whose fence names a file after the language is that file, or, if the
// language is diff, a change of it. A block of the language sh is commands. Other blocks
// are for the reader alone.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: evolve page folder")
		os.Exit(2)
	}
	if err := evolve(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "evolve:", err)
		os.Exit(1)
	}
}

func evolve(page, folder string) error {
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	n, err := next(folder)
	if err != nil {
		return err
	}
	list := blocks(numbered(string(text), n))
	if len(list) == 0 {
		return fmt.Errorf("%s has no block to apply", page)
	}
	for _, b := range list {
		fmt.Println(b.language, b.file)
		if err := b.apply(folder); err != nil {
			return fmt.Errorf("%s %s: %w", b.language, b.file, err)
		}
	}
	return nil
}

// next returns the number after those of the migrations.
func next(folder string) (int, error) {
	const dir = "db/migrations/sqlite"
	files, err := os.ReadDir(filepath.Join(folder, dir))
	if err != nil {
		return 0, err
	}
	last := 0
	for _, f := range files {
		var n int
		if _, err := fmt.Sscanf(f.Name(), "%05d_", &n); err != nil {
			return 0, fmt.Errorf("%s/%s has no number: %w", dir, f.Name(), err)
		}
		last = max(last, n)
	}
	return last + 1, nil
}

var placeholder = regexp.MustCompile(`NNNNN|\bN\b`)

// numbered puts the number of the migration where the page leaves it open.
func numbered(text string, n int) string {
	return placeholder.ReplaceAllStringFunc(text, func(p string) string { return fmt.Sprintf("%0*d", len(p), n) })
}

// block is a block of code that the page has applied.
type block struct {
	language, file, text string
}

var fence = regexp.MustCompile("(?ms)^```(\\w+)(?: (\\S+))?\n(.*?)^```$")

func blocks(page string) []block {
	var list []block
	for _, m := range fence.FindAllStringSubmatch(page, -1) {
		if b := (block{m[1], m[2], m[3]}); b.file != "" || b.language == "sh" {
			list = append(list, b)
		}
	}
	return list
}

func (b block) apply(folder string) error {
	if b.file == "" {
		return run(folder, b.text)
	}
	path := filepath.Join(folder, filepath.FromSlash(b.file))
	if b.language != "diff" {
		if _, err := os.Stat(path); err == nil {
			return errors.New("the file exists")
		}
		return os.WriteFile(path, []byte(b.text), 0o644)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	changed, err := patch(string(text), b.text)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(changed), 0o644)
}

func run(folder, commands string) error {
	shell := exec.Command("bash", "-euxc", commands)
	shell.Dir, shell.Stdout, shell.Stderr = folder, os.Stdout, os.Stderr
	return shell.Run()
}

// patch replaces the old lines of a diff, those kept and those removed, by its new ones.
// A diff of the page has no line numbers, so the old lines must be in the text once.
func patch(text, diff string) (string, error) {
	var before, after strings.Builder
	for line := range strings.Lines(diff) {
		switch {
		case line[0] == '-':
			before.WriteString(line[1:])
		case line[0] == '+':
			after.WriteString(line[1:])
		case line[0] == ' ':
			before.WriteString(line[1:])
			after.WriteString(line[1:])
		default:
			return "", fmt.Errorf("the line begins with none of + - and space: %q", line)
		}
	}
	// Whole lines only.
	old := "\n" + before.String()
	if n := strings.Count("\n"+text, old); n != 1 || before.Len() == 0 {
		return "", fmt.Errorf("the file has these lines %d times, want once:\n%s", n, before.String())
	}
	return strings.Replace("\n"+text, old, "\n"+after.String(), 1)[1:], nil
}
