package main

import (
	"github.com/spf13/cobra"
)

func (a *app) completionCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "completion",
		Short: "Print the completion script for a shell",
		Long: `completion prints a script that makes the shell complete kv's commands and
flags, and the names of groups and keys in the file that --file or KV_FILE
names.`,
		Example: `  source <(kv completion bash)
  kv completion zsh > "${fpath[1]}/_kv"
  kv completion fish > ~/.config/fish/completions/kv.fish
  kv completion powershell | Out-String | Invoke-Expression`,
	}
	for shell, write := range map[string]func(root *cobra.Command) error{
		"bash":       func(root *cobra.Command) error { return root.GenBashCompletionV2(a.out, true) },
		"zsh":        func(root *cobra.Command) error { return root.GenZshCompletion(a.out) },
		"fish":       func(root *cobra.Command) error { return root.GenFishCompletion(a.out, true) },
		"powershell": func(root *cobra.Command) error { return root.GenPowerShellCompletionWithDesc(a.out) },
	} {
		cmd.AddCommand(&cobra.Command{
			Use:               shell,
			Short:             "Print the script for " + shell,
			Args:              between(0, 0, "no arguments"),
			ValidArgsFunction: a.complete(),
			RunE:              func(cmd *cobra.Command, _ []string) error { return write(cmd.Root()) },
		})
	}
	return needsCommand(cmd)
}
