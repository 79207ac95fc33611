package main

import (
	"database/sql"
	"errors"

	_ "modernc.org/sqlite"

	"forge.lthn.ai/core/go-store/store"
)

// plainSQL reads and writes the file with plain SQLite, as any program can, while
// the store has it open. The store sees the write of another at once.
func plainSQL(g *guide, s *store.Store, path string) (err error) {
	g.title("The same file in plain SQL")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	const read = `SELECT value FROM kv WHERE grp = 'config' AND key = 'theme'`
	var theme string
	if err := db.QueryRow(read).Scan(&theme); err != nil {
		return err
	}
	g.say("SELECT value FROM kv WHERE …", "%q", theme)

	if _, err := db.Exec(`UPDATE kv SET value = 'light' WHERE grp = 'config' AND key = 'theme'`); err != nil {
		return err
	}
	theme, err = s.Get("config", "theme")
	if err != nil {
		return err
	}
	g.say("UPDATE kv SET value = 'light' …, Get", "%q", theme)
	return nil
}
