package main

import (
	"text/template"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

func (a *app) renderCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "render GROUP [TEMPLATE]",
		Short: "Render a template with the keys of a group",
		Long: `render executes a Go text/template over the live keys of a group and prints the
result, byte for byte as get does. Without TEMPLATE it reads the template from
standard input.

A key that does not exist prints <no value>.`,
		Example: `  kv render config 'theme is {{.theme}}'
  kv render config '{{index . "content-type"}}'
  kv render config < page.tmpl > page.html`,
		Args:              between(1, 2, "a GROUP and perhaps a TEMPLATE"),
		ValidArgsFunction: a.complete(groupNames),
		RunE: func(_ *cobra.Command, args []string) error {
			tmpl, err := a.argumentOrInput(args[1:], "the template")
			if err != nil {
				return err
			}
			// A template that does not parse is a wrong command line. An error
			// of its execution is not.
			if _, err := template.New("template").Parse(tmpl); err != nil {
				return usageError{err}
			}
			return a.read(func(s *store.Store) error {
				out, err := s.Render(tmpl, args[0])
				if err != nil {
					return err
				}
				return a.writeExactly(out)
			})
		},
	}
}
