// Package conn opens connections to SQLite for the engine: data source names,
// pools, the guard of transactions, the classes of the driver's errors, paths of
// files, and the SQL that is written by hand. It knows nothing of the schema.
package conn
