package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/store"
)

func TestRender(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, template, want string }{
		{"empty", "", ""},
		{"no action", "plain <text> & more", "plain <text> & more"},
		{"a key", "theme={{.theme}}", "theme=dark"},
		{"two keys", "{{.theme}}/{{ .lang }}", "dark/en-GB"},
		{"the same twice", "{{.theme}}{{.theme}}", "darkdark"},
		{"a missing key", "[{{.nope}}]", "[<no value>]"},
		{"no escaping", "{{.html}}", `<b>"&'</b>`},
		{"a value with the text of a template", "{{.tmpl}}", "{{.theme}}"},
		{"an odd key", `{{index . "a-b c"}}`, "odd"},
		{"an odd key that is missing", `[{{index . "x-y"}}]`, "[]"},
		{"the empty key", `{{index . ""}}`, "nothing"},
		{"an empty value", "[{{.empty}}]", "[]"},
		{"a condition", "{{if .nope}}yes{{else}}no{{end}}", "no"},
		{"in order of keys", `{{range $k, $v := .}}{{if eq $v "dark" "en-GB"}}{{$k}};{{end}}{{end}}`, "lang;theme;"},
		{"how many", "{{len .}}", "8"},
		{"functions", `{{printf "%q" .theme}}{{ .theme | len }}`, `"dark"4`},
		{"trimming", "a {{- .theme -}} b", "adarkb"},
		{"a comment", "a{{/* not seen */}}b", "ab"},
		{"a template of its own", `{{define "t"}}<{{.theme}}>{{end}}{{template "t" .}}`, "<dark>"},
		{"bytes", "{{.bytes}}", "a\x00\xffb"},
		{"an expired key", "{{.gone}}", "<no value>"},
		{"another group's key", "{{.pool}}", "<no value>"},
	}
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		now := newClock()
		s := open(now.option())
		for key, value := range map[string]string{
			"theme": "dark", "lang": "en-GB", "html": `<b>"&'</b>`, "tmpl": "{{.theme}}",
			"a-b c": "odd", "": "nothing", "empty": "", "bytes": "a\x00\xffb",
		} {
			set(t, s, "config", key, value)
		}
		set(t, s, "miner", "pool", "eu")
		if err := s.SetWithTTL("config", "gone", "v", time.Second); err != nil {
			t.Fatal(err)
		}
		now.advance(time.Second)
		for _, test := range tests {
			got, err := s.Render(test.template, "config")
			if err != nil || got != test.want {
				t.Errorf("%s: got %q, %v; want %q", test.name, got, err, test.want)
			}
		}
	})
}

// A template may define a template of any name, including that of the group.
func TestRenderDoesNotDependOnTheGroupsName(t *testing.T) {
	t.Parallel()
	s := open(t, ":memory:")
	for _, group := range []string{"t", "config", ""} {
		set(t, s, group, "k", "v")
		got, err := s.Render(`{{define "t"}}<{{.k}}>{{end}}{{template "t" .}}`, group)
		if err != nil || got != "<v>" {
			t.Errorf("in group %q: %q, %v", group, got, err)
		}
	}
}

func TestRenderFails(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, template, want string }{
		{"unclosed", "a{{.theme", "unclosed action"},
		{"unknown function", "{{nope .theme}}", `function "nope" not defined`},
		{"a field of a string", "{{.theme.colour}}", "can't evaluate field colour"},
		{"a wrong argument", "{{index .theme 99}}", "index"},
		{"a template that is missing", `{{template "nope"}}`, "nope"},
	}
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open()
		set(t, s, "g", "theme", "dark")
		if _, err := s.Render(`{{define "t"}}{{template "t"}}{{end}}{{template "t"}}`, "g"); err == nil || !strings.Contains(err.Error(), "depth") {
			t.Errorf("a template without end: %v", err)
		}
		for _, group := range []string{"config", "", "two\nlines", "\xff\x1b[2J", strings.Repeat("g", 10_000)} {
			set(t, s, group, "theme", "dark")
			for _, test := range tests {
				out, err := s.Render("before "+test.template, group)
				var e *store.Error
				if !errors.As(err, &e) || e.Op != "Render" || e.Group != group || !strings.Contains(err.Error(), test.want) {
					t.Errorf("%s: %v, want an error of Render with %q", test.name, err, test.want)
					continue
				}
				if out != "" {
					t.Errorf("%s: half a result, %q, with the error", test.name, out)
				}
				if text := err.Error(); strings.ContainsAny(text, "\n\x1b") || len(text) > 2048 {
					t.Errorf("%s: not one short line: %.3000q", test.name, text)
				}
			}
		}
	})
}
