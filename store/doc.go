// Package store is a typed key–value store for Go programs, kept in one SQLite
// file. A key belongs to a group, has a value, and may expire.
//
//	s, err := store.New("notes.db")
//	if err != nil {
//		return err
//	}
//	defer s.Close()
//	err = s.Set("config", "theme", "dark")
//	theme, err := s.Get("config", "theme")
//
// # Opening
//
// [New] opens a file and creates it if it does not exist; its folder must exist.
// Only the owner of the file can read it (mode 0600). The path is used literally:
// ?, #, % and spaces have no special meaning. The path ":memory:" opens a store
// that is private to the returned [Store] and is gone after [Store.Close].
//
// While a file is open, SQLite keeps two companion files beside it, named with the
// suffixes -wal and -shm. They are part of the database: move or copy all three
// together, and only while no program has the file open. The last program that
// closes the file removes the companions.
//
// Options such as [WithDurability] and [WithCacheSize] change the defaults. New
// returns an error if an option is out of range; it never panics.
//
// # Strings
//
// [Store.Get], [Store.Set], [Store.Delete], [Store.DeleteGroup], [Store.Count] and
// [Store.GetAll] work on strings. A group exists while it holds a key, so there is
// nothing to create or drop. Groups, keys and values may hold any bytes, including
// NUL and invalid UTF-8, and may be empty. Group, key and value together may have
// up to 999,999,936 bytes; a larger write returns [ErrTooLarge]. Keys are compared
// byte by byte. The caller owns the strings and maps that reads return.
//
// # Typed groups
//
// A [Group] holds values of one Go type. [NewGroup] makes one from a [Store], a
// [Tx] or a [Namespace], without I/O. Values of type string and []byte are stored
// unchanged, and values of any other type as JSON. A [Codec] replaces this encoding
// ([WithCodec]).
//
// The verbs of a group take a context first, and each verb is atomic. The verbs
// that read and then write, such as [Group.Add], [Group.CompareAndSwap],
// [Group.Take] and [Increment], never lose an update, even when other goroutines
// and processes write the same key. Every write raises the key's [Revision], which
// CompareAndSwap compares.
//
// [Group.All] and [Store.Groups] iterate in byte order of the names. They read page
// by page and hold no lock, snapshot or connection between pages. [Prefix], [From],
// [To], [After], [Limit] and [Reverse] narrow an iteration. The page
// docs/which-verb.md of this module leads from a task to the verb for it. It also
// describes how each verb treats expired keys and the TTL, and how it behaves in a
// transaction and in a namespace.
//
// # Transactions
//
// [Store.View] runs a function on one snapshot. [Store.Update] runs a function in a
// transaction. Update commits if the function returns nil, and rolls back if it
// returns an error or panics. The function works through its [Tx]; [Group.WithTx]
// binds a group to it. A write through the Store inside its own Update would
// deadlock, so it returns [ErrNested]. A verb that fails inside a transaction
// changes nothing, and the transaction can continue. Any number of goroutines may
// call Update; their transactions run one after another.
//
// # Watching
//
// [Group.Watch] yields changes as they are committed. Changes by this Store arrive
// one by one and in order. Changes by other processes arrive within about 20 ms, as
// the latest state of each key. To miss nothing, call Watch, then read the current
// values, then start the loop. A watcher never delays a writer: a loop that falls
// too far behind receives [ErrLagged] and should read the group again.
//
// # Namespaces
//
// [Store.Namespace] gives a tenant its own groups, stored as "name:group", and may
// limit their keys and bytes. A write beyond a limit returns [ErrQuotaExceeded] and
// changes nothing. The database counts with triggers, so the limits include what
// other programs write. Expired keys do not count. The Store itself sees the groups
// of all namespaces.
//
// # Time to live
//
// [Store.SetWithTTL], or [Group.Set] with the option [TTL] or [ExpireAt], sets a
// key that expires. A TTL of zero or less is [ErrInvalidTTL]. The store keeps the
// time of expiry in whole milliseconds, rounded up. A Set without one of these
// options removes an earlier expiry; [KeepTTL] keeps it. [Group.TTL] returns the
// time that is left, and [Group.Expire], [Group.Persist] and [Group.GetAndTouch]
// change it. From its time of expiry on, no call reads, counts or renders a key,
// even if its row is still in the file.
//
// The clock is time.Now or the one given to [WithClock]. An operation reads it at
// most once, and a transaction reads it when it begins. Expiry follows the
// machine's wall clock: if that clock is set back, an expired key whose row has not
// been removed yet becomes readable again until the clock passes its expiry.
//
// # Purging
//
// Rows of expired keys are removed in three ways: by a background purge, every 60 s
// by default ([WithPurgeInterval]); by [Store.PurgeExpired]; and singly, soon after
// a [Store.Get] finds an expired row. A removal checks again that the row has
// expired, so it never removes a value that was set in the meantime. A purge works
// in small batches and lets other writers in between them. It returns the freed
// pages to the file system. A file that an older release created must be rewritten
// once with [Store.Compact] before its pages can be returned.
//
// # Templates
//
// [Store.Render] executes a text/template over the live keys of a group:
//
//	out, err := s.Render("{{.theme}} in {{.language}}", "config")
//
// Use {{index . "any key"}} for keys that are not Go identifiers. A missing key
// prints <no value>. A template is code: execute only templates that you trust.
//
// # Durability
//
// With [Full], the default, a write that returned nil survives a crash of the
// program, a crash of the operating system and a loss of power, provided that the
// disk keeps what it has confirmed. Each commit waits for the disk. Concurrent
// writes share commits, so many goroutines together write far more per second than
// a single one. With [Normal], a write survives a crash of the program. After a
// loss of power the newest writes may be missing, but the file is intact.
//
// A write that returned an error did not happen, with one exception: if the commit
// itself failed, for instance with a disk error, the write may be present when the
// file is opened again.
//
// # Concurrency and several processes
//
// A [Store] is safe for concurrent use by any number of goroutines. Readers never
// wait for a writer, and a writer never waits for readers. Several processes on one
// machine, and several Stores in one process, may have the same file open. One of
// them writes at a time. The others wait up to [WithBusyTimeout], 5 s by default,
// and then return [ErrBusy]. A committed write is visible to all of them at once.
//
// The file must be on a local disk. Network file systems lack the locks and the
// shared memory that SQLite needs. While a Store has the file open, the same
// process must not open and close it by other means, such as os.ReadFile or another
// SQLite library: on POSIX systems, closing any descriptor of a file drops all
// locks that the process holds on it.
//
// # The read cache
//
// The store caches the values that it reads and writes, up to 64 MiB by default
// ([WithCacheSize]). A read from the cache needs no system call. A cached value is
// never stale: every commit by any process changes a header in memory that the
// processes share, and each read compares that header with the one that the cache
// was filled under. Where the operating system offers no such shared memory, as on
// Windows, there is no cache. The page docs/how-it-works.md of this module gives
// the full argument.
//
// # Errors
//
// Every operation that fails returns an *[Error], which holds the operation, the
// group and the key. Use errors.Is to test for a class:
//
//	value, err := s.Get("config", "theme")
//	if errors.Is(err, store.ErrNotFound) {
//		value = "light"
//	}
//
// The classes are [ErrNotFound], [ErrExists], [ErrConflict], [ErrClosed],
// [ErrInvalidTTL], [ErrTooLarge], [ErrQuotaExceeded], [ErrBusy], [ErrFull],
// [ErrLagged], [ErrCorrupt], [ErrReadOnly], [ErrNested], [ErrSchema] and
// [ErrSchemaTooNew]. View and Update return an error of their function unchanged.
// The error text includes the message of the database driver, for people to read;
// the driver's error types are not part of the API.
//
// # Upgrading
//
// [New] upgrades a file of an older release in one transaction. Every row is kept,
// several processes may try at the same time, and a crash leaves the file as it
// was. Programs of the older release can continue to use the file. New leaves a
// file that it refuses, with [ErrCorrupt], [ErrSchema] or [ErrSchemaTooNew],
// unchanged.
//
// The schema is defined by goose migrations, in package db of this module. With
// [WithManualMigrations], New upgrades nothing, for programs that run goose
// themselves. [WithMigrationsTable] names goose's version table, for a file shared
// with an application that also uses goose.
//
// # Reading only
//
// [WithReadOnly] opens a file without creating, upgrading or purging it, and also
// opens files of older releases. Writes return [ErrReadOnly]. If another program
// has the file open, SQLite needs to write to the -shm file beside it. A file on
// read-only media needs no -shm file.
//
// # Closing
//
// [Store.Close] stops the background purge, waits for the calls in progress and
// closes the file. Later calls return [ErrClosed]. Close may be called twice. A
// program that ends without Close loses no acknowledged write.
package store
