package store_test

import (
	"context"
	"os"
	"strings"
	"text/template"
)

func ExampleStore_RenderTo() {
	s := newMemory()
	defer s.Close()

	must(s.Set("config", "theme", "dark"))
	t := template.Must(template.New("page").
		Funcs(template.FuncMap{"upper": strings.ToUpper}).
		Option("missingkey=error").
		Parse("{{upper .theme}}\n"))
	must(s.RenderTo(context.Background(), os.Stdout, t, "config"))
	// Output: DARK
}
