-- The purge reads only keys that can expire, so only those are indexed. A key
-- without a TTL costs this index nothing.

-- +goose Up
CREATE INDEX IF NOT EXISTS kv_expires_at ON kv (expires_at) WHERE expires_at IS NOT NULL;

-- +goose Down
DROP INDEX IF EXISTS kv_expires_at;
