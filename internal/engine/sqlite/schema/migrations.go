package schema

import (
	"cmp"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	"forge.lthn.ai/core/go-store/db"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite/conn"
)

// Migration is one step of the schema, and whether a file has taken it.
type Migration struct {
	Version int64
	Name    string // of its file, without number and suffix
	Applied bool   // the file shows its effect
	// Recorded is the time at which goose's table says that it was applied. It is zero
	// if the table has no record of it. The next upgrade then adds the record.
	Recorded time.Time
}

// Latest returns the newest version of the schema that this program knows.
func Latest() int64 { return latest() }

// migrations returns the migrations of this program, oldest first.
func migrations() ([]Migration, error) {
	files, err := fs.Glob(db.SQLite(), "*.sql")
	if err != nil {
		return nil, err
	}
	var list []Migration
	for _, file := range files {
		version, err := goose.NumericComponent(file)
		if err != nil {
			return nil, err
		}
		_, name, _ := strings.Cut(strings.TrimSuffix(path.Base(file), ".sql"), "_")
		list = append(list, Migration{Version: version, Name: name})
	}
	slices.SortFunc(list, func(a, b Migration) int { return cmp.Compare(a.Version, b.Version) })
	return list, nil
}

// existing returns the absolute path of a file, or an error if it does not exist.
func existing(path string) (string, error) {
	abs, exists, err := conn.Locate(path)
	if err == nil && !exists {
		err = fmt.Errorf("%w: no file to migrate", fs.ErrNotExist)
	}
	return abs, err
}
