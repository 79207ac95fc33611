-- The table of the first release. IF NOT EXISTS keeps the table of a file that was
-- made before there were migrations.

-- +goose Up
CREATE TABLE IF NOT EXISTS kv (
    grp   TEXT NOT NULL,
    key   TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (grp, key)
);

-- +goose Down
DROP TABLE kv;
