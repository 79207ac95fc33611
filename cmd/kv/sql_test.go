package main

import (
	"database/sql"
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite"
)

// sqlCommand runs SQL on a file, as another program does, and prints the rows: sql
// file 'SELECT …'.
func sqlCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql file statement")
	}
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer func() { ts.Check(db.Close()) }()
	rows, err := db.Query(args[1])
	ts.Check(err)
	columns, err := rows.Columns()
	ts.Check(err)
	for rows.Next() {
		row := make([]any, len(columns))
		for i := range row {
			row[i] = new(sql.NullString)
		}
		ts.Check(rows.Scan(row...))
		var line []string
		for _, cell := range row {
			line = append(line, cell.(*sql.NullString).String)
		}
		_, err := fmt.Fprintln(ts.Stdout(), strings.Join(line, "|"))
		ts.Check(err)
	}
	ts.Check(rows.Err())
	ts.Check(rows.Close())
}
