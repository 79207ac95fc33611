package main

import (
	"io"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
)

// app is one run of the command. All that it needs of the system is in here, so
// that tests can stand in for it.
type app struct {
	in  io.Reader
	out io.Writer
	err io.Writer

	inTerminal  bool // a person types the input
	outTerminal bool // a person reads the output

	env func(name string) string
	now func() time.Time

	file  string // --file
	table string // --migrations-table
}

// system is the app on the process's own streams, environment and clock.
func system() *app {
	return &app{
		in: os.Stdin, out: os.Stdout, err: os.Stderr,
		inTerminal:  isatty.IsTerminal(os.Stdin.Fd()) || isatty.IsCygwinTerminal(os.Stdin.Fd()),
		outTerminal: isatty.IsTerminal(os.Stdout.Fd()) || isatty.IsCygwinTerminal(os.Stdout.Fd()),
		env:         os.Getenv,
		now:         time.Now,
	}
}

// run executes a command line, without the program's name, and returns the exit
// code.
func (a *app) run(args []string) int {
	root := a.rootCommand()
	root.SetArgs(args)
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	return a.report(root.Execute())
}

func (a *app) rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "kv",
		Short: "Read and write the files of a go-store",
		Long: `kv reads and writes the files of a go-store: keys and values in groups, kept in
one SQLite file.

The file comes from --file or else from the environment variable KV_FILE.
get, ls, groups, ttl, render and watch never change it, nor upgrade one of an older
version; SQLite may leave its own files, ending in -wal and -shm, beside it.

Exit codes:
  0  done
  1  the key was not found, or the condition was not met
  2  the command line is wrong, or there is no such file
  3  it failed: the one line on standard error says why`,
		Example: `  export KV_FILE=notes.db
  kv set config theme dark
  kv get config theme
  kv ls config`,
		// Both are written by report, in one line.
		SilenceErrors: true,
		SilenceUsage:  true,
		// There is a command of our own, see completionCommand.
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.PersistentFlags().StringVarP(&a.file, "file", "f", "", "the store's `FILE` (default $KV_FILE)")
	root.PersistentFlags().StringVar(&a.table, "migrations-table", defaultTable,
		"the `TABLE` in which goose keeps the version of the schema")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usagef("%w; see %s --help, and put -- before an argument that begins with -", err, cmd.CommandPath())
	})
	// Commands that only hold others can be run, to say so, but are of no use.
	root.SetUsageTemplate(strings.Replace(root.UsageTemplate(),
		"{{if .Runnable}}", "{{if not .HasAvailableSubCommands}}", 1))
	root.AddCommand(
		a.getCommand(), a.setCommand(), a.incrCommand(), a.delCommand(),
		a.ttlCommand(), a.expireCommand(), a.persistCommand(),
		a.lsCommand(), a.groupsCommand(), a.renderCommand(), a.watchCommand(),
		a.purgeCommand(), a.compactCommand(), a.migrateCommand(), a.versionCommand(), a.completionCommand(),
	)
	root.SetHelpCommand(a.helpCommand())
	return needsCommand(root)
}
