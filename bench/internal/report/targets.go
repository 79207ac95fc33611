package report

const (
	subject  = "go-store"
	uncached = "go-store-uncached"
	previous = "previous"
	perOp    = "sec/op"
)

// Targets returns every Target.
func Targets() []Target {
	return []Target{
		faster("hot Get, 10,000 keys, file", "GetHot", subject, previous, 100),
		faster("hot Get, 10,000 keys, file", "GetHot", subject, "bbolt", 5),
		faster("hot Get, 10,000 keys, file", "GetHot", subject, "badger", 8),
		faster("hot Get, 10,000 keys, file", "GetHot", subject, "buntdb", 2),
		{
			Workload: "hot Get, 8 goroutines", Want: "at least 1.6× its own rate with one goroutine",
			reached: quotient(fig("GetHot", subject), fig("GetParallel", subject)), met: atLeast(1.6),
		},
		faster("cold Get", "GetCold", uncached, previous, 1.3),
		faster("hot Get, 16 goroutines, while writing", "GetWhileWriting/g=16", subject, previous, 100),
		{
			Workload: "hot Get, one goroutine, while writing", Want: "at least 0.5× its own rate without writes",
			reached: quotient(fig("GetHot", subject), fig("GetWhileWriting/g=1", subject)), met: atLeast(0.5),
		},
		{
			Workload: "durable Set, one goroutine", Want: "within 1.4× the time of write + fdatasync",
			reached: quotient(fig("Set/g=1", subject), fig("Set/g=1", "raw")), met: atMost(1.4),
		},
		faster("durable Set, one goroutine", "Set/g=1", subject, "bbolt", 1),
		faster("durable Set, one goroutine", "Set/g=1", subject, "badger", 1),
		faster("durable Set, one goroutine", "Set/g=1", subject, "buntdb", 1),
		faster("durable Set, 64 goroutines", "Set/g=64", subject, previous, 10),
		faster("durable Set, 64 goroutines", "Set/g=64", subject, "bbolt-batch", 2.5),
		faster("durable Set, 64 goroutines", "Set/g=64", subject, "badger", 6),
		faster("GetAll, 10,000 keys, cold", "GetAllCold", uncached, previous, 1),
		faster("GetAll, 10,000 keys, hot", "GetAllHot", subject, previous, 4),
		{
			Workload: "purge of 100,000 of 1,100,000", Want: "99 % of concurrent writes under 10 ms",
			reached: greatest("p99-sec"), met: below(10e-3),
		},
		{Workload: "purge of 100,000 of 1,100,000", Want: "none over 50 ms", reached: greatest("max-sec"), met: atMost(50e-3)},
		{
			Workload: "purge of 100,000 of 1,100,000", Want: "within 4× the time of the previous release's single DELETE",
			reached: quotient(fig("Purge", subject), fig("Purge", previous)), met: atMost(4),
		},
		{
			Workload: "hot Get, 1,000,000 keys", Want: "within 4× the time with 10,000 keys",
			// Most of it is the latency of memory, which the plain map shows on this machine.
			reached: beside("Go map", quotient(fig("GetMany", "map"), fig("GetHot", "map")),
				quotient(fig("GetMany", subject), fig("GetHot", subject))), met: atMost(4),
		},
	}
}
