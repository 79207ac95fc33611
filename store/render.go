package store

import (
	"bytes"
	"context"
	"io"
	"text/template"
)

// Render executes a text/template over the live keys of a group: {{.key}}, or
// {{index . "any key"}} for keys that are no identifiers. A key that is missing
// prints <no value>.
func (v *verbs) Render(tmpl, group string) (string, error) {
	out, err := v.render(tmpl, group)
	return out, failed(err, "Render", group, "")
}

// RenderTo executes the caller's template, with its functions and options, over the
// live keys of a group, and writes the result to w. On an error of the template
// nothing is written. For a missing key to be an error, give the template the
// option missingkey=error. The result is held in memory until it is complete; a
// failure of w may leave a part of it written.
func (s *Store) RenderTo(ctx context.Context, w io.Writer, t *template.Template, group string) error {
	return failed(s.renderTo(ctx, w, t, group), "RenderTo", group, "")
}

func (sc *scope) render(tmpl, group string) (string, error) {
	// Not the group's name: a template may well define another of that name.
	t, err := template.New("render").Parse(tmpl)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = sc.renderTo(context.Background(), &b, t, group)
	return b.String(), err
}

func (sc *scope) renderTo(ctx context.Context, w io.Writer, t *template.Template, group string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	all, err := sc.getAll(ctx, group)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, all); err != nil {
		return err
	}
	_, err = b.WriteTo(w)
	return err
}
