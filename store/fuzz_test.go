package store_test

import (
	"slices"
	"strings"
	"testing"
	"text/template"

	"forge.lthn.ai/core/go-store/store"
)

// FuzzSetGet checks that any bytes can be stored as group, key and value and are read back,
// and that no other key changes.
func FuzzSetGet(f *testing.F) {
	for i, s := range oddStrings {
		f.Add(s, oddStrings[(i+1)%len(oddStrings)], oddStrings[(i+2)%len(oddStrings)])
		f.Add(s, s, s)
	}
	file := open(f, newPath(f), store.WithDurability(store.Normal))
	memory := open(f, ":memory:")
	f.Fuzz(func(t *testing.T, group, key, value string) {
		for _, s := range []*store.Store{file, memory} {
			others := [][2]string{
				{group, key + "\x00"},
				{group + "\x00", key},
				{group + key, ""},
				{"", group + key},
				{key, group},
				{strings.ToUpper(group), strings.ToUpper(key)},
				{strings.TrimSpace(group), strings.TrimSpace(key)},
				{strings.ToValidUTF8(group, "\ufffd"), strings.ToValidUTF8(key, "\ufffd")},
			}
			others = slices.DeleteFunc(others, func(o [2]string) bool { return o == [2]string{group, key} })
			wantAbsent(t, s, group, key)
			for _, o := range others {
				set(t, s, o[0], o[1], "other")
			}
			wantAbsent(t, s, group, key)
			before, err := s.GetAll(group)
			if err != nil {
				t.Fatal(err)
			}

			set(t, s, group, key, "first")
			set(t, s, group, key, value)
			wantValue(t, s, group, key, value)
			wantCount(t, s, group, len(before)+1)
			e, err := store.NewGroup[string](s, group).Entry(background, key)
			if err != nil || e.Key != key || e.Value != value {
				t.Fatalf("Entry = %+v, %v", e, err)
			}
			all, err := s.GetAll(group)
			if got, ok := all[key]; err != nil || !ok || got != value || len(all) != len(before)+1 {
				t.Fatalf("GetAll = %q, %v", all, err)
			}
			for _, o := range others {
				wantValue(t, s, o[0], o[1], "other")
			}

			if err := s.Delete(group, key); err != nil {
				t.Fatal(err)
			}
			wantAbsent(t, s, group, key)
			wantAll(t, s, group, before)
			for _, o := range others {
				wantValue(t, s, o[0], o[1], "other")
			}
			for _, o := range append(others, [2]string{group, key}) {
				if err := s.DeleteGroup(o[0]); err != nil {
					t.Fatal(err)
				}
				wantCount(t, s, o[0], 0)
			}
		}
	})
}

// FuzzRender checks that Render returns what text/template makes of the group's map, that
// it fails where text/template fails, and that it never panics.
func FuzzRender(f *testing.F) {
	for _, tmpl := range []string{
		"", "plain", "{{.key}}", "{{.nope}}", `{{index . "key"}}`, "{{if .key}}a{{else}}b{{end}}", "{{len .}}{{.}}",
		"{{.key.x}}", "{{", "}}", "{{/* */}}", "{{- .key -}}", `{{printf "%q" .key}}`, "{{with .key}}{{.}}{{end}}",
		"{{nope}}", "{{.key | html}}", "{{$x := .key}}{{$x}}", "a\x00\xff", "{{slice .key 1 2}}", "{{eq .key .key}}",
	} {
		f.Add(tmpl, "key", "value")
		f.Add(tmpl, "", "{{.key}}")
	}
	s := open(f, ":memory:")
	f.Fuzz(func(t *testing.T, tmpl, key, value string) {
		for _, loop := range []string{"range", "template", "define", "block"} {
			if strings.Contains(tmpl, loop) {
				t.Skip("may run for ever, as text/template does")
			}
		}
		set(t, s, "g", key, value)
		set(t, s, "g", "fixed", "f")
		defer func() {
			if err := s.DeleteGroup("g"); err != nil {
				t.Fatal(err)
			}
		}()
		all := map[string]string{key: value}
		all["fixed"] = "f"
		var want strings.Builder
		parsed, wantErr := template.New("").Parse(tmpl)
		if wantErr == nil {
			wantErr = parsed.Execute(&want, all)
		}
		got, err := s.Render(tmpl, "g")
		switch {
		case (err == nil) != (wantErr == nil):
			t.Fatalf("Render(%q): %v, text/template: %v", tmpl, err, wantErr)
		case err == nil && got != want.String():
			t.Fatalf("Render(%q) = %q, want %q", tmpl, got, &want)
		case err != nil && (got != "" || strings.ContainsAny(err.Error(), "\r\n")):
			t.Fatalf("Render(%q) = %q, %q", tmpl, got, err)
		}
	})
}

// FuzzScanOptions checks that an iteration visits what the documentation of the options
// says. The keys are the substrings of a text.
func FuzzScanOptions(f *testing.F) {
	f.Add("abc", "a", "a", "b", "a", 3, uint8(0xff))
	f.Add("a\x00\xff\xff", "\xff", "", "\xff\xff", "\xff", -1, uint8(0b01001))
	f.Add("\xff\xff\xff\xff", "\xff\xff", "\xff", "\xff\xff\xff", "", 0, uint8(0b100011))
	f.Add("aéa\x00", "\xc3", "a", "", "é", 1, uint8(0b101101))
	f.Add("", "", "", "", "", 5, uint8(0b110110))
	s := open(f, ":memory:")
	f.Fuzz(func(t *testing.T, text, prefix, from, to, after string, limit int, which uint8) {
		if len(text) > 24 {
			text = text[:24]
		}
		keys := []string{""}
		for i := range len(text) {
			for j := i + 1; j <= min(i+3, len(text)); j++ {
				keys = append(keys, text[i:j])
			}
		}
		slices.Sort(keys)
		keys = slices.Compact(keys)
		groups := []string{"g"}
		for _, key := range keys {
			groups = append(groups, "h"+key)
			set(t, s, "g", key, "v")
			set(t, s, "h"+key, "k", "v")
		}
		defer func() {
			for _, group := range groups {
				if err := s.DeleteGroup(group); err != nil {
					t.Fatal(err)
				}
			}
		}()
		var o scanOptions
		for i, option := range []struct {
			field **string
			value *string
		}{{&o.prefix, &prefix}, {&o.from, &from}, {&o.to, &to}, {&o.after, &after}} {
			if which&(1<<i) != 0 {
				*option.field = option.value
			}
		}
		if which&(1<<4) != 0 {
			o.limit = &limit
		}
		o.reverse = which&(1<<5) != 0
		got := keysOf(t, store.NewGroup[string](s, "g").All(background, o.options()...))
		if want := o.visits(keys); !slices.Equal(got, want) {
			t.Fatalf("%d options of %q: %q, want %q", which, keys, got, want)
		}
		var names []string
		for g, err := range s.Groups(background, o.options()...) {
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, g.Name)
		}
		if want := o.visits(groups); !slices.Equal(names, want) {
			t.Fatalf("%d options of the groups %q: %q, want %q", which, groups, names, want)
		}
	})
}
