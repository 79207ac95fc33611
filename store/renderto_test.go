package store_test

import (
	"bytes"
	"strings"
	"testing"
	"text/template"

	"forge.lthn.ai/core/go-store/store"
)

func TestRenderTo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, open func(...store.Option) *store.Store) {
		s := open()
		set(t, s, "g", "name", "ada")
		parse := func(text string) *template.Template {
			return template.Must(template.New("x").Funcs(template.FuncMap{"upper": strings.ToUpper}).
				Option("missingkey=error").Parse(text))
		}
		var b bytes.Buffer
		ok(t, s.RenderTo(background, &b, parse("{{upper .name}}!"), "g"))
		if b.String() != "ADA!" {
			t.Errorf("rendered %q", &b)
		}
		b.Reset()
		for _, text := range []string{"written first {{.missing}}", "{{.name}} {{index .name 99}}"} {
			if err := s.RenderTo(background, &b, parse(text), "g"); err == nil || b.Len() > 0 {
				t.Errorf("%s: %v, and %q was written", text, err, &b)
			}
		}
	})
}
