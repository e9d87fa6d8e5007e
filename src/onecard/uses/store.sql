--: read_batch(keys bytea[], windows date[], sites text[], paced bytea[], since date, codes bytea[]) -> what, key, subject, name, text, day, until, at, n, salt
-- All that a lane must know to decide its batch, in one round trip, a row per thing: `credential`, `state`, `person`, `fact`,
-- `used` (of persons), `place` (of sites), `last` (accepted uses of the credentials in *paced*, for gates that ask how long
-- ago), `held` and `held_state` (the cards that a person's code follows), `spent` (which of *codes* were used), `change` (which
-- rule book and directory hold). Every part looks rows of one table up by key and none is a join: a plan made while tables
-- were empty stays the right one when they have grown.
WITH k AS MATERIALIZED (
    SELECT key, subject, kind, valid_from, valid_until FROM cards_credential_v1 WHERE key = ANY ($1::bytea[])
), h AS MATERIALIZED (
    SELECT c.key, c.subject, c.valid_from, c.valid_until FROM cards_credential_v1 AS c
    WHERE c.subject = ANY (ARRAY(SELECT subject FROM k WHERE k.kind = 'code')) AND c.kind = 'card'
)
SELECT 'credential' AS what, k.key, k.subject, k.kind AS name, NULL::text AS text, k.valid_from AS day, k.valid_until AS until,
    NULL::timestamptz AS at, NULL::bigint AS n, NULL::bytea AS salt
FROM k
UNION ALL
SELECT 'state', c.key, NULL, NULL, c.state, NULL, NULL, c.since, (extract(epoch FROM c.until) * 1000)::bigint, NULL
FROM cards_state_v1 AS c WHERE c.key = ANY ($1::bytea[])
UNION ALL
SELECT 'held', h.key, h.subject, NULL, NULL, h.valid_from, h.valid_until, NULL, NULL, NULL
FROM h
UNION ALL
SELECT 'held_state', c.key, NULL, NULL, c.state, NULL, NULL, c.since, (extract(epoch FROM c.until) * 1000)::bigint, NULL
FROM cards_state_v1 AS c WHERE c.key = ANY (ARRAY(SELECT key FROM h))
UNION ALL
SELECT 'spent', s.code_hash, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM ledger_code_v1 AS s WHERE s.code_hash = ANY ($6::bytea[])
UNION ALL
SELECT 'person', NULL, p.subject, NULL, p.home_region, p.born, NULL, NULL, NULL, p.salt
FROM people_subject_v1 AS p WHERE p.subject = ANY (ARRAY(SELECT subject FROM k))
UNION ALL
SELECT 'fact', NULL, f.subject, f.fact, f.value, f.since, NULL, NULL, NULL, NULL
FROM people_fact_v1 AS f WHERE f.subject = ANY (ARRAY(SELECT subject FROM k))
UNION ALL
SELECT 'used', NULL, a.subject, a.name, a.within, a.window_start, NULL, NULL, a.used, NULL
FROM ledger_accumulator_v1 AS a WHERE a.subject = ANY (ARRAY(SELECT subject FROM k)) AND a.window_start = ANY ($2::date[])
UNION ALL
SELECT 'place', NULL, NULL, q.name, q.site || '/' || q.within, q.window_start, NULL, NULL, q.used, NULL
FROM ledger_place_v1 AS q WHERE q.site = ANY ($3::text[]) AND q.window_start = ANY ($2::date[])
UNION ALL
SELECT 'last', u.credential, NULL, u.terminal, u.service, NULL, NULL, u.occurred_at, NULL, NULL
FROM ledger_use_v1 AS u
WHERE u.subject = ANY (ARRAY(SELECT subject FROM k WHERE k.key = ANY ($4::bytea[]))) AND u.day >= $5::date
    AND u.credential = ANY ($4::bytea[]) AND u.outcome = 'accepted'
UNION ALL
SELECT 'change', NULL, NULL, c.name, NULL, NULL, NULL, NULL, c.version, NULL
FROM db_change AS c;

--: earlier_uses(terminal text, seqs bigint[]) -> terminal, seq, digest, record
-- What is on record under a terminal's numbers: asked about uploads, and after a write met a number that was taken.
SELECT u.terminal, u.seq, u.digest,
    json_build_object('outcome', u.outcome, 'reason', u.reason, 'list_price_fen', u.list_price_fen, 'paid_fen', u.paid_fen,
        'funds', u.funds, 'amounts_fen', u.amounts_fen, 'programme', u.programme, 'version', u.version, 'batch', u.batch,
        'upload', u.upload)::text AS record
FROM ledger_use_v1 AS u WHERE u.terminal = $1::text AND u.seq = ANY ($2::bigint[]);

--: find_use(terminal text, seq bigint) -> the columns of ledger_use and whether it was reversed
-- One use with everything that explains it.
SELECT u.*, r.reason AS reversal_reason, r.received_at AS reversed_at, o.answer AS late_answer
FROM ledger_use_v1 AS u LEFT JOIN ledger_reversal_v1 AS r USING (terminal, seq)
    LEFT JOIN ledger_offline_answer_v1 AS o USING (terminal, seq)
WHERE u.terminal = $1::text AND u.seq = $2::bigint;

--: uses_of_day(subject bigint, day date) -> terminal, seq, occurred_at, site, service, outcome, reason, list_price_fen, paid_fen, programme, version, reversed
-- What one person did on one day, in order of time.
SELECT u.terminal, u.seq, u.occurred_at, u.site, u.service, u.outcome, u.reason, u.list_price_fen, u.paid_fen, u.programme, u.version,
    r.seq IS NOT NULL AS reversed
FROM ledger_use_v1 AS u LEFT JOIN ledger_reversal_v1 AS r USING (terminal, seq)
WHERE u.subject = $1::bigint AND u.day = $2::date
ORDER BY u.occurred_at, u.terminal, u.seq
LIMIT 200;

--: last_seq(terminal text) -> seq
-- The highest number a terminal has used, of the lower half of all numbers: one at the very end leaves no next.
SELECT max(seq) AS seq FROM ledger_use_v1 WHERE terminal = $1::text AND seq < 4503599627370496;

--: counters_of(subject bigint, names text[], windows date[], withins text[]) -> name, within, window_start, used
-- Where a person's counters stand, for what a reversal gives back.
SELECT name, within, window_start, used FROM ledger_accumulator_v1
WHERE subject = $1::bigint AND name = ANY ($2::text[]) AND window_start = ANY ($3::date[]) AND within = ANY ($4::text[]);

--: salt_of(subject bigint) -> salt
-- What salts the seals of a person's records.
SELECT salt FROM people_subject_v1 WHERE subject = $1::bigint;
