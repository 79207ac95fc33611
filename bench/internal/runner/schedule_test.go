package runner

import (
	"regexp"
	"testing"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/workload"
)

func named(t *testing.T, list string) []contender.Contender {
	t.Helper()
	cs, err := contender.Named(list)
	if err != nil {
		t.Fatal(err)
	}
	return cs
}

func TestScheduleInterleavesAndRotates(t *testing.T) {
	o := Options{
		Contenders: named(t, "bbolt,badger,map"), Only: regexp.MustCompile("^(GetHot|GetAllHot)$"),
		Scale: workload.Smoke(), Count: 2,
	}
	var got []string
	for s := range schedule(o) {
		got = append(got, s.String())
	}
	want := []string{
		"1 GetHot bbolt synced", "1 GetHot badger synced", "1 GetHot map synced",
		"1 GetAllHot bbolt synced", "1 GetAllHot badger synced", "1 GetAllHot map synced",
		"2 GetHot badger synced", "2 GetHot map synced", "2 GetHot bbolt synced",
		"2 GetAllHot badger synced", "2 GetAllHot map synced", "2 GetAllHot bbolt synced",
	}
	if len(got) != len(want) {
		t.Fatalf("%d steps, want %d: %q", len(got), len(want), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("step %d is %q, want %q", i, got[i], want[i])
		}
	}
}

func TestOwnDurabilityIsMeasuredOnlyWhereItDiffers(t *testing.T) {
	o := Options{
		Contenders: named(t, "go-store,go-store-normal,bbolt,badger,raw"), Only: regexp.MustCompile("^(Set/g=1|GetHot|Open)$"),
		Scale: workload.Smoke(), Count: 2,
	}
	count := map[string]int{}
	for s := range schedule(o) {
		count[s.workload.ID+" "+s.contender.Name+" "+string(s.durability)]++
	}
	for name, want := range map[string]int{
		"Set/g=1 go-store synced":        2,
		"Set/g=1 go-store own":           0,
		"Set/g=1 go-store-normal synced": 0,
		"Set/g=1 go-store-normal own":    2,
		"Set/g=1 bbolt own":              0,
		"Set/g=1 badger synced":          2,
		"Set/g=1 badger own":             2,
		"Set/g=1 raw synced":             2,
		"GetHot badger own":              0,
		"GetHot raw synced":              0,
		"Open badger synced":             1,
	} {
		if count[name] != want {
			t.Errorf("%s: %d times, want %d", name, count[name], want)
		}
	}
}
