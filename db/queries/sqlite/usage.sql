-- name: StartUsage :execrows
-- Counts a namespace once; from then on triggers keep the count. This is a query of
-- each engine, because engines differ in how they tell the length of a text in bytes.
INSERT INTO kv_usage (namespace, keys, bytes)
SELECT CAST(@namespace AS TEXT), COUNT(*), COALESCE(SUM(
    length(CAST(u.grp AS BLOB)) - length(CAST(CAST(@prefix AS TEXT) AS BLOB))
    + length(CAST(u.key AS BLOB)) + length(CAST(u.value AS BLOB))), 0)
FROM kv AS u
WHERE u.grp >= @low AND u.grp < @high
ON CONFLICT (namespace) DO NOTHING;
