package main

import (
	"database/sql"
	"errors"
	"time"

	_ "modernc.org/sqlite"

	"forge.lthn.ai/core/go-store/store"
)

// oldFile opens a file as the first release made it. Its keys could not expire.
func oldFile(g *guide, path string) (err error) {
	g.title("A file of the first release")
	if err := makeOldFile(path); err != nil {
		return err
	}
	g.say("CREATE TABLE kv (grp, key, value)", "made with plain SQL, with the table of that release")

	s, err := store.New(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	all, err := s.GetAll("miner")
	if err != nil {
		return err
	}
	g.say(`New, then GetAll("miner")`, "upgraded, with every row: %v", all)

	if err := s.SetWithTTL("miner", "lease", "node-7", time.Hour); err != nil {
		return err
	}
	g.say(`SetWithTTL("miner", "lease", …)`, "its keys can expire now")

	lease, pool, err := readAsOldProgram(path)
	if err != nil {
		return err
	}
	g.say("The first release's own SELECT", "still works: %q, %q", lease, pool)
	return nil
}

func makeOldFile(path string) (err error) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.Exec(`
		CREATE TABLE kv (grp TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (grp, key));
		INSERT INTO kv (grp, key, value) VALUES ('miner', 'pool', 'eu-1'), ('miner', 'wallet', '4A7x')`)
	return err
}

// readAsOldProgram reads two values with the statement of the first release.
func readAsOldProgram(path string) (lease, pool string, err error) {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		return "", "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	const read = `SELECT value FROM kv WHERE grp = ? AND key = ?`
	if err := db.QueryRow(read, "miner", "lease").Scan(&lease); err != nil {
		return "", "", err
	}
	err = db.QueryRow(read, "miner", "pool").Scan(&pool)
	return lease, pool, err
}
