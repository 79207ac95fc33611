package main

import "forge.lthn.ai/core/go-store/store"

// templates renders a text/template with the keys of a group.
func templates(g *guide, s *store.Store) error {
	g.title("A group in a template")
	const tmpl = `{{.theme}} theme, in {{.language}}`
	text, err := s.Render(tmpl, "config")
	if err != nil {
		return err
	}
	g.say(tmpl, "%s", text)
	return nil
}
