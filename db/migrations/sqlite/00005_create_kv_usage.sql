-- The number of rows and bytes of each namespace that has a limit. Other namespaces
-- have no row here. Triggers keep the numbers, so that they are right whoever writes:
-- this program, an older one, the purge, or a person with a SQL shell. The groups of
-- a namespace are named namespace:group. The bytes of a row are those of its group
-- (without the namespace), key and value. Expired rows count until they are removed;
-- a write that would exceed a limit removes them first.
--
-- Names are split as BLOBs, because SQLite's functions ignore what follows a NUL in a
-- text. X'3A' is the colon.

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

-- Only a person with a SQL shell renames a row.
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
