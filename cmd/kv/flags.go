package main

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/store"
)

// expiryFlags are the flags for the expiry of a value that is written.
type expiryFlags struct {
	ttl  ttlFlag
	keep bool
}

func (f *expiryFlags) add(cmd *cobra.Command) {
	cmd.Flags().Var(&f.ttl, "ttl", "expire the key after this `TIME`, such as 90m or 1h30m")
	cmd.Flags().BoolVar(&f.keep, "keep-ttl", false, "keep the expiry of the earlier value")
}

func (f *expiryFlags) options() []store.SetOption {
	switch {
	case f.ttl > 0:
		return []store.SetOption{store.TTL(time.Duration(f.ttl))}
	case f.keep:
		return []store.SetOption{store.KeepTTL()}
	}
	return nil
}

// ttlFlag is a time to live, or 0 for none. Set checks it, so that a wrong one stops
// the command before it opens a file.
type ttlFlag time.Duration

// String implements pflag.Value.
func (t *ttlFlag) String() string {
	if *t == 0 {
		return ""
	}
	return time.Duration(*t).String()
}

// Set implements pflag.Value.
func (t *ttlFlag) Set(s string) error {
	d, err := parseTTL(s)
	*t = ttlFlag(d)
	return err
}

// Type implements pflag.Value.
func (*ttlFlag) Type() string { return "duration" }

func parseTTL(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, errors.New("a time to live must have a number and a unit, such as 90m or 1h30m")
	}
	if d <= 0 {
		return 0, errors.New("a time to live must be above zero")
	}
	return d, nil
}
