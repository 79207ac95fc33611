-- name: Get :one
-- The row is returned expired or not: the caller must know the difference
-- between an expired key, which it has removed, and one that was never there.
SELECT value, expires_at FROM kv WHERE grp = @grp AND key = @key;

-- name: Set :exec
INSERT INTO kv (grp, key, value, expires_at)
VALUES (@grp, @key, @value, @expires_at)
ON CONFLICT (grp, key) DO UPDATE
SET value = excluded.value, expires_at = excluded.expires_at;

-- name: Delete :execrows
DELETE FROM kv WHERE grp = @grp AND key = @key;

-- name: DeleteExpired :execrows
-- Looks again at the expiry, so that a value set since the caller's read stays.
DELETE FROM kv
WHERE grp = @grp AND key = @key AND expires_at <= CAST(@now AS BIGINT);

-- name: DeleteGroup :execrows
DELETE FROM kv WHERE grp = @grp;

-- name: Count :one
SELECT COUNT(*) FROM kv
WHERE grp = @grp AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT));

-- name: GetAll :many
SELECT key, value, expires_at FROM kv
WHERE grp = @grp AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT));

-- name: PurgeExpired :execrows
DELETE FROM kv WHERE (grp, key) IN (
    SELECT e.grp, e.key FROM kv AS e
    WHERE e.expires_at <= CAST(@now AS BIGINT)
    ORDER BY e.expires_at
    LIMIT CAST(@max_rows AS BIGINT)
);

-- name: ScanFrom :many
-- A page of live keys in key order, from low (inclusive) on. The caller makes
-- "after k" of it by asking from k + NUL, the least key above k.
SELECT grp, key, value, expires_at FROM kv
WHERE grp = @grp AND key >= @low
  AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT))
ORDER BY key
LIMIT CAST(@max_rows AS BIGINT);

-- name: ScanRange :many
-- The same with an upper bound, high (exclusive).
SELECT grp, key, value, expires_at FROM kv
WHERE grp = @grp AND key >= @low AND key < @high
  AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT))
ORDER BY key
LIMIT CAST(@max_rows AS BIGINT);

-- name: ScanFromDesc :many
SELECT grp, key, value, expires_at FROM kv
WHERE grp = @grp AND key >= @low
  AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT))
ORDER BY key DESC
LIMIT CAST(@max_rows AS BIGINT);

-- name: ScanRangeDesc :many
SELECT grp, key, value, expires_at FROM kv
WHERE grp = @grp AND key >= @low AND key < @high
  AND (expires_at IS NULL OR expires_at > CAST(@now AS BIGINT))
ORDER BY key DESC
LIMIT CAST(@max_rows AS BIGINT);

-- name: GroupsFrom :many
-- A page of the groups that hold a live key, in order of name, from low
-- (inclusive) on; the variants are those of the scans above.
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
