-- How many rows and bytes a namespace has, for those that have a limit: only they
-- have a row here. Triggers keep it, so that it is right whoever writes: this
-- program, an older one, the purge, or a person with a shell. The groups of a
-- namespace are named namespace:group; a row's bytes are those of group (without
-- the namespace), key and value. Rows that have expired count until they are
-- removed, which a write that would exceed a limit sees to first.
--
-- Names are taken apart as BLOBs, because of a text SQLite's functions see nothing
-- after a NUL; X'3A' is the colon.

-- +goose Up
CREATE TABLE kv_usage (
    namespace TEXT PRIMARY KEY NOT NULL,
    keys      INTEGER NOT NULL,
    bytes     INTEGER NOT NULL
);

-- +goose StatementBegin
CREATE TRIGGER kv_usage_insert AFTER INSERT ON kv
WHEN instr(CAST(NEW.grp AS BLOB), X'3A') > 0
BEGIN
    UPDATE kv_usage
    SET keys = keys + 1,
        bytes = bytes + length(CAST(NEW.grp AS BLOB)) - instr(CAST(NEW.grp AS BLOB), X'3A')
              + length(CAST(NEW.key AS BLOB)) + length(CAST(NEW.value AS BLOB))
    WHERE namespace = CAST(substr(CAST(NEW.grp AS BLOB), 1, instr(CAST(NEW.grp AS BLOB), X'3A') - 1) AS TEXT);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER kv_usage_update AFTER UPDATE OF value ON kv
WHEN instr(CAST(NEW.grp AS BLOB), X'3A') > 0 AND NEW.grp = OLD.grp AND NEW.key = OLD.key
BEGIN
    UPDATE kv_usage
    SET bytes = bytes + length(CAST(NEW.value AS BLOB)) - length(CAST(OLD.value AS BLOB))
    WHERE namespace = CAST(substr(CAST(NEW.grp AS BLOB), 1, instr(CAST(NEW.grp AS BLOB), X'3A') - 1) AS TEXT);
END;
-- +goose StatementEnd

-- Only a person with a shell renames a row.
-- +goose StatementBegin
CREATE TRIGGER kv_usage_rename AFTER UPDATE OF grp, key ON kv
WHEN NEW.grp <> OLD.grp OR NEW.key <> OLD.key
BEGIN
    UPDATE kv_usage
    SET keys = keys - 1,
        bytes = bytes - length(CAST(OLD.grp AS BLOB)) + instr(CAST(OLD.grp AS BLOB), X'3A')
              - length(CAST(OLD.key AS BLOB)) - length(CAST(OLD.value AS BLOB))
    WHERE instr(CAST(OLD.grp AS BLOB), X'3A') > 0
      AND namespace = CAST(substr(CAST(OLD.grp AS BLOB), 1, instr(CAST(OLD.grp AS BLOB), X'3A') - 1) AS TEXT);
    UPDATE kv_usage
    SET keys = keys + 1,
        bytes = bytes + length(CAST(NEW.grp AS BLOB)) - instr(CAST(NEW.grp AS BLOB), X'3A')
              + length(CAST(NEW.key AS BLOB)) + length(CAST(NEW.value AS BLOB))
    WHERE instr(CAST(NEW.grp AS BLOB), X'3A') > 0
      AND namespace = CAST(substr(CAST(NEW.grp AS BLOB), 1, instr(CAST(NEW.grp AS BLOB), X'3A') - 1) AS TEXT);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER kv_usage_delete AFTER DELETE ON kv
WHEN instr(CAST(OLD.grp AS BLOB), X'3A') > 0
BEGIN
    UPDATE kv_usage
    SET keys = keys - 1,
        bytes = bytes - length(CAST(OLD.grp AS BLOB)) + instr(CAST(OLD.grp AS BLOB), X'3A')
              - length(CAST(OLD.key AS BLOB)) - length(CAST(OLD.value AS BLOB))
    WHERE namespace = CAST(substr(CAST(OLD.grp AS BLOB), 1, instr(CAST(OLD.grp AS BLOB), X'3A') - 1) AS TEXT);
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER kv_usage_delete;
DROP TRIGGER kv_usage_rename;
DROP TRIGGER kv_usage_update;
DROP TRIGGER kv_usage_insert;
DROP TABLE kv_usage;
