package conn

// The SQL that sqlc cannot express: transactions, pragmas, and reading the schema.
// Everything else is generated from db/queries.
const (
	SQLBegin     = "BEGIN IMMEDIATE"
	SQLBeginRead = "BEGIN"
	SQLCommit    = "COMMIT"
	SQLRollback  = "ROLLBACK"

	SQLSavepoint  = "SAVEPOINT op"
	SQLRelease    = "RELEASE op"
	SQLRollbackTo = "ROLLBACK TO op"

	// A deferred transaction takes its snapshot with its first read.
	SQLSnapshot = "SELECT COUNT(*) FROM sqlite_schema"

	SQLColumns  = "SELECT name, type, \"notnull\", dflt_value IS NOT NULL, pk FROM pragma_table_info(?)"
	SQLTriggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE"
	SQLObjects  = "SELECT type, name, COALESCE(sql, '') FROM sqlite_schema"
	SQLIndexes  = "SELECT l.name, l.\"unique\", l.origin, l.partial, group_concat(x.name) FROM pragma_index_list(?) AS l, pragma_index_xinfo(l.name) AS x WHERE x.key GROUP BY l.name"

	SQLEncoding          = "PRAGMA encoding"
	SQLQuickCheck        = "PRAGMA quick_check(1)"
	SQLPageCount         = "PRAGMA page_count"
	SQLSetAutoVacuum     = "PRAGMA auto_vacuum = INCREMENTAL"
	SQLAutoVacuum        = "PRAGMA auto_vacuum"
	SQLFreePages         = "PRAGMA freelist_count"
	SQLReclaim           = "PRAGMA incremental_vacuum(128)" // pages in a transaction
	SQLVacuum            = "VACUUM"
	SQLCheckpoint        = "PRAGMA wal_checkpoint(PASSIVE)"
	SQLCheckpointRestart = "PRAGMA wal_checkpoint(RESTART)"
	SQLNoAutoCheckpoint  = "PRAGMA wal_autocheckpoint = 0"
	SQLDataVersion       = "PRAGMA data_version"
	SQLSetWAL            = "PRAGMA journal_mode = WAL"
	SQLJournalMode       = "PRAGMA journal_mode"
)
