package main

import (
	"fmt"
	"iter"
	"time"

	"github.com/spf13/cobra"

	"forge.lthn.ai/core/go-store/internal/engine/sqlite/schema"
)

func (a *app) migrateStatusCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show which migrations a file has, without changing it",
		Long: `status prints the shape of a file (see kv migrate --help), the version of its
schema, and each migration, applied or pending, with the time at which goose
recorded it. In a file from before migrations (shape a or b), applied ones are
not recorded; kv migrate up records them. status does not change the file.

With --json it prints one object: shape, description, version, latest, and
migrations, an array of objects with version, name, applied and recorded_at,
which may be null.`,
		Example: `  kv migrate status
  kv migrate status --json | jq .version`,
		Args:              between(0, 0, "no arguments"),
		ValidArgsFunction: a.complete(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			path, err := a.existingPath()
			if err != nil {
				return err
			}
			st, err := schema.ReadStatus(cmd.Context(), path, a.schemaOptions())
			if err != nil {
				return about(path, err)
			}
			if asJSON {
				return a.writeStatusJSON(st)
			}
			return a.writeStatus(st)
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// about adds the path to an error of the engine, as store.New does.
func about(path string, err error) error { return fmt.Errorf("%s: %w", quoted(path), err) }

func latest(st schema.Status) int64 { return st.Migrations[len(st.Migrations)-1].Version }

func (a *app) writeStatus(st schema.Status) error {
	_, err := fmt.Fprintf(a.out, "shape %s: %s\nversion %d of %d\n\n", string(st.Shape), st.Shape, st.Version, latest(st))
	if err != nil {
		return err
	}
	return migrationListing().write(a.out, false, each(st.Migrations))
}

// each returns the elements of a slice as a sequence for a listing.
func each[T any](list []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, item := range list {
			if !yield(item, nil) {
				return
			}
		}
	}
}

func migrationListing() listing[schema.Migration] {
	return listing[schema.Migration]{
		header: []any{"VERSION", "MIGRATION", "STATUS", "RECORDED"},
		row: func(m schema.Migration) []any {
			status, recorded := "pending", never
			if m.Applied {
				status = "applied"
			}
			if !m.Recorded.IsZero() {
				recorded = m.Recorded.UTC().Format(time.RFC3339)
			}
			return []any{m.Version, m.Name, status, recorded}
		},
	}
}

type statusJSON struct {
	Shape       schema.Shape    `json:"shape"`
	Description string          `json:"description"`
	Version     int64           `json:"version"`
	Latest      int64           `json:"latest"`
	Migrations  []migrationJSON `json:"migrations"`
}

type migrationJSON struct {
	Version    int64   `json:"version"`
	Name       string  `json:"name"`
	Applied    bool    `json:"applied"`
	RecordedAt *string `json:"recorded_at"`
}

func (a *app) writeStatusJSON(st schema.Status) error {
	o := statusJSON{Shape: st.Shape, Description: st.Shape.String(), Version: st.Version, Latest: latest(st)}
	for _, m := range st.Migrations {
		o.Migrations = append(o.Migrations, migrationJSON{m.Version, m.Name, m.Applied, jsonTime(m.Recorded)})
	}
	line, err := encodeJSON(o)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(a.out, "%s\n", line)
	return err
}
