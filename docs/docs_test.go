// Package docs holds the project's pages, and tests that what they name exists.
package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// root is the folder of the repository.
const root = ".."

var (
	testName = regexp.MustCompile(`\b(?:Test|Fuzz|Benchmark|Example)(?:[A-Z]|_[a-z])\w*`)
	testFunc = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark|Example)\w*)\(`)
	fence    = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
	code     = regexp.MustCompile("`[^`\n]*`")
	heading  = regexp.MustCompile(`(?m)^#{1,6} +(.+?) *$`)
	linkText = regexp.MustCompile(`\[([^]]*)\]\([^)]*\)`)
	target   = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	scheme   = regexp.MustCompile(`^[a-z]+:`)
)

// read returns the text of every file of the repository that ends so, by its
// path. Hidden folders are left out.
func read(t *testing.T, suffix string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, suffix):
			return nil
		}
		b, err := os.ReadFile(path)
		texts[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(texts) == 0 {
		t.Fatalf("no file ends in %s", suffix)
	}
	return texts
}

// Every test, fuzz target, benchmark and example that a page names is a function
// of some test file, or the page itself has it.
func TestNamedTestsExist(t *testing.T) {
	t.Parallel()
	exists := map[string]bool{}
	for _, text := range read(t, "_test.go") {
		for _, m := range testFunc.FindAllStringSubmatch(text, -1) {
			exists[m[1]] = true
		}
	}
	for page, text := range read(t, ".md") {
		own := map[string]bool{} // docs/evolving.md makes one
		for _, m := range testFunc.FindAllStringSubmatch(text, -1) {
			own[m[1]] = true
		}
		for _, name := range testName.FindAllString(text, -1) {
			if !exists[name] && !own[name] {
				t.Errorf("%s names %s, which is no function of a test file", page, name)
			}
		}
	}
}

// Every relative link of a page leads to a file or folder, and its fragment to a
// heading of that page.
func TestLinksResolve(t *testing.T) {
	t.Parallel()
	pages := read(t, ".md")
	for page, text := range pages {
		text = code.ReplaceAllString(fence.ReplaceAllString(text, ""), "")
		for _, m := range target.FindAllStringSubmatch(text, -1) {
			if scheme.MatchString(m[1]) {
				continue
			}
			path, anchor, _ := strings.Cut(m[1], "#")
			file := page
			if path != "" {
				file = filepath.Join(filepath.Dir(page), path)
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s links to %s: %v", page, m[1], err)
				continue
			}
			if anchor != "" && !anchors(pages[file])[anchor] {
				t.Errorf("%s links to %s, and there is no such heading", page, m[1])
			}
		}
	}
}

// anchors returns the fragments that the headings of a page have, as forges make
// them: lower case, without punctuation, with hyphens for spaces, and numbered
// from the second one of the same text.
func anchors(text string) map[string]bool {
	list := map[string]bool{}
	seen := map[string]int{}
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		var b strings.Builder
		for _, r := range strings.ToLower(linkText.ReplaceAllString(m[1], "$1")) {
			switch {
			case r == ' ':
				b.WriteByte('-')
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
				b.WriteRune(r)
			}
		}
		anchor := b.String()
		if n := seen[anchor]; n > 0 {
			list[anchor+"-"+strconv.Itoa(n)] = true
		} else {
			list[anchor] = true
		}
		seen[anchor]++
	}
	return list
}

func TestAnchors(t *testing.T) {
	t.Parallel()
	got := anchors("# A `b` c_d\n\n## [Old](x.md) files & more\n\n```sh\n# no heading\n```\n## Same\n## Same\n")
	for _, want := range []string{"a-b-c_d", "old-files--more", "same", "same-1"} {
		if !got[want] {
			t.Errorf("there is no %s in %v", want, got)
		}
	}
	if len(got) != 4 {
		t.Errorf("anchors are %v; want 4", got)
	}
}
