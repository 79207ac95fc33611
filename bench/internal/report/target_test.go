package report

import "testing"

func TestTargets(t *testing.T) {
	purge := "BenchmarkPurge/db=go-store 1 1000 ns/op 9e6 p99-ns 20e6 max-ns\n" +
		"BenchmarkPurge/db=go-store 1 1000 ns/op 9e6 p99-ns 60e6 max-ns\n"
	r := results(t, six("GetHot", "go-store", 100)+six("GetHot", "previous", 20_000)+six("GetHot", "bbolt", 300)+
		six("GetMany", "go-store", 300)+six("GetHot", "map", 10)+six("GetMany", "map", 80)+purge, "")
	got := map[string]string{}
	for _, row := range r.targets() {
		got[row.Workload+": "+row.Want] = row.Reached + " " + row.Met
	}
	for want, reached := range map[string]string{
		"hot Get, 10,000 keys, file: at least 100× the rate of previous release": "191× yes",
		"hot Get, 10,000 keys, file: at least 5× the rate of bbolt (Update)":     "2.90× **no**",
		"hot Get, 10,000 keys, file: at least 8× the rate of badger":             "not measured ",
		"hot Get, 1,000,000 keys: within 4× the time with 10,000 keys":           "2.90× (Go map: 5.67×) yes",
		"purge of 100,000 of 1,100,000: 99 % of concurrent writes under 10 ms":   "9.00 ms yes",
		"purge of 100,000 of 1,100,000: none over 50 ms":                         "60.0 ms **no**", // the worst of all repetitions
	} {
		if got[want] != reached {
			t.Errorf("%s: %q, want %q", want, got[want], reached)
		}
	}
}
