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
// [New] opens a file, and makes it if there is none; its folder must exist. The
// file is readable by its owner only. The path is taken as it is: ?, #, % and
// spaces mean themselves. ":memory:" opens a store that is private to that [Store]
// and gone when it is closed.
//
// While a file is open SQLite keeps two more beside it, with -wal and -shm added
// to the name. They belong to it: move or copy the three together, and only while
// no program has the file open. The last one to close the file removes them.
//
// Options such as [WithDurability] and [WithCacheSize] change the defaults. An
// option out of range is an error of [New], never a panic.
//
// # Strings
//
// [Store.Get], [Store.Set], [Store.Delete], [Store.DeleteGroup], [Store.Count] and
// [Store.GetAll] work on strings. A group exists while it holds a key; there is
// nothing to create or drop. Group, key and value may be any bytes: empty, NUL,
// invalid UTF-8. Together they may have 999,999,936 bytes; more is [ErrTooLarge].
// Keys compare byte by byte. The strings and maps that reads return are the
// caller's.
//
// # Typed groups
//
// A [Group] keeps values of one Go type. [NewGroup] makes one from a [Store], a
// [Tx] or a [Namespace] without any I/O. string and []byte are stored as they are,
// any other type as JSON, or as a [Codec] says ([WithCodec]).
//
// Its verbs take a context first, and each is atomic. Those that read and write,
// such as [Group.Add], [Group.CompareAndSwap], [Group.Take] and [Increment], lose
// no update, whoever else writes, in this process or in another. Every write of a
// key makes its [Revision] higher, which is what CompareAndSwap compares.
//
// [Group.All] and [Store.Groups] iterate in the order of the names' bytes, page by
// page, and hold nothing between pages. [Prefix], [From], [To], [After], [Limit]
// and [Reverse] narrow them. The page docs/which-verb.md of this module goes from
// what you want to the verb, and says what each does with an expired key, with the
// TTL, in a transaction and in a namespace.
//
// # Transactions
//
// [Store.View] runs a function on one snapshot. [Store.Update] runs one in a
// transaction that is committed if it returns nil, and rolled back if it returns an
// error or panics. Within it, work through the [Tx]; [Group.WithTx] takes a group
// there. A write to the Store itself would wait for its own caller: [ErrNested].
// A verb that fails in a transaction has changed nothing, and the transaction can
// go on. Any number of goroutines may run Updates: each has its turn.
//
// # Watching
//
// [Group.Watch] yields changes as they are committed: those of this Store one by one
// and in order, those of other processes within some 20 ms, as the latest state of
// each key. Call it, then read what there is, then begin the loop, and no change
// falls in between. It keeps no writer waiting: a loop that is too slow gets
// [ErrLagged], and reads the group again.
//
// # Namespaces
//
// [Store.Namespace] gives a tenant groups of its own, stored as "name:group", and
// limits on keys and bytes: beyond them a write gives [ErrQuotaExceeded] and changes
// nothing. Triggers keep the count, whoever writes, and what has expired does not
// count. The Store itself sees the groups of all.
//
// # Time to live
//
// [Store.SetWithTTL], or [Group.Set] with the option [TTL] or [ExpireAt], sets a
// key that expires. The TTL must be above zero, else [ErrInvalidTTL]; it is kept as
// the moment of expiry in whole milliseconds, rounded up. A Set without such an
// option clears an earlier TTL; [KeepTTL] keeps it. [Group.TTL] says what is left,
// and [Group.Expire], [Group.Persist] and [Group.GetAndTouch] change it. From its
// expiry on no read returns a key, counts it or renders it, whether or not its row
// is still in the file.
//
// The clock is time.Now, or that of [WithClock]; an operation reads it at most
// once, a transaction when it begins. Expiry follows the wall clock of the machine.
// If that is set back, a key whose row has not been removed yet is live again until
// its moment has come anew.
//
// # Purging
//
// Rows of expired keys are removed every 60 s (see [WithPurgeInterval]), soon after
// a [Store.Get] came upon one, and by [Store.PurgeExpired]. A row is looked at
// again as it is removed, so a value that was set in between stays. A purge works
// in batches, between which other writes get their turn, and gives the pages that
// it freed back to the file system; for a file made by a version before this one,
// call [Store.Compact] once to make that possible.
//
// # Templates
//
// [Store.Render] executes a text/template over the live keys of a group:
//
//	out, err := s.Render("{{.theme}} in {{.language}}", "config")
//
// {{index . "any key"}} takes keys that are no identifiers. A missing key prints
// <no value>. A template is code: do not take it from someone you do not trust.
//
// # Durability
//
// At the default, [Full], a write that returned nil survives a crash of the
// program, of the operating system and a loss of power, as far as the disk keeps
// what it has confirmed. Each commit waits for the disk. Writes that are under way
// at once share a commit, so that many goroutines together write far more than
// one alone. At [Normal] a write survives a crash of the program; after a loss of
// power the newest writes may be missing, and the file is intact.
//
// A write that returned an error did not happen, with one exception: if the commit
// itself failed, for instance because the disk did, it may turn out to be there
// after the file is opened again.
//
// # Concurrency and several processes
//
// A [Store] is safe for any number of goroutines. Readers never wait for a writer,
// nor a writer for readers. Several processes of one machine may have the same
// file open, and so may several Stores of one process. One of them writes at a
// time; the others wait for as long as [WithBusyTimeout] says, 5 s by default, and
// then get [ErrBusy]. What one has written the others read at once.
//
// The file must be on a local disk. Network file systems do not lock as SQLite
// needs it, and do not share memory. While a Store has the file open, the same
// process must not open and close it by other means, such as os.ReadFile or
// another SQLite library: on POSIX systems to close any descriptor of a file drops
// all locks that the process has on it.
//
// # The read cache
//
// What was read or written stays in memory, up to 64 MiB ([WithCacheSize]), and is
// read again without a system call. A cached value is never stale: each read first
// compares the state of the database that the cache stands for with the one that
// it has, which changes with every commit by any process. Where the operating
// system offers no way to do so, as on Windows, there is no cache. The page
// docs/how-it-works.md of this module has the argument in full.
//
// # Errors
//
// Every operation that fails returns an *[Error] with the operation, group and
// key. Ask for the class with errors.Is:
//
//	value, err := s.Get("config", "theme")
//	if errors.Is(err, store.ErrNotFound) {
//		value = "light"
//	}
//
// The classes are [ErrNotFound], [ErrExists], [ErrConflict], [ErrClosed],
// [ErrInvalidTTL], [ErrTooLarge], [ErrQuotaExceeded], [ErrBusy], [ErrFull],
// [ErrLagged], [ErrCorrupt], [ErrReadOnly], [ErrNested], [ErrSchema] and
// [ErrSchemaTooNew]. The error of a function that was given to View or Update is
// returned as it is. What the driver said is in the text, for people; its types
// are no part of the API.
//
// # Upgrading
//
// [New] brings a file of an older version up to date, in one transaction: every
// row is kept, several processes may try at once, and a crash leaves the file as
// it was. Programs of the older version can go on using it. A file that [New]
// refuses, with [ErrCorrupt], [ErrSchema] or [ErrSchemaTooNew], stays as it was.
//
// The schema is goose migrations, in package db of this module. With
// [WithManualMigrations] New upgrades nothing, for programs that run goose
// themselves. [WithMigrationsTable] names goose's version table, for a file that is
// shared with an application that uses goose as well.
//
// # Reading only
//
// [WithReadOnly] opens a file that is neither created nor upgraded nor purged, also
// one of an older version. Writes give [ErrReadOnly]. If the file is in use, SQLite
// still needs to write to the -shm file beside it; on media that nobody can write
// it does without.
//
// # Closing
//
// [Store.Close] stops the background purge, waits for the calls under way, and
// closes the file; later calls give [ErrClosed]. Closing twice is fine. A program
// that ends without it loses nothing that was acknowledged.
package store
