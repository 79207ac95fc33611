package runner

import (
	"context"
	"errors"
	"io"
	"regexp"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/workload"
)

func options(t *testing.T, cs []contender.Contender) (Options, *[]Measurement) {
	t.Helper()
	var got []Measurement
	return Options{
		Contenders: cs, Only: regexp.MustCompile("^GetHot$"), Scale: workload.Smoke(),
		Count: 2, Time: time.Millisecond, Dir: t.TempDir(), Progress: io.Discard,
		Record: func(_ contender.Durability, m Measurement) error {
			got = append(got, m)
			return nil
		},
	}, &got
}

func TestAFailureIsRecordedAndTheRestGoesOn(t *testing.T) {
	cause := errors.New("will not open")
	broken := named(t, "map")[0]
	broken.Name = "broken"
	broken.Open = func(string, contender.Config) (contender.Store, error) { return nil, cause }
	o, got := options(t, []contender.Contender{broken, named(t, "map")[0]})
	if err := Run(t.Context(), o); !errors.Is(err, cause) {
		t.Fatalf("err = %v, want %v", err, cause)
	}
	failed, measured := 0, 0
	for _, m := range *got {
		switch {
		case m.Failed && m.Contender == "broken":
			failed++
		case !m.Failed && m.Contender == "map" && m.Sample.Values[0].Value > 0:
			measured++
		}
	}
	if failed != 2 || measured != 2 {
		t.Fatalf("%d failed, %d measured: %+v", failed, measured, *got)
	}
}

func TestACancelledRunStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	o, got := options(t, named(t, "map"))
	if err := Run(ctx, o); !errors.Is(err, context.Canceled) || len(*got) != 0 {
		t.Fatalf("err = %v, %d measured", err, len(*got))
	}
}
