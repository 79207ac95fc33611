package report

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/workload"
)

// six returns six results of a workload, close to a time.
func six(workload, name string, ns float64) string {
	var b strings.Builder
	for i := range 6 {
		fmt.Fprintf(&b, "Benchmark%s/db=%s 100 %v ns/op\n", workload, name, ns+2*float64(i))
	}
	return b.String()
}

// results reads files such as a run at full scale writes.
func results(t *testing.T, synced, own string) *Results {
	t.Helper()
	return resultsAt(t, workload.Full(), synced, own)
}

// resultsAt reads files such as a run at a scale writes.
func resultsAt(t *testing.T, scale workload.Scale, synced, own string) *Results {
	t.Helper()
	dir := t.TempDir()
	head := "cpu: a processor\ncount: 6\n"
	for key, n := range scale.Config() {
		head += fmt.Sprintf("%s: %d\n", key, n)
	}
	files := map[contender.Durability]string{}
	for d, text := range map[contender.Durability]string{contender.Synced: synced, contender.Own: own} {
		files[d] = filepath.Join(dir, string(d)+".txt")
		if err := os.WriteFile(files[d], []byte(head+text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, err := Read(files)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func one(id string) []workload.Workload {
	return only(workload.All(workload.Full()), func(w workload.Workload) bool { return w.ID == id })
}

func (t Table) cell(t2 *testing.T, cells []string, name string) string {
	t2.Helper()
	for i, c := range t.Columns {
		if c.Name == name {
			return cells[i]
		}
	}
	t2.Fatalf("no column for %s", name)
	return ""
}

func TestTableHasMediansAndRatios(t *testing.T) {
	r := results(t, six("GetHot", "go-store", 100)+six("GetHot", "bbolt", 500)+six("GetHot", "map", 101)+
		"BenchmarkGetHot/db=badger 1 1 failed\n", "")
	table := r.table(contender.Synced, one("GetHot"))
	if len(table.Columns) != 4 || len(table.Rows) != 1 {
		t.Fatalf("%d columns, %d rows", len(table.Columns), len(table.Rows))
	}
	row := table.Rows[0]
	for name, want := range map[string][2]string{
		"go-store": {"105 ns ±5 %", "1"},
		"bbolt":    {"505 ns ±1 %", "4.81×"},
		"map":      {"106 ns ±5 %", "(1.01×)"}, // too near to be sure
		"badger":   {"failed", ""},
	} {
		absolute, ratio := table.cell(t, row.Absolute, name), table.cell(t, row.Ratio, name)
		if absolute != want[0] || ratio != want[1] {
			t.Errorf("%s: %q, %q; want %q", name, absolute, ratio, want)
		}
	}
}

func TestColdRowsAreRelativeToTheUncachedStore(t *testing.T) {
	r := results(t, six("GetCold", "go-store-uncached", 1000)+six("GetCold", "previous", 2000), "")
	table := r.table(contender.Synced, one("GetCold"))
	if got := table.cell(t, table.Rows[0].Ratio, "previous"); got != "2.00×" {
		t.Errorf("ratio %q", got)
	}
}

func TestAtItsOwnDurabilityASyncedContenderKeepsItsFigure(t *testing.T) {
	r := results(t, six("Set/g=1", "go-store", 1000)+six("Set/g=1", "badger", 1000), six("Set/g=1", "badger", 10))
	table := r.table(contender.Own, one("Set/g=1"))
	row := table.Rows[0]
	if got := table.cell(t, row.Absolute, "go-store"); got != "1.01 µs ±0 %" {
		t.Errorf("go-store: %q", got)
	}
	if got := table.cell(t, row.Absolute, "badger"); !strings.HasPrefix(got, "15.0 ns") {
		t.Errorf("badger: %q", got)
	}
}

func TestWriteMakesThePageAndItsPlots(t *testing.T) {
	r := results(t, six("GetHot", "go-store", 100)+six("GetHot", "bbolt", 500)+
		six("Set/g=1", "go-store", 1000)+six("Set/g=64", "go-store", 100), "")
	dir := t.TempDir()
	if err := Write(dir, r); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	for _, want := range []string{"a processor", "| Get, 10,000 keys | 105 ns ±5 % | 505 ns ±1 % |", "plots/reads.svg", "plots/writes.svg"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, not := range []string{"plots/purge.svg", "<no value>", "reduced run", "\n\n\n"} {
		if strings.Contains(page, not) {
			t.Errorf("the page has %q", not)
		}
	}
	for _, plot := range []string{"reads.svg", "writes.svg"} {
		svg, err := os.ReadFile(filepath.Join(dir, "plots", plot))
		if err != nil || !strings.Contains(string(svg), "<svg") {
			t.Errorf("%s: %v", plot, err)
		}
	}
}

// TestPageSaysHowWritesAreWarmed also covers results that were made before there was a warm-up by commits.
func TestPageSaysHowWritesAreWarmed(t *testing.T) {
	for commits, want := range map[int]bool{1_000: true, 0: false} {
		scale := workload.Full()
		scale.Commits = commits
		dir := t.TempDir()
		if err := Write(dir, resultsAt(t, scale, six("Set/g=1", "go-store", 1000), "")); err != nil {
			t.Fatal(err)
		}
		page, err := os.ReadFile(filepath.Join(dir, "README.md"))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(page), "every contender makes 1,000 commits"); got != want {
			t.Errorf("with %d commits, the page has the sentence: %t", commits, got)
		}
		if strings.Contains(string(page), "reduced run") {
			t.Errorf("with %d commits, the page is of a reduced run", commits)
		}
	}
}

func TestReadRefusesAnEmptyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "empty.txt")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(map[contender.Durability]string{contender.Synced: path}); err == nil {
		t.Fatal("no error")
	}
}
