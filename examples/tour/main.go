// Command tour shows what a store does, step by step, in a temporary folder that it
// removes at the end:
//
//	go run ./examples/tour
//
// Each step is a function in a file of its own. Read it beside what it prints.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"forge.lthn.ai/core/go-store/store"
)

func main() {
	if err := tour(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "tour:", err)
		os.Exit(1)
	}
}

// tour runs all steps and prints to w what they do.
func tour(w io.Writer) (err error) {
	folder, err := os.MkdirTemp("", "go-store-tour-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()

	g := &guide{w: w}
	if err := newFile(g, filepath.Join(folder, "tour.db")); err != nil {
		return err
	}
	if err := oldFile(g, filepath.Join(folder, "old.db")); err != nil {
		return err
	}
	return g.err
}

// newFile runs the steps that only need a store in a new file.
func newFile(g *guide, path string) (err error) {
	s, err := store.New(path)
	if err != nil {
		return err
	}
	// An error of Close matters too: it reports work that could not be finished.
	defer func() { err = errors.Join(err, s.Close()) }()

	for _, step := range []func(*guide, *store.Store) error{values, expiry, templates} {
		if err := step(g, s); err != nil {
			return err
		}
	}
	return plainSQL(g, s, path)
}
