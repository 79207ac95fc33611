package contender

// Role says which workloads a contender takes part in: those where it would not merely repeat another's figure, and
// where the question makes sense for it.
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
	Purge                      // removing what has expired, when told to
	File                       // opening a large file
	Size                       // memory and space on disk
)

// Has is true if the contender has any of the roles.
func (c Contender) Has(roles Role) bool { return c.Roles&roles != 0 }
