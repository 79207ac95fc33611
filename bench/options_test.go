package main

import (
	"strings"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/bench/internal/workload"
)

func TestParse(t *testing.T) {
	o, err := parse([]string{"-run", "^Set", "-contenders", "go-store,bbolt", "-count", "10", "-dir", "/somewhere/else", "-out", "/elsewhere"})
	if err != nil {
		t.Fatal(err)
	}
	if o.count != 10 || len(o.contenders) != 2 || !o.only.MatchString("Set/g=1") || o.only.MatchString("GetHot") || o.scale != workload.Full() {
		t.Errorf("parsed %+v", o)
	}
	if want := "go run . -contenders 'go-store,bbolt' -count '10' -run '^Set'"; o.command != want {
		t.Errorf("command %q, want %q", o.command, want)
	}
}

func TestParseSmoke(t *testing.T) {
	o, err := parse([]string{"-smoke"})
	if err != nil {
		t.Fatal(err)
	}
	if o.scale != workload.Smoke() || o.count != 1 || o.out != "" || o.command != "go run . -smoke" {
		t.Errorf("parsed %+v", o)
	}
	o, err = parse([]string{"-smoke", "-count", "2", "-time", "1ms", "-out", "x"})
	if err != nil || o.count != 2 || o.time != time.Millisecond || o.out != "x" {
		t.Errorf("parsed %+v, %v", o, err)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, args := range []string{"-run (", "-contenders nobody", "-count 0", "-time 0s", "more"} {
		if _, err := parse(strings.Fields(args)); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
}
