package main

import (
	"errors"
	"fmt"

	"forge.lthn.ai/core/go-store/store"
)

// values sets, reads and deletes keys. A group exists as long as it has a key.
func values(g *guide, s *store.Store) error {
	g.title("Values in a file")
	for key, value := range map[string]string{"theme": "dark", "language": "en-GB", "font": "mono"} {
		if err := s.Set("config", key, value); err != nil {
			return err
		}
	}
	g.say("Set theme, language and font", "each is on disk when Set returns")

	theme, err := s.Get("config", "theme")
	if err != nil {
		return err
	}
	g.say(`Get("config", "theme")`, "%q", theme)

	if err := s.Delete("config", "font"); err != nil {
		return err
	}
	_, err = s.Get("config", "font")
	if !errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("a deleted key returned %w, not ErrNotFound", err)
	}
	g.say(`Delete, then Get("config", "font")`, "%v", err)

	n, err := s.Count("config")
	if err != nil {
		return err
	}
	g.say(`Count("config")`, "%d", n)
	return nil
}
