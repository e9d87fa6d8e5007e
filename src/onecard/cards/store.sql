--: find_card(key bytea) -> subject, number_key, chip_key
-- The card to which a number or a chip belongs: what happens to one happens to both.
WITH k AS MATERIALIZED (
    SELECT subject FROM cards_credential WHERE key = $1::bytea
)
SELECT c.subject, c.number_key, c.chip_key
FROM cards_card AS c JOIN k USING (subject)
WHERE c.number_key = $1::bytea OR c.chip_key = $1::bytea;

--: add_states(keys bytea[], since timestamptz, state text) -> key
-- A state is added, never changed; a second one of the same instant comes back as no row.
INSERT INTO cards_state (key, since, state)
SELECT k.key, $2::timestamptz, $3::text FROM unnest($1::bytea[]) AS k (key)
ON CONFLICT DO NOTHING
RETURNING key;

--: states_of(key bytea) -> since, state
-- What became of a credential, oldest first.
SELECT since, state FROM cards_state WHERE key = $1::bytea ORDER BY since;

--: find_credential(key bytea) -> subject, kind, valid_from, valid_until
-- Whose credential this is and how long it holds.
SELECT subject, kind, valid_from, valid_until FROM cards_credential WHERE key = $1::bytea;

--: cards_of(subject bigint) -> issued_on, number_key, issue_region, valid_until, key_id, sealed
-- A person's cards, newest first.
SELECT issued_on, number_key, issue_region, valid_until, key_id, sealed
FROM cards_card WHERE subject = $1::bigint ORDER BY issued_on DESC, number_key;
