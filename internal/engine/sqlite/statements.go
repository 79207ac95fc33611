package sqlite

// The SQL that sqlc cannot express: transactions, pragmas, and looking at the
// schema. Everything else is generated from db/queries.
const (
	sqlBegin     = "BEGIN IMMEDIATE"
	sqlBeginRead = "BEGIN"
	sqlCommit    = "COMMIT"
	sqlRollback  = "ROLLBACK"

	sqlSavepoint  = "SAVEPOINT unit"
	sqlRelease    = "RELEASE unit"
	sqlRollbackTo = "ROLLBACK TO unit"

	// A deferred transaction takes its snapshot with its first read.
	sqlSnapshot = "SELECT COUNT(*) FROM sqlite_schema"

	sqlColumns = "SELECT name, type, \"notnull\", dflt_value IS NOT NULL, pk FROM pragma_table_info(?)"
	sqlObjects = "SELECT type, name, COALESCE(sql, '') FROM sqlite_schema"
	sqlIndexes = "SELECT l.name, l.\"unique\", l.origin, l.partial, group_concat(x.name) FROM pragma_index_list(?) AS l, pragma_index_xinfo(l.name) AS x WHERE x.key GROUP BY l.name"

	sqlEncoding          = "PRAGMA encoding"
	sqlQuickCheck        = "PRAGMA quick_check(1)"
	sqlPageCount         = "PRAGMA page_count"
	sqlPageSize          = "PRAGMA page_size"
	sqlAutoVacuum        = "PRAGMA auto_vacuum = INCREMENTAL"
	sqlGetAutoVacuum     = "PRAGMA auto_vacuum"
	sqlFreePages         = "PRAGMA freelist_count"
	sqlReclaim           = "PRAGMA incremental_vacuum(128)" // pages a transaction
	sqlVacuum            = "VACUUM"
	sqlCheckpoint        = "PRAGMA wal_checkpoint(PASSIVE)"
	sqlCheckpointRestart = "PRAGMA wal_checkpoint(RESTART)"
	sqlNoAutoCheckpoint  = "PRAGMA wal_autocheckpoint = 0"
	sqlDataVersion       = "PRAGMA data_version"
	sqlWAL               = "PRAGMA journal_mode = WAL"
	sqlGetJournalMode    = "PRAGMA journal_mode"

	// Rolled back, for what they leave in the WAL: see walRoom.
	sqlRoomTable = "CREATE TABLE kv_room (bytes BLOB)"
	sqlRoom      = "INSERT INTO kv_room (bytes) VALUES (zeroblob(?))"

	// A read-only store of an older file reads it through views that add what
	// it lacks; a temporary view shadows the table of the same name.
	sqlViewPlain  = "CREATE TEMP VIEW kv AS SELECT grp, key, value, NULL AS expires_at, 1 AS revision FROM main.kv"
	sqlViewExpiry = "CREATE TEMP VIEW kv AS SELECT grp, key, value, expires_at, 1 AS revision FROM main.kv"
	// A file from between the two has revisions and lacks only this table.
	sqlViewUsage = "CREATE TEMP VIEW kv_usage AS SELECT '' AS namespace, 0 AS keys, 0 AS bytes WHERE FALSE"
)
