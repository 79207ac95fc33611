-- How many rows and bytes a namespace has, for those that have a limit: only they
-- have a row here. Triggers keep it, so that it is right whoever writes: this
-- program, an older one, the purge, or a person with a shell. The groups of a
-- namespace are named namespace:group; a row's bytes are those of group (without
-- the namespace), key and value. Rows that have expired count until they are
-- removed, which a write that would exceed a limit sees to first.

-- +goose Up
CREATE TABLE kv_usage (
    namespace TEXT PRIMARY KEY NOT NULL,
    keys      INTEGER NOT NULL,
    bytes     INTEGER NOT NULL
);

-- +goose StatementBegin
CREATE TRIGGER kv_usage_insert AFTER INSERT ON kv
WHEN instr(NEW.grp, ':') > 0
BEGIN
    UPDATE kv_usage
    SET keys = keys + 1,
        bytes = bytes + length(CAST(substr(NEW.grp, instr(NEW.grp, ':') + 1) AS BLOB))
              + length(CAST(NEW.key AS BLOB)) + length(CAST(NEW.value AS BLOB))
    WHERE namespace = substr(NEW.grp, 1, instr(NEW.grp, ':') - 1);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER kv_usage_update AFTER UPDATE OF value ON kv
WHEN instr(NEW.grp, ':') > 0
BEGIN
    UPDATE kv_usage
    SET bytes = bytes + length(CAST(NEW.value AS BLOB)) - length(CAST(OLD.value AS BLOB))
    WHERE namespace = substr(NEW.grp, 1, instr(NEW.grp, ':') - 1);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER kv_usage_delete AFTER DELETE ON kv
WHEN instr(OLD.grp, ':') > 0
BEGIN
    UPDATE kv_usage
    SET keys = keys - 1,
        bytes = bytes - length(CAST(substr(OLD.grp, instr(OLD.grp, ':') + 1) AS BLOB))
              - length(CAST(OLD.key AS BLOB)) - length(CAST(OLD.value AS BLOB))
    WHERE namespace = substr(OLD.grp, 1, instr(OLD.grp, ':') - 1);
END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER kv_usage_delete;
DROP TRIGGER kv_usage_update;
DROP TRIGGER kv_usage_insert;
DROP TABLE kv_usage;
