package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
)

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "version",
		Short:             "Print the version of kv and of the newest schema that it knows",
		Example:           `  kv version`,
		Args:              between(0, 0, "no arguments"),
		ValidArgsFunction: a.complete(),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(a.out, "kv %s\nschema %d\n", moduleVersion(), schema.Latest())
			return err
		},
	}
}

// moduleVersion returns the version that the go command built in: that of the module
// for an installed kv, or that of the commit for one built in a checkout.
func moduleVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
