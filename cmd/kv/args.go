package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// between accepts from least to most arguments; a negative most is no limit.
// wanted describes them in the error.
func between(least, most int, wanted string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) >= least && (most < 0 || len(args) <= most) {
			return nil
		}
		return usagef("%s takes %s; it got %s; see %[1]s --help",
			cmd.CommandPath(), wanted, count(int64(len(args)), "argument"))
	}
}

// oneOf is args, and also refuses a command line with more than one of the flags.
func oneOf(args cobra.PositionalArgs, flags ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, values []string) error {
		var given []string
		for _, name := range flags {
			if cmd.Flags().Changed(name) {
				given = append(given, "--"+name)
			}
		}
		if len(given) > 1 {
			return usagef("%s takes only one of %s; see %[1]s --help", cmd.CommandPath(), strings.Join(given, " and "))
		}
		return args(cmd, values)
	}
}

// needsCommand makes cmd, which does nothing by itself, refuse to run without one
// of its subcommands.
func needsCommand(cmd *cobra.Command) *cobra.Command {
	cmd.SuggestionsMinimumDistance = 2
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		return unknownCommand(cmd, args[0])
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		return usagef("%s needs a command; see %[1]s --help", cmd.CommandPath())
	}
	return cmd
}

func unknownCommand(cmd *cobra.Command, name string) error {
	var similar string
	if s := cmd.SuggestionsFor(name); len(s) > 0 {
		similar = fmt.Sprintf("; did you mean %s?", strings.Join(s, " or "))
	}
	return usagef("%s has no command %s%s; see %[1]s --help", cmd.CommandPath(), shown(name), similar)
}
