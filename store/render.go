package store

import (
	"context"
	"strings"
	"text/template"
)

// Render executes a text/template over the live keys of a group: {{.key}}, or
// {{index . "any key"}} for keys that are no identifiers. A key that is missing
// prints <no value>.
func (s *Store) Render(tmpl, group string) (string, error) {
	out, err := s.render(context.Background(), tmpl, group)
	return out, failed(err, "Render", group, "")
}

func (s *Store) render(ctx context.Context, tmpl, group string) (string, error) {
	// Not the group's name: a template may well define another of that name.
	t, err := template.New("render").Parse(tmpl)
	if err != nil {
		return "", err
	}
	all, err := s.getAll(ctx, group)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if err := t.Execute(&b, all); err != nil {
		return "", err
	}
	return b.String(), nil
}
