--: canaries() -> key_id, purpose, sealed, retired
-- What each key that this database knows should open.
SELECT key_id, purpose, sealed, retired_at IS NOT NULL AS retired FROM keys_canary ORDER BY key_id;

--: add_canaries(key_ids text[], purposes text[], suites text[], sealed bytea[], made_at timestamptz) -> key_id
-- Keys that this database did not know; what is there already stays.
INSERT INTO keys_canary (key_id, purpose, suite, sealed, made_at)
SELECT k.key_id, k.purpose, k.suite, k.sealed, $5::timestamptz
FROM unnest($1::text[], $2::text[], $3::text[], $4::bytea[]) AS k (key_id, purpose, suite, sealed)
ORDER BY k.key_id
ON CONFLICT DO NOTHING
RETURNING key_id;

--: retire_canary(key_id text, retired_at timestamptz) -> key_id
-- A key is asked of nobody any more.
UPDATE keys_canary SET retired_at = $2::timestamptz WHERE key_id = $1::text AND retired_at IS NULL RETURNING key_id;
