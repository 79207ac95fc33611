package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

// condition is what must be true of a key for a value to be stored.
type condition struct {
	absent   bool
	revision revisionFlag
}

func (c *condition) add(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&c.absent, "if-absent", false, "store the value only if the key does not exist")
	cmd.Flags().Var(&c.revision, "if-revision", "store the value only if the key is at revision `N`")
}

func (c *condition) set(ctx context.Context, g store.Group[string], group, key, value string, opts []store.SetOption) error {
	switch {
	case c.absent:
		return unmet(g.Add(ctx, key, value, opts...), group, key)
	case c.revision.given:
		_, err := g.CompareAndSwap(ctx, key, c.revision.number, value, opts...)
		return unmet(err, group, key)
	}
	return g.Set(ctx, key, value, opts...)
}

// unmet explains an error that means that a condition was not met.
func unmet(err error, group, key string) error {
	g, k := shown(group), shown(key)
	switch {
	case errors.Is(err, store.ErrExists):
		return explained{
			text:  fmt.Sprintf("key %s in group %s already exists; kv set without --if-absent replaces it", k, g),
			cause: err,
		}
	case errors.Is(err, store.ErrConflict):
		return explained{
			text:  fmt.Sprintf("key %s in group %s is not at that revision; kv get --json shows the current one", k, g),
			cause: err,
		}
	}
	return err
}

// revisionFlag is an optional revision.
type revisionFlag struct {
	number store.Revision
	given  bool
}

// String implements pflag.Value.
func (r *revisionFlag) String() string {
	if !r.given {
		return ""
	}
	return strconv.FormatInt(int64(r.number), 10)
}

// Set implements pflag.Value.
func (r *revisionFlag) Set(s string) error {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return errors.New("it must be a revision as kv get --json shows it, or 0 for a key that does not exist")
	}
	*r = revisionFlag{store.Revision(n), true}
	return nil
}

// Type implements pflag.Value.
func (*revisionFlag) Type() string { return "revision" }
