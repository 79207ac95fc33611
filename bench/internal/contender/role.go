package contender

// Role is a set of workloads that a contender takes part in. It leaves out those that make no sense for the contender, and
// those where it would repeat the figure of another.
type Role uint16

const (
	Read      Role = 1 << iota // single keys out of a small group
	ReadMany                   // single keys out of a large group
	ReadCold                   // single keys with no cache of values
	Write                      // single keys, from one goroutine and from many
	Sync                       // nothing but the durable write itself
	Group                      // whole groups
	GroupCold                  // whole groups with no cache of values
	Bulk                       // many keys at once
	Purge                      // removing expired keys on demand
	File                       // opening a large file
	Size                       // memory and space on disk
)

// Has reports whether the contender has any of the roles.
func (c Contender) Has(roles Role) bool { return c.Roles&roles != 0 }
