-- The revision of a key increases with each write. It is the token for
-- compare-and-swap. The store writes the clock in microseconds, or the old revision
-- plus one if that is higher.
--
-- A program older than this migration overwrites a row and leaves its revision. The
-- trigger then increases the revision, so that a comparison notices the write.

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
