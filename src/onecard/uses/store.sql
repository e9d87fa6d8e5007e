--: read_batch(keys bytea[], windows date[], terminals text[], seqs bigint[], sites text[], paced bytea[], since date) -> what, key, subject, name, text, day, until, born, at, n, salt
-- All that a lane must know to decide its batch, in one round trip, a row per thing: `credential`, `state`, `fact`, `used`
-- (of persons), `place` (of sites), `use` (what is recorded under these keys), `last` (accepted uses of the credentials in
-- *paced*, for gates that ask how long ago), `change` (which rule book and directory hold).
WITH k AS MATERIALIZED (
    SELECT key, subject, valid_from, valid_until FROM cards_credential_v1 WHERE key = ANY ($1::bytea[])
), s AS MATERIALIZED (
    SELECT DISTINCT subject FROM k
), w AS MATERIALIZED (
    SELECT w.terminal, w.seq FROM unnest($3::text[], $4::bigint[]) AS w (terminal, seq)
)
SELECT 'credential' AS what, k.key, k.subject, NULL::text AS name, p.home_region AS text, k.valid_from AS day,
    k.valid_until AS until, p.born, NULL::timestamptz AS at, NULL::bigint AS n, p.salt
FROM k JOIN people_subject_v1 AS p USING (subject)
UNION ALL
SELECT 'state', k.key, NULL, NULL, c.state, NULL, NULL, NULL, c.since, (extract(epoch FROM c.until) * 1000)::bigint, NULL
FROM k JOIN cards_state_v1 AS c USING (key)
UNION ALL
SELECT 'fact', NULL, s.subject, f.fact, f.value, f.since, NULL, NULL, NULL, NULL, NULL
FROM s JOIN people_fact_v1 AS f USING (subject)
UNION ALL
SELECT 'used', NULL, s.subject, a.name, a.within, a.window_start, NULL, NULL, NULL, a.used, NULL
FROM s JOIN ledger_accumulator_v1 AS a USING (subject)
WHERE a.window_start = ANY ($2::date[])
UNION ALL
SELECT 'place', NULL, NULL, q.name, q.site || '/' || q.within, q.window_start, NULL, NULL, NULL, q.used, NULL
FROM ledger_place_v1 AS q
WHERE q.site = ANY ($5::text[]) AND q.window_start = ANY ($2::date[])
UNION ALL
SELECT 'use', u.digest, NULL, u.terminal,
    json_build_object('outcome', u.outcome, 'reason', u.reason, 'list_price_fen', u.list_price_fen, 'paid_fen', u.paid_fen,
        'funds', u.funds, 'amounts_fen', u.amounts_fen, 'programme', u.programme, 'version', u.version, 'batch', u.batch,
        'upload', u.upload)::text,
    NULL, NULL, NULL, NULL, u.seq, NULL
FROM w JOIN ledger_use_v1 AS u USING (terminal, seq)
UNION ALL
SELECT 'last', u.credential, NULL, u.terminal, u.service, NULL, NULL, NULL, u.occurred_at, NULL, NULL
FROM k JOIN ledger_use_v1 AS u USING (subject)
WHERE k.key = ANY ($6::bytea[]) AND u.credential = k.key AND u.day >= $7::date AND u.outcome = 'accepted'
UNION ALL
SELECT 'change', NULL, NULL, c.name, NULL, NULL, NULL, NULL, NULL, c.version, NULL
FROM db_change AS c;

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
-- The highest number a terminal has used.
SELECT max(seq) AS seq FROM ledger_use_v1 WHERE terminal = $1::text;

--: counters_of(subject bigint, names text[], windows date[], withins text[]) -> name, within, window_start, used
-- Where a person's counters stand, for what a reversal gives back.
SELECT name, within, window_start, used FROM ledger_accumulator_v1
WHERE subject = $1::bigint AND name = ANY ($2::text[]) AND window_start = ANY ($3::date[]) AND within = ANY ($4::text[]);

--: salt_of(subject bigint) -> salt
-- What salts the seals of a person's records.
SELECT salt FROM people_subject_v1 WHERE subject = $1::bigint;
