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

--: place_of_use(terminal text, seq bigint, prefixes text[]) -> region, site_kind, site, subject, day
-- Where a use was, if that begins with one of *prefixes*; nobody else's is told.
SELECT region, site_kind, site, subject, day FROM ledger_use_v1
WHERE terminal = $1::text AND seq = $2::bigint AND region ^@ ANY ($3::text[]);

--: list_uses(prefixes text[], scoped text[], kinds text[], since timestamptz, until timestamptz, region text, kind text, outcome text, reasons text[], site text, terminal text, before_at timestamptz, before_terminal text, before_seq bigint, most bigint) -> terminal, seq, occurred_at, service, site, site_kind, region, outcome, reason, list_price_fen, paid_fen, programme, version, subject, credential_kind, upload, reversed
-- Uses of a time, newest first, before one of them. What is found is found in an index alone; only what is shown is read. *scoped*
-- and *kinds* pair what a region begins with and the kind of site that may be seen there ('*': any); without pairs nothing is left out.
WITH found AS MATERIALIZED (
    SELECT u.terminal, u.seq FROM ledger_use_v1 AS u
    WHERE u.occurred_at >= $4::timestamptz AND u.occurred_at < $5::timestamptz
        AND (u.occurred_at, u.terminal, u.seq) < ($12::timestamptz, $13::text, $14::bigint)
        AND u.region ^@ ANY ($1::text[]) AND u.region ^@ $6::text
        AND (cardinality($2::text[]) = 0 OR EXISTS (
            SELECT FROM unnest($2::text[], $3::text[]) AS s (prefix, kind) WHERE u.region ^@ s.prefix AND s.kind IN ('*', u.site_kind)))
        AND ($7::text = '' OR u.site_kind = $7::text) AND ($8::text = '' OR u.outcome = $8::text)
        AND (cardinality($9::text[]) = 0 OR u.reason = ANY ($9::text[]))
        AND ($10::text = '' OR u.site = $10::text) AND ($11::text = '' OR u.terminal = $11::text)
    ORDER BY u.occurred_at DESC, u.terminal DESC, u.seq DESC
    LIMIT $15::bigint
)
SELECT u.terminal, u.seq, u.occurred_at, u.service, u.site, u.site_kind, u.region, u.outcome, u.reason, u.list_price_fen, u.paid_fen,
    u.programme, u.version, u.subject, u.credential_kind, u.upload, r.seq IS NOT NULL AS reversed
FROM found AS f
    CROSS JOIN LATERAL (SELECT * FROM ledger_use_v1 AS w WHERE w.terminal = f.terminal AND w.seq = f.seq LIMIT 1) AS u
    LEFT JOIN LATERAL (SELECT v.seq FROM ledger_reversal_v1 AS v WHERE v.terminal = f.terminal AND v.seq = f.seq LIMIT 1) AS r ON true
ORDER BY u.occurred_at DESC, u.terminal DESC, u.seq DESC;

--: list_granted(prefixes text[], scoped text[], kinds text[], since timestamptz, until timestamptz, region text, kind text, outcome text, reasons text[], site text, programmes text[], before_at timestamptz, before_terminal text, before_seq bigint, most bigint) -> terminal, seq, occurred_at, service, site, site_kind, region, outcome, reason, list_price_fen, paid_fen, programme, version, subject, credential_kind, upload, reversed
-- The same of uses that count, that one of *programmes* granted, alone or in a pile, and that were not taken back.
WITH found AS MATERIALIZED (
    SELECT u.terminal, u.seq FROM ledger_use_v1 AS u
    WHERE u.occurred_at >= $4::timestamptz AND u.occurred_at < $5::timestamptz
        AND (u.occurred_at, u.terminal, u.seq) < ($12::timestamptz, $13::text, $14::bigint)
        AND u.region ^@ ANY ($1::text[]) AND u.region ^@ $6::text
        AND (cardinality($2::text[]) = 0 OR EXISTS (
            SELECT FROM unnest($2::text[], $3::text[]) AS s (prefix, kind) WHERE u.region ^@ s.prefix AND s.kind IN ('*', u.site_kind)))
        AND ($7::text = '' OR u.site_kind = $7::text) AND ($8::text = '' OR u.outcome = $8::text)
        AND (cardinality($9::text[]) = 0 OR u.reason = ANY ($9::text[]))
        AND ($10::text = '' OR u.site = $10::text) AND u.counted AND string_to_array(u.programme, '+') && $11::text[]
        AND NOT EXISTS (SELECT FROM ledger_reversal_v1 AS v WHERE v.terminal = u.terminal AND v.seq = u.seq)
    ORDER BY u.occurred_at DESC, u.terminal DESC, u.seq DESC
    LIMIT $15::bigint
)
SELECT u.terminal, u.seq, u.occurred_at, u.service, u.site, u.site_kind, u.region, u.outcome, u.reason, u.list_price_fen, u.paid_fen,
    u.programme, u.version, u.subject, u.credential_kind, u.upload, false AS reversed
FROM found AS f
    CROSS JOIN LATERAL (SELECT * FROM ledger_use_v1 AS w WHERE w.terminal = f.terminal AND w.seq = f.seq LIMIT 1) AS u
ORDER BY u.occurred_at DESC, u.terminal DESC, u.seq DESC;

--: list_in_error(prefixes text[], scoped text[], kinds text[], since timestamptz, until timestamptz, region text, kind text, outcome text, reasons text[], site text, before_at timestamptz, before_terminal text, before_seq bigint, most bigint) -> terminal, seq, occurred_at, service, site, site_kind, region, outcome, reason, list_price_fen, paid_fen, programme, version, subject, credential_kind, upload, reversed
-- The same of uses that a terminal had accepted offline beyond the rule and that were not taken back, by an index of those alone.
WITH found AS MATERIALIZED (
    SELECT u.terminal, u.seq FROM ledger_use_v1 AS u
    WHERE u.occurred_at >= $4::timestamptz AND u.occurred_at < $5::timestamptz
        AND (u.occurred_at, u.terminal, u.seq) < ($11::timestamptz, $12::text, $13::bigint)
        AND u.region ^@ ANY ($1::text[]) AND u.region ^@ $6::text
        AND (cardinality($2::text[]) = 0 OR EXISTS (
            SELECT FROM unnest($2::text[], $3::text[]) AS s (prefix, kind) WHERE u.region ^@ s.prefix AND s.kind IN ('*', u.site_kind)))
        AND ($7::text = '' OR u.site_kind = $7::text) AND ($8::text = '' OR u.outcome = $8::text)
        AND (cardinality($9::text[]) = 0 OR u.reason = ANY ($9::text[]))
        AND ($10::text = '' OR u.site = $10::text) AND u.upload = 'accepted_in_error'
        AND NOT EXISTS (SELECT FROM ledger_reversal_v1 AS v WHERE v.terminal = u.terminal AND v.seq = u.seq)
    ORDER BY u.occurred_at DESC, u.terminal DESC, u.seq DESC
    LIMIT $14::bigint
)
SELECT u.terminal, u.seq, u.occurred_at, u.service, u.site, u.site_kind, u.region, u.outcome, u.reason, u.list_price_fen, u.paid_fen,
    u.programme, u.version, u.subject, u.credential_kind, u.upload, false AS reversed
FROM found AS f
    CROSS JOIN LATERAL (SELECT * FROM ledger_use_v1 AS w WHERE w.terminal = f.terminal AND w.seq = f.seq LIMIT 1) AS u
ORDER BY u.occurred_at DESC, u.terminal DESC, u.seq DESC;

--: list_uses_of(subject bigint, prefixes text[], scoped text[], kinds text[], since date, until date, region text, kind text, outcome text, reasons text[], site text, terminal text, before_at timestamptz, before_terminal text, before_seq bigint, most bigint) -> terminal, seq, occurred_at, service, site, site_kind, region, outcome, reason, list_price_fen, paid_fen, programme, version, subject, credential_kind, upload, reversed
-- The same of one person, from the first to the last day.
SELECT u.terminal, u.seq, u.occurred_at, u.service, u.site, u.site_kind, u.region, u.outcome, u.reason, u.list_price_fen, u.paid_fen,
    u.programme, u.version, u.subject, u.credential_kind, u.upload, r.seq IS NOT NULL AS reversed
FROM ledger_use_v1 AS u
    LEFT JOIN LATERAL (SELECT v.seq FROM ledger_reversal_v1 AS v WHERE v.terminal = u.terminal AND v.seq = u.seq LIMIT 1) AS r ON true
WHERE u.subject = $1::bigint AND u.day BETWEEN $5::date AND $6::date
    AND (u.occurred_at, u.terminal, u.seq) < ($13::timestamptz, $14::text, $15::bigint)
    AND u.region ^@ ANY ($2::text[]) AND u.region ^@ $7::text
    AND (cardinality($3::text[]) = 0 OR EXISTS (
        SELECT FROM unnest($3::text[], $4::text[]) AS s (prefix, kind) WHERE u.region ^@ s.prefix AND s.kind IN ('*', u.site_kind)))
    AND ($8::text = '' OR u.site_kind = $8::text) AND ($9::text = '' OR u.outcome = $9::text)
    AND (cardinality($10::text[]) = 0 OR u.reason = ANY ($10::text[]))
    AND ($11::text = '' OR u.site = $11::text) AND ($12::text = '' OR u.terminal = $12::text)
ORDER BY u.occurred_at DESC, u.terminal DESC, u.seq DESC
LIMIT $16::bigint;

--: total_uses(prefixes text[], scoped text[], kinds text[], first date, last date, region text, kind text, outcome text, reasons text[], site text) -> uses, refused, list_fen, paid_fen, first_day, last_day
-- What the uses of some days add up to, and on which of them the first and the last were.
SELECT coalesce(sum(u.uses), 0)::bigint AS uses, coalesce(sum(u.uses) FILTER (WHERE u.outcome = 'refused'), 0)::bigint AS refused,
    coalesce(sum(u.list_price_fen) FILTER (WHERE u.outcome = 'accepted'), 0)::bigint AS list_fen,
    coalesce(sum(u.paid_fen), 0)::bigint AS paid_fen, min(u.day) AS first_day, max(u.day) AS last_day
FROM uses_sum_v1 AS u
WHERE u.day BETWEEN $4::date AND $5::date AND u.region ^@ ANY ($1::text[]) AND u.region ^@ $6::text
    AND (cardinality($2::text[]) = 0 OR EXISTS (
        SELECT FROM unnest($2::text[], $3::text[]) AS s (prefix, kind) WHERE u.region ^@ s.prefix AND s.kind IN ('*', u.site_kind)))
    AND ($7::text = '' OR u.site_kind = $7::text) AND ($8::text = '' OR u.outcome = $8::text)
    AND (cardinality($9::text[]) = 0 OR u.reason = ANY ($9::text[])) AND ($10::text = '' OR u.site = $10::text);

--: total_sifted(prefixes text[], scoped text[], kinds text[], first date, last date, region text, kind text, outcome text, reasons text[], site text, programmes text[], in_error boolean) -> uses, refused, list_fen, paid_fen, first_day, last_day
-- The same of the uses that count and that one of *programmes* granted, alone or in a pile (none: any use); *in_error*: of those alone
-- that a terminal had accepted offline beyond the rule. Uses taken back are left out, not only their money.
WITH sifted AS (
    SELECT u.day, u.region, u.site_kind, u.site, u.outcome, u.reason, u.programme, u.counted, u.in_error, u.uses, u.list_price_fen, u.paid_fen
    FROM uses_sum_v1 AS u WHERE u.day BETWEEN $4::date AND $5::date
    UNION ALL
    SELECT w.day, w.region, w.site_kind, w.site, w.outcome, w.reason, coalesce(w.programme, ''), w.counted,
        coalesce(w.upload = 'accepted_in_error', false), -1, -w.list_price_fen, -w.paid_fen
    FROM ledger_reversal_v1 AS v
        CROSS JOIN LATERAL (SELECT * FROM ledger_use_v1 AS o WHERE o.terminal = v.terminal AND o.seq = v.seq LIMIT 1) AS w
    WHERE v.day BETWEEN $4::date AND $5::date
)
SELECT coalesce(sum(u.uses), 0)::bigint AS uses, coalesce(sum(u.uses) FILTER (WHERE u.outcome = 'refused'), 0)::bigint AS refused,
    coalesce(sum(u.list_price_fen) FILTER (WHERE u.outcome = 'accepted'), 0)::bigint AS list_fen,
    coalesce(sum(u.paid_fen), 0)::bigint AS paid_fen, min(u.day) AS first_day, max(u.day) AS last_day
FROM sifted AS u
WHERE u.region ^@ ANY ($1::text[]) AND u.region ^@ $6::text
    AND (cardinality($2::text[]) = 0 OR EXISTS (
        SELECT FROM unnest($2::text[], $3::text[]) AS s (prefix, kind) WHERE u.region ^@ s.prefix AND s.kind IN ('*', u.site_kind)))
    AND ($7::text = '' OR u.site_kind = $7::text) AND ($8::text = '' OR u.outcome = $8::text)
    AND (cardinality($9::text[]) = 0 OR u.reason = ANY ($9::text[])) AND ($10::text = '' OR u.site = $10::text)
    AND (cardinality($11::text[]) = 0 OR (u.counted AND string_to_array(u.programme, '+') && $11::text[]))
    AND (u.in_error OR NOT $12::boolean);

--: total_uses_at(prefixes text[], scoped text[], kinds text[], since timestamptz, until timestamptz, region text, kind text, outcome text, reasons text[], site text, terminal text) -> uses, refused, list_fen, paid_fen, first_day, last_day
-- The same of one device, from the uses themselves, by an index alone.
SELECT count(*) AS uses, count(*) FILTER (WHERE u.outcome = 'refused') AS refused,
    coalesce(sum(u.list_price_fen) FILTER (WHERE u.outcome = 'accepted'), 0)::bigint AS list_fen,
    coalesce(sum(u.paid_fen), 0)::bigint AS paid_fen, NULL::date AS first_day, NULL::date AS last_day
FROM ledger_use_v1 AS u
WHERE u.occurred_at >= $4::timestamptz AND u.occurred_at < $5::timestamptz
    AND u.region ^@ ANY ($1::text[]) AND u.region ^@ $6::text
    AND (cardinality($2::text[]) = 0 OR EXISTS (
        SELECT FROM unnest($2::text[], $3::text[]) AS s (prefix, kind) WHERE u.region ^@ s.prefix AND s.kind IN ('*', u.site_kind)))
    AND ($7::text = '' OR u.site_kind = $7::text) AND ($8::text = '' OR u.outcome = $8::text)
    AND (cardinality($9::text[]) = 0 OR u.reason = ANY ($9::text[]))
    AND ($10::text = '' OR u.site = $10::text) AND u.terminal = $11::text;

--: total_uses_of(subject bigint, prefixes text[], scoped text[], kinds text[], since date, until date, region text, kind text, outcome text, reasons text[], site text, terminal text) -> uses, refused, list_fen, paid_fen, first_day, last_day
-- The same of one person.
SELECT count(*) AS uses, count(*) FILTER (WHERE u.outcome = 'refused') AS refused,
    coalesce(sum(u.list_price_fen) FILTER (WHERE u.outcome = 'accepted'), 0)::bigint AS list_fen,
    coalesce(sum(u.paid_fen), 0)::bigint AS paid_fen, min(u.day) AS first_day, max(u.day) AS last_day
FROM ledger_use_v1 AS u
WHERE u.subject = $1::bigint AND u.day BETWEEN $5::date AND $6::date
    AND u.region ^@ ANY ($2::text[]) AND u.region ^@ $7::text
    AND (cardinality($3::text[]) = 0 OR EXISTS (
        SELECT FROM unnest($3::text[], $4::text[]) AS s (prefix, kind) WHERE u.region ^@ s.prefix AND s.kind IN ('*', u.site_kind)))
    AND ($8::text = '' OR u.site_kind = $8::text) AND ($9::text = '' OR u.outcome = $9::text)
    AND (cardinality($10::text[]) = 0 OR u.reason = ANY ($10::text[]))
    AND ($11::text = '' OR u.site = $11::text) AND ($12::text = '' OR u.terminal = $12::text);

--: total_reversed(subject bigint, prefixes text[], scoped text[], kinds text[], since date, until date, region text, kind text, outcome text, reasons text[], site text, terminal text) -> uses, refused, list_fen, paid_fen
-- What was taken back of the uses of some days: to be taken off their total. *subject* -1: of everybody.
SELECT count(*) AS uses, count(*) FILTER (WHERE u.outcome = 'refused') AS refused,
    coalesce(sum(u.list_price_fen) FILTER (WHERE u.outcome = 'accepted'), 0)::bigint AS list_fen,
    coalesce(sum(u.paid_fen), 0)::bigint AS paid_fen
FROM ledger_reversal_v1 AS v
    CROSS JOIN LATERAL (SELECT * FROM ledger_use_v1 AS w WHERE w.terminal = v.terminal AND w.seq = v.seq LIMIT 1) AS u
WHERE v.day BETWEEN $5::date AND $6::date AND ($1::bigint = -1 OR v.subject = $1::bigint)
    AND u.region ^@ ANY ($2::text[]) AND u.region ^@ $7::text
    AND (cardinality($3::text[]) = 0 OR EXISTS (
        SELECT FROM unnest($3::text[], $4::text[]) AS s (prefix, kind) WHERE u.region ^@ s.prefix AND s.kind IN ('*', u.site_kind)))
    AND ($8::text = '' OR u.site_kind = $8::text) AND ($9::text = '' OR u.outcome = $9::text)
    AND (cardinality($10::text[]) = 0 OR u.reason = ANY ($10::text[]))
    AND ($11::text = '' OR u.site = $11::text) AND ($12::text = '' OR u.terminal = $12::text);

--: count_of_time(since timestamptz, until timestamptz) -> uses
-- How many uses there were in a time, from an index alone.
SELECT count(*) AS uses FROM ledger_use_v1 WHERE occurred_at >= $1::timestamptz AND occurred_at < $2::timestamptz;

--: uses_of_time(since timestamptz, until timestamptz, after_at timestamptz, after_terminal text, after_seq bigint, most bigint) -> terminal, seq, batch, occurred_at, subject, day, service, site, site_kind, operator, region, outcome, reason, list_price_fen, paid_fen, funds, amounts_fen, programme, version, rules, facts, limits, upload, offline, given_back
-- Uses of a time, oldest first, after one of them, with all that they can be decided again by and what a reversal gave back.
SELECT u.terminal, u.seq, u.batch, u.occurred_at, u.subject, u.day, u.service, u.site, u.site_kind, u.operator, u.region, u.outcome, u.reason,
    u.list_price_fen, u.paid_fen, u.funds, u.amounts_fen, u.programme, u.version, u.rules, u.facts, u.limits, u.upload, u.offline,
    (SELECT v.limits FROM ledger_reversal_v1 AS v WHERE v.terminal = u.terminal AND v.seq = u.seq) AS given_back
FROM ledger_use_v1 AS u
WHERE u.occurred_at >= $1::timestamptz AND u.occurred_at < $2::timestamptz
    AND (u.occurred_at, u.terminal, u.seq) > ($3::timestamptz, $4::text, $5::bigint)
ORDER BY u.occurred_at, u.terminal, u.seq
LIMIT $6::bigint;

--: uses_of_batches(made_since timestamptz, rules bigint, since timestamptz, until timestamptz) -> the columns of uses_of_time
-- Uses written lately that a rule book before *rules* decided: what was on its way while a version was released.
SELECT u.terminal, u.seq, u.batch, u.occurred_at, u.subject, u.day, u.service, u.site, u.site_kind, u.operator, u.region, u.outcome, u.reason,
    u.list_price_fen, u.paid_fen, u.funds, u.amounts_fen, u.programme, u.version, u.rules, u.facts, u.limits, u.upload, u.offline,
    (SELECT v.limits FROM ledger_reversal_v1 AS v WHERE v.terminal = u.terminal AND v.seq = u.seq) AS given_back
FROM ledger_use_v1 AS u
WHERE u.batch = ANY (ARRAY(SELECT l.batch FROM ledger_leaf_v1 AS l WHERE l.made_at >= $1::timestamptz)) AND u.rules < $2::bigint
    AND u.occurred_at >= $3::timestamptz AND u.occurred_at < $4::timestamptz
ORDER BY u.occurred_at, u.terminal, u.seq;

--: uses_of_days(prefixes text[], scoped text[], kinds text[], days date[]) -> day, site_kind, outcome, uses
-- How many uses some days had, by kind of site and outcome, from the sums.
SELECT u.day, u.site_kind, u.outcome, sum(u.uses)::bigint AS uses
FROM uses_sum_v1 AS u
WHERE u.day = ANY ($4::date[]) AND u.region ^@ ANY ($1::text[])
    AND (cardinality($2::text[]) = 0 OR EXISTS (
        SELECT FROM unnest($2::text[], $3::text[]) AS s (prefix, kind) WHERE u.region ^@ s.prefix AND s.kind IN ('*', u.site_kind)))
GROUP BY u.day, u.site_kind, u.outcome;

--: try_tally_lock(key bigint) -> locked
-- One server adds up at a time, until its transaction is over.
SELECT pg_try_advisory_xact_lock($1::bigint) AS locked;

--: tally_on(most bigint) -> taken
-- Add up the batches under the next leaves of the log, and move the mark behind them: together or not at all.
WITH mark AS MATERIALIZED (SELECT coalesce(max(position), 0) AS position FROM uses_tally_mark),
taken AS MATERIALIZED (
    SELECT l.position, l.kind, l.ref FROM audit_log_v1 AS l
    WHERE l.position >= (SELECT position FROM mark) AND l.position < (SELECT position FROM mark) + $1::bigint
),
fresh AS MATERIALIZED (
    SELECT u.day, u.region, u.site_kind, u.site, u.service, u.outcome, u.reason, coalesce(u.programme, '') AS programme, u.counted,
        coalesce(u.upload = 'accepted_in_error', false) AS in_error, count(*) AS uses, sum(u.list_price_fen)::bigint AS list_price_fen,
        sum(u.paid_fen)::bigint AS paid_fen
    FROM taken AS b CROSS JOIN LATERAL (SELECT * FROM ledger_use_v1 AS w WHERE w.batch = b.ref OFFSET 0) AS u
    WHERE b.kind = 'batch'
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
),
added AS (
    INSERT INTO uses_tally AS t (day, region, site_kind, site, service, outcome, reason, programme, counted, in_error, uses, list_price_fen, paid_fen)
    SELECT day, region, site_kind, site, service, outcome, reason, programme, counted, in_error, uses, list_price_fen, paid_fen FROM fresh
    ON CONFLICT (day, region, site_kind, site, service, outcome, reason, programme, counted, in_error) DO UPDATE SET
        uses = t.uses + excluded.uses, list_price_fen = t.list_price_fen + excluded.list_price_fen, paid_fen = t.paid_fen + excluded.paid_fen
),
months AS (
    INSERT INTO uses_month AS m (month, region, programme, uses, saved_fen)
    SELECT f.day - (extract(day FROM f.day)::integer - 1), f.region, f.programme, sum(f.uses)::bigint,
        sum(f.list_price_fen - f.paid_fen)::bigint
    FROM fresh AS f WHERE f.outcome = 'accepted' AND f.counted GROUP BY 1, 2, 3
    ON CONFLICT (month, region, programme) DO UPDATE SET uses = m.uses + excluded.uses, saved_fen = m.saved_fen + excluded.saved_fen
)
INSERT INTO uses_tally_mark AS m (position)
SELECT mark.position + (SELECT count(*) FROM taken) FROM mark WHERE EXISTS (SELECT FROM taken)
ON CONFLICT (one) DO UPDATE SET position = excluded.position
RETURNING (SELECT count(*) FROM taken) AS taken;

--: tally_strays(most bigint) -> day, region, site, outcome, reason, kept, found
-- Where the sums that are kept are not those of the records before the mark.
WITH found AS (
    SELECT u.day, u.region, u.site_kind, u.site, u.service, u.outcome, u.reason, coalesce(u.programme, '') AS programme, u.counted,
        coalesce(u.upload = 'accepted_in_error', false) AS in_error, count(*) AS uses, sum(u.list_price_fen)::bigint AS list_price_fen,
        sum(u.paid_fen)::bigint AS paid_fen
    FROM ledger_use_v1 AS u JOIN audit_log_v1 AS l ON l.ref = u.batch
    WHERE l.position < (SELECT coalesce(max(position), 0) FROM uses_tally_mark)
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
)
SELECT day, region, site, outcome, reason, coalesce(t.uses, 0) AS kept, coalesce(f.uses, 0) AS found
FROM uses_tally AS t FULL JOIN found AS f USING (day, region, site_kind, site, service, outcome, reason, programme, counted, in_error)
WHERE (t.uses, t.list_price_fen, t.paid_fen) IS DISTINCT FROM (f.uses, f.list_price_fen, f.paid_fen)
ORDER BY day, region, site, outcome, reason LIMIT $1::bigint;

--: month_strays(most bigint) -> month, region, programme, kept, found
-- Where the sums by month are not those of the sums by day.
WITH found AS (
    SELECT t.day - (extract(day FROM t.day)::integer - 1) AS month, t.region, t.programme, sum(t.uses)::bigint AS uses,
        sum(t.list_price_fen - t.paid_fen)::bigint AS saved_fen
    FROM uses_tally AS t WHERE t.outcome = 'accepted' AND t.counted GROUP BY 1, 2, 3
)
SELECT month, region, programme, coalesce(m.uses, 0) AS kept, coalesce(f.uses, 0) AS found
FROM uses_month AS m FULL JOIN found AS f USING (month, region, programme)
WHERE (m.uses, m.saved_fen) IS DISTINCT FROM (f.uses, f.saved_fen)
ORDER BY month, region, programme LIMIT $1::bigint;

--: count_tallies() -> tallies
-- How many sums are kept.
SELECT (SELECT count(*) FROM uses_tally) + (SELECT count(*) FROM uses_month) AS tallies;
