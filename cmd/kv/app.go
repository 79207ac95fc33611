package main

import (
	"io"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
)

// app is one run of the command. It has everything that the command needs from the
// system, so that tests can replace it.
type app struct {
	in  io.Reader
	out io.Writer
	err io.Writer

	inTerminal  bool // the input is a terminal
	outTerminal bool // the output is a terminal

	env func(name string) string
	now func() time.Time

	file  string // --file
	table string // --migrations-table
}

// system returns the app on the process's own streams, environment and clock.
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
		Long: `kv reads and writes the files of go-store: keys and values in groups, kept in
one SQLite file.

--file names the file; without it, the environment variable KV_FILE does. get,
ls, groups, ttl, render and watch never change the file and never upgrade a file
of an older release. SQLite may leave its own files beside it, ending in -wal
and -shm.

Exit codes:
  0  success
  1  the key was not found, or the condition was not met
  2  the command line is wrong, or the file does not exist
  3  failure; the line on standard error gives the reason`,
		Example: `  export KV_FILE=notes.db
  kv set config theme dark
  kv get config theme
  kv ls config`,
		// report writes the error, in one line.
		SilenceErrors: true,
		SilenceUsage:  true,
		// completionCommand takes its place.
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	root.PersistentFlags().StringVarP(&a.file, "file", "f", "", "the store's `FILE` (default $KV_FILE)")
	root.PersistentFlags().StringVar(&a.table, "migrations-table", defaultTable,
		"the `TABLE` in which goose records the migrations")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usagef("%w; see %s --help, and put -- before an argument that begins with -", err, cmd.CommandPath())
	})
	// Commands that only hold others are runnable, to report that, but the usage does
	// not show them as such.
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
