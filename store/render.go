package store

import (
	"bytes"
	"context"
	"io"
	"text/template"
)

// Render executes a text/template over the live keys of a group, all read from one
// snapshot, and returns the result. {{.key}} inserts the value of a key; use
// {{index . "any key"}} for keys that are not Go identifiers. {{.key}} of a missing
// key prints <no value>. If the template does not parse or execute, Render returns an
// empty string and the error. A template is code: execute only templates that you
// trust. See [Store.RenderTo] for templates with functions or options of their own.
func (v *verbs) Render(tmpl, group string) (string, error) {
	out, err := v.render(tmpl, group)
	return out, failed(err, "Render", group, "")
}

// RenderTo executes the caller's template, with its functions and options, over the
// live keys of a group, as [Store.Render] does, and writes the result to w. The result
// is held in memory until it is complete, so an error of the template writes nothing.
// An error of w may leave a part of the result written. To make a missing key an
// error, set the template's option missingkey=error.
func (s *Store) RenderTo(ctx context.Context, w io.Writer, t *template.Template, group string) error {
	return failed(s.renderTo(ctx, w, t, group), "RenderTo", group, "")
}

func (sc *scope) render(tmpl, group string) (string, error) {
	// The template is not named after the group, since its text may define a template
	// of that name.
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
