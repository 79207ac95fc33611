// Package conn opens connections to SQLite for the engine. It has the data source
// names, pools, the guard of transactions, the translation of the driver's errors, file
// paths, and the SQL that is written by hand. It does not know the schema.
package conn
