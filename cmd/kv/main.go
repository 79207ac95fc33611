// Command kv reads and writes the files of package store from a shell.
//
//	export KV_FILE=notes.db
//	kv set config theme dark
//	kv set session token --ttl 90m < token.bin
//	kv get config theme
//	kv ls config
//
// "kv --help" lists the other commands. The exit code is 0 on success, 1 if a key
// was not found or a condition was not met, 2 if the command line is wrong or the
// file does not exist, and 3 for any other failure.
package main

import "os"

func main() { os.Exit(system().run(os.Args[1:])) }
