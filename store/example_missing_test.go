package store_test

import (
	"context"
	"fmt"
	"os"
	"text/template"
)

// With the option missingkey=error, a missing key makes the template fail, and nothing
// is written.
func ExampleStore_RenderTo_missingKey() {
	s := newMemory()
	defer s.Close()

	must(s.Set("config", "theme", "dark"))
	t := template.Must(template.New("page").Option("missingkey=error").Parse("{{.theme}} and {{.font}}"))
	fmt.Println(s.RenderTo(context.Background(), os.Stdout, t, "config"))
	// Output: store.RenderTo: config: template: page:1:17: executing "page" at <.font>: map has no entry for key "font"
}
