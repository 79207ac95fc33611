-- A number for each key that grows with each write, the token for
-- compare-and-swap. The store writes the clock in microseconds, or one more than
-- the old number if that is higher.
--
-- A program from before this version overwrites a row without a word about its
-- revision. The trigger sees that and counts the write, so that nobody who
-- compares revisions is fooled.

-- +goose Up
ALTER TABLE kv ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

-- +goose StatementBegin
CREATE TRIGGER kv_revision AFTER UPDATE OF value, expires_at ON kv
WHEN NEW.revision = OLD.revision
BEGIN
    UPDATE kv SET revision = OLD.revision + 1 WHERE grp = NEW.grp AND key = NEW.key;
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER kv_revision;
ALTER TABLE kv DROP COLUMN revision;
