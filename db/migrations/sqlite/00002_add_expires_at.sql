-- Unix milliseconds; NULL means that the key never expires.

-- +goose Up
ALTER TABLE kv ADD COLUMN expires_at INTEGER;

-- +goose Down
ALTER TABLE kv DROP COLUMN expires_at;
