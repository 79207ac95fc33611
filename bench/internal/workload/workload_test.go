package workload

import (
	"context"
	"iter"
	"strings"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/fixture"
	"forge.lthn.ai/core/go-store/bench/internal/measure"
)

// TestEveryWorkloadGivesItsRows runs every workload once, with little data, on two contenders that together have every role
// except Sync. The figures that the report needs must be there.
func TestEveryWorkloadGivesItsRows(t *testing.T) {
	scale := Scale{
		Keys: 50, ManyKeys: 300, BulkKeys: 100, Expired: 100,
		OpenBytes: 1 << 18, ValueSize: 100, OpenValue: 4096,
	}
	values := measure.NewValues(scale.ValueSize)
	many := measure.NewKeys(scale.ManyKeys)
	shelf := fixture.NewShelf(t.TempDir(), func(n int) iter.Seq2[string, string] { return values.Pairs(many.First(n)) })
	for _, name := range []string{"previous", "map"} {
		c, err := contender.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range All(scale) {
			if !c.Has(w.Needs) {
				continue
			}
			t.Run(w.ID+"/"+name, func(t *testing.T) {
				samples, err := w.Measure(t.Context(), &Run{
					Contender: c, Durability: contender.Synced, Scale: scale, Time: time.Millisecond, Samples: 2,
					Shelf: shelf, Keys: many.First(scale.Keys), Many: many, Values: values,
					Probe: func(context.Context, ProbeRequest) (Memory, error) { return Memory{1, 2, 3}, nil },
				})
				if err != nil {
					t.Fatal(err)
				}
				check(t, w, c, samples)
			})
		}
	}
}

func check(t *testing.T, w Workload, c contender.Contender, samples []Sample) {
	t.Helper()
	if len(samples) == 0 {
		t.Fatal("no samples")
	}
	for _, row := range w.Rows {
		if row.Unit == "disk-B" && c.Volatile {
			continue
		}
		unit := strings.Replace(row.Unit, "sec", "ns", 1) // the report reads base units
		found := false
		for _, v := range samples[0].Values {
			if v.Unit == unit {
				found = true
				if !(v.Value > 0) {
					t.Errorf("%s is %v", unit, v.Value)
				}
			}
		}
		if !found {
			t.Errorf("no %s among %v", unit, samples[0].Values)
		}
	}
}

func TestProbeSeesTheMapGrow(t *testing.T) {
	answer, err := AnswerProbe(t.Context(), `{"Contender":"map","Keys":20000,"ValueSize":100}`)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(answer), `"Heap":`) || strings.Contains(string(answer), `"Heap":0,`) {
		t.Fatalf("answer %s", answer)
	}
}

func TestScaleSurvivesItsConfig(t *testing.T) {
	config := Full().Config()
	got := ParseScale(func(key string) string { return strings.ReplaceAll(Thousands(config[key]), ",", "") })
	if got != Full() {
		t.Fatalf("got %+v, want %+v", got, Full())
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1_100_000: "1,100,000"} {
		if got := Thousands(n); got != want {
			t.Errorf("Thousands(%d) = %q, want %q", n, got, want)
		}
	}
}
