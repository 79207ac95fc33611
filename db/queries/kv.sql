-- name: Get :one
-- Returns the row even if it has expired: the caller queues an expired row for
-- removal, and an absent one needs none.
SELECT value, expires_at, revision FROM kv WHERE grp = @grp AND key = @key;

-- name: Set :exec
-- The revision is the clock in microseconds, or the old revision plus one if that is
-- higher.
INSERT INTO kv (grp, key, value, expires_at, revision)
VALUES (@grp, @key, @value, @expires_at, @revision)
ON CONFLICT (grp, key) DO UPDATE
SET value = excluded.value, expires_at = excluded.expires_at,
    revision = CASE WHEN excluded.revision > kv.revision
                    THEN excluded.revision ELSE kv.revision + 1 END;

-- name: SetExpiry :execrows
-- Keeps the value. The caller has read the row in the same transaction.
UPDATE kv SET expires_at = @expires_at, revision = @revision
WHERE grp = @grp AND key = @key;

-- name: Delete :execrows
DELETE FROM kv WHERE grp = @grp AND key = @key;

-- name: DeleteExpired :execrows
-- Checks the expiry again, so that a value set since the caller's read stays.
DELETE FROM kv
WHERE grp = @grp AND key = @key AND expires_at <= CAST(@now AS BIGINT);

-- name: DeleteGroup :execrows
DELETE FROM kv WHERE grp = @grp;

-- name: DeleteGroupKeys :many
-- DeleteGroup that returns the deleted keys.
DELETE FROM kv WHERE grp = @grp RETURNING key, expires_at, revision;

-- name: Count :one
SELECT COUNT(*) FROM kv
WHERE grp = @grp AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT));

-- name: CountFrom :one
SELECT COUNT(*) FROM kv
WHERE grp = @grp AND key >= @low
  AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT));

-- name: CountRange :one
SELECT COUNT(*) FROM kv
WHERE grp = @grp AND key >= @low AND key < @high
  AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT));

-- name: GetAll :many
SELECT key, value FROM kv
WHERE grp = @grp AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT));

-- name: GetAllToKeep :many
-- GetAll with the expiries, for a caller that keeps the rows.
SELECT key, value, expires_at FROM kv
WHERE grp = @grp AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT));

-- name: PurgeExpired :many
DELETE FROM kv WHERE (grp, key) IN (
    SELECT e.grp, e.key FROM kv AS e
    WHERE e.expires_at <= CAST(@now AS BIGINT)
    ORDER BY e.expires_at
    LIMIT CAST(@max_rows AS BIGINT)
)
RETURNING grp, key, expires_at, revision;

-- name: PurgeAll :execrows
-- Removes every expired key at once, before a migration down to a schema without
-- expiry.
DELETE FROM kv WHERE expires_at <= CAST(@now AS BIGINT);

-- name: PurgeRange :many
-- Removes the expired keys of the groups from low (inclusive) to high (exclusive).
DELETE FROM kv
WHERE grp >= @low AND grp < @high AND expires_at <= CAST(@now AS BIGINT)
RETURNING grp, key, expires_at, revision;

-- name: ScanFrom :many
-- A page of live keys in key order, from low (inclusive) on. For the keys after k,
-- low is k + NUL, the least key above k.
SELECT key, value, expires_at, revision FROM kv
WHERE grp = @grp AND key >= @low
  AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT))
ORDER BY key
LIMIT CAST(@max_rows AS BIGINT);

-- name: ScanRange :many
-- The same with an upper bound, high (exclusive).
SELECT key, value, expires_at, revision FROM kv
WHERE grp = @grp AND key >= @low AND key < @high
  AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT))
ORDER BY key
LIMIT CAST(@max_rows AS BIGINT);

-- name: ScanFromDesc :many
SELECT key, value, expires_at, revision FROM kv
WHERE grp = @grp AND key >= @low
  AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT))
ORDER BY key DESC
LIMIT CAST(@max_rows AS BIGINT);

-- name: ScanRangeDesc :many
SELECT key, value, expires_at, revision FROM kv
WHERE grp = @grp AND key >= @low AND key < @high
  AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT))
ORDER BY key DESC
LIMIT CAST(@max_rows AS BIGINT);

-- name: GroupsFrom :many
-- A page of the groups that hold a live key, in the order of their names, from low
-- (inclusive) on. Its variants are those of the scans above.
SELECT grp, COUNT(*) AS live FROM kv
WHERE grp >= @low
  AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT))
GROUP BY grp
ORDER BY grp
LIMIT CAST(@max_rows AS BIGINT);

-- name: GroupsRange :many
SELECT grp, COUNT(*) AS live FROM kv
WHERE grp >= @low AND grp < @high
  AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT))
GROUP BY grp
ORDER BY grp
LIMIT CAST(@max_rows AS BIGINT);

-- name: GroupsFromDesc :many
SELECT grp, COUNT(*) AS live FROM kv
WHERE grp >= @low
  AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT))
GROUP BY grp
ORDER BY grp DESC
LIMIT CAST(@max_rows AS BIGINT);

-- name: GroupsRangeDesc :many
SELECT grp, COUNT(*) AS live FROM kv
WHERE grp >= @low AND grp < @high
  AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT))
GROUP BY grp
ORDER BY grp DESC
LIMIT CAST(@max_rows AS BIGINT);

-- name: Revisions :many
-- A page of a group without the values, expired keys included, in key order.
SELECT key, expires_at, revision FROM kv
WHERE grp = @grp AND key >= @low
ORDER BY key
LIMIT CAST(@max_rows AS BIGINT);

-- name: Usage :one
SELECT keys, bytes FROM kv_usage WHERE namespace = @namespace;
