package main

import "github.com/spf13/cobra"

// helpCommand replaces cobra's, which succeeds on an unknown topic.
func (a *app) helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "help [COMMAND]",
		Short:             "Show the help of a command",
		ValidArgsFunction: completeCommands,
		RunE: func(cmd *cobra.Command, args []string) error {
			about := cmd.Root()
			for _, name := range args {
				next, rest, err := about.Find([]string{name})
				if err != nil || len(rest) > 0 {
					return unknownCommand(about, name)
				}
				about = next
			}
			about.InitDefaultHelpFlag() // so that the help lists it
			return about.Help()
		},
	}
}

func completeCommands(cmd *cobra.Command, before []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	about, rest, err := cmd.Root().Find(before)
	if err != nil || len(rest) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var found []cobra.Completion
	for _, c := range about.Commands() {
		if c.IsAvailableCommand() {
			found = append(found, cobra.CompletionWithDesc(c.Name(), c.Short))
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}
