--: write_batch(batch uuid, lane text, number bigint, made_at timestamptz, book_day date, records integer, root bytea, uses json, use_seals bytea[], reversals json, reversal_seals bytea[], persons json, places json, postings json, codes json, links json) -> written boolean
-- One batch, in one statement: all of it or nothing. Records, moves and postings come as JSON arrays of objects, bytes in
-- base64 (docs/decisions says why). Whatever a limit no longer allows comes back as fewer rows than sent, and db_must then
-- fails the whole with OC001: the lane reads and decides again. Both branches are guarded: an insert only within the cap,
-- an update only as far as the cap goes. A move that gives back leans on what is there: at least `floor`; without a cap of
-- its own (null) it takes nothing beyond what it gave back; its `= ANY` keep a plan made while the tables were empty from
-- reading all of them once they have grown. A code that another batch spent meanwhile is a key that is taken.
WITH durable AS MATERIALIZED (
    SELECT set_config('synchronous_commit', 'on', true) AS setting
), leaf AS (
    INSERT INTO ledger_leaf (batch, lane, number, made_at, book_day, records, root)
    VALUES ($1::uuid, $2::text, $3::bigint, $4::timestamptz, $5::date, $6::integer, $7::bytea)
    RETURNING 1
), uses AS (
    INSERT INTO ledger_use (
        batch, book_day, received_at, terminal, seq, subject, day, occurred_at, digest, seal, credential_kind, credential,
        service, site, site_kind, operator, region, home_region, counted, outcome, reason, list_price_fen, paid_fen,
        funds, amounts_fen, programme, version, rules, facts, limits, upload, offline)
    SELECT $1::uuid, $5::date, $4::timestamptz, u.terminal, u.seq, u.subject, u.day, u.occurred_at, decode(u.digest, 'base64'),
        u.seal, u.credential_kind, decode(u.credential, 'base64'), u.service, u.site, u.site_kind, u.operator, u.region,
        u.home_region, u.counted, u.outcome, u.reason, u.list_price_fen, u.paid_fen, u.funds, u.amounts_fen, u.programme,
        u.version, u.rules, u.facts::jsonb, u.limits::jsonb, u.upload, u.offline::jsonb
    FROM ROWS FROM (
        json_to_recordset($8::json) AS (
            terminal text, seq bigint, subject bigint, day date, occurred_at timestamptz, digest text, credential_kind text,
            credential text, service text, site text, site_kind text, operator text, region text, home_region text,
            counted boolean, outcome text, reason text, list_price_fen bigint, paid_fen bigint, funds text[],
            amounts_fen bigint[], programme text, version integer, rules bigint, facts text, limits text, upload text,
            offline text),
        unnest($9::bytea[])
    ) AS u (
        terminal, seq, subject, day, occurred_at, digest, credential_kind, credential, service, site, site_kind, operator,
        region, home_region, counted, outcome, reason, list_price_fen, paid_fen, funds, amounts_fen, programme, version,
        rules, facts, limits, upload, offline, seal)
    RETURNING 1
), reversals AS (
    INSERT INTO ledger_reversal (batch, book_day, received_at, terminal, seq, subject, day, reason, seal, limits)
    SELECT $1::uuid, $5::date, $4::timestamptz, r.terminal, r.seq, r.subject, r.day, r.reason, r.seal, r.limits::jsonb
    FROM ROWS FROM (
        json_to_recordset($10::json) AS (terminal text, seq bigint, subject bigint, day date, reason text, limits text),
        unnest($11::bytea[])
    ) AS r (terminal, seq, subject, day, reason, limits, seal)
    RETURNING 1
), person_move AS MATERIALIZED (
    SELECT * FROM json_to_recordset($12::json) AS m (
        owner bigint, window_start date, name text, within text, moved bigint, cap bigint, floor bigint, in_error bigint)
), persons AS (
    INSERT INTO ledger_accumulator AS a (subject, window_start, name, within, used, cap, in_error)
    SELECT m.owner, m.window_start, m.name, m.within, m.moved, m.cap, m.in_error
    FROM person_move AS m WHERE m.floor = 0 AND m.moved <= m.cap
    ON CONFLICT (subject, window_start, name, within) DO UPDATE
        SET used = a.used + excluded.used, cap = excluded.cap, in_error = a.in_error + excluded.in_error
        WHERE a.used + excluded.used <= excluded.cap
    RETURNING 1
), persons_back AS (
    UPDATE ledger_accumulator AS a
    SET used = a.used + m.moved, cap = coalesce(m.cap, a.cap), in_error = a.in_error + m.in_error
    FROM person_move AS m
    WHERE a.subject = ANY (ARRAY(SELECT owner FROM person_move WHERE floor > 0))
        AND a.window_start = ANY (ARRAY(SELECT window_start FROM person_move WHERE floor > 0))
        AND m.floor > 0 AND a.subject = m.owner AND a.window_start = m.window_start AND a.name = m.name AND a.within = m.within
        AND a.used >= m.floor AND a.used + m.moved <= coalesce(m.cap, a.cap)
    RETURNING 1
), place_move AS MATERIALIZED (
    SELECT * FROM json_to_recordset($13::json) AS m (
        owner text, window_start date, name text, within text, moved bigint, cap bigint, floor bigint, in_error bigint)
), places AS (
    INSERT INTO ledger_place AS a (site, window_start, name, within, used, cap, in_error)
    SELECT m.owner, m.window_start, m.name, m.within, m.moved, m.cap, m.in_error
    FROM place_move AS m WHERE m.floor = 0 AND m.moved <= m.cap
    ON CONFLICT (site, window_start, name, within) DO UPDATE
        SET used = a.used + excluded.used, cap = excluded.cap, in_error = a.in_error + excluded.in_error
        WHERE a.used + excluded.used <= excluded.cap
    RETURNING 1
), places_back AS (
    UPDATE ledger_place AS a
    SET used = a.used + m.moved, cap = coalesce(m.cap, a.cap), in_error = a.in_error + m.in_error
    FROM place_move AS m
    WHERE a.site = ANY (ARRAY(SELECT owner FROM place_move WHERE floor > 0))
        AND a.window_start = ANY (ARRAY(SELECT window_start FROM place_move WHERE floor > 0))
        AND m.floor > 0 AND a.site = m.owner AND a.window_start = m.window_start AND a.name = m.name AND a.within = m.within
        AND a.used >= m.floor AND a.used + m.moved <= coalesce(m.cap, a.cap)
    RETURNING 1
), postings AS (
    INSERT INTO ledger_posting (batch, day, account, operator, programme, amount_fen)
    SELECT $1::uuid, p.day, p.account, p.operator, p.programme, p.amount_fen
    FROM json_to_recordset($14::json) AS p (day date, account text, operator text, programme text, amount_fen bigint)
    RETURNING 1
), codes AS (
    INSERT INTO ledger_code (code_hash, terminal, seq, at)
    SELECT decode(c.code_hash, 'base64'), c.terminal, c.seq, c.at
    FROM json_to_recordset($15::json) AS c (code_hash text, terminal text, seq bigint, at timestamptz)
    RETURNING 1
), links AS (
    INSERT INTO ledger_link (terminal, seq, link, key_id, previous, digest, received_at, sealed)
    SELECT l.terminal, l.seq, decode(l.link, 'base64'), l.key_id, decode(l.previous, 'base64'), decode(l.digest, 'base64'),
        $4::timestamptz, decode(l.sealed, 'base64')
    FROM json_to_recordset($16::json) AS l (
        terminal text, seq bigint, link text, key_id text, previous text, digest text, sealed text)
    RETURNING 1
)
SELECT db_must(
    (SELECT count(*) FROM persons) + (SELECT count(*) FROM persons_back) + (SELECT count(*) FROM places)
        + (SELECT count(*) FROM places_back),
    json_array_length($12::json)::bigint + json_array_length($13::json)
) AS written
FROM durable;

--: keep_conflict(terminal text, seq bigint, digest bytea, received_at timestamptz, content text) -> terminal
-- Other content under a key that is taken is refused and kept as evidence, once.
INSERT INTO ledger_conflict (terminal, seq, digest, received_at, content)
VALUES ($1::text, $2::bigint, $3::bytea, $4::timestamptz, $5::text)
ON CONFLICT (terminal, seq, digest) DO NOTHING RETURNING terminal;

--: keep_offline_answers(terminals text[], seqs bigint[], received_at timestamptz, answers jsonb[]) -> terminal
-- What terminals had answered by themselves, kept beside uses that were on record already, once.
INSERT INTO ledger_offline_answer (terminal, seq, received_at, answer)
SELECT a.terminal, a.seq, $3::timestamptz, a.answer FROM unnest($1::text[], $2::bigint[], $4::jsonb[]) AS a (terminal, seq, answer)
ON CONFLICT (terminal, seq) DO NOTHING RETURNING terminal;

--: keep_links(received_at timestamptz, links json) -> terminal
-- Links of uses that were on record already, and of what was refused under their number, each once.
INSERT INTO ledger_link (terminal, seq, link, key_id, previous, digest, received_at, sealed)
SELECT l.terminal, l.seq, decode(l.link, 'base64'), l.key_id, decode(l.previous, 'base64'), decode(l.digest, 'base64'),
    $1::timestamptz, decode(l.sealed, 'base64')
FROM json_to_recordset($2::json) AS l (
    terminal text, seq bigint, link text, key_id text, previous text, digest text, sealed text)
ON CONFLICT (terminal, seq, link) DO NOTHING RETURNING terminal;

--: link_keys(terminal text, seq bigint) -> key_id
-- Under which device keys a number came.
SELECT DISTINCT key_id FROM ledger_link WHERE terminal = $1::text AND seq = $2::bigint ORDER BY key_id;

--: take_check(lock bigint) -> taken
-- Be the only one who looks at links, until the end of this transaction; false where somebody is looking already.
SELECT pg_try_advisory_xact_lock($1::bigint) AS taken;

--: unchecked_links(most bigint) -> terminal, seq, link, key_id, previous, sealed
-- Links whose signature nobody has looked at.
SELECT terminal, seq, link, key_id, previous, sealed
FROM ledger_link
WHERE good IS NULL
ORDER BY terminal, seq LIMIT $1::bigint;

--: mark_links(terminals text[], seqs bigint[], links bytea[], good boolean[]) -> terminal
-- Whether the device whose key it names signed a link.
UPDATE ledger_link AS l SET good = w.good
FROM unnest($1::text[], $2::bigint[], $3::bytea[], $4::boolean[]) AS w (terminal, seq, link, good)
WHERE l.terminal = w.terminal AND l.seq = w.seq AND l.link = w.link
RETURNING l.terminal;

--: page_links(terminal text, seq bigint, link bytea, most integer) -> terminal, seq, link, key_id, previous, digest, sealed, good, of_use, of_conflict
-- The next links after one, each with whether its content is that of the use under its number, or of what conflicts with it.
SELECT l.terminal, l.seq, l.link, l.key_id, l.previous, l.digest, l.sealed, l.good, u.digest IS NOT DISTINCT FROM l.digest AS of_use,
    EXISTS (SELECT FROM ledger_conflict AS c WHERE c.terminal = l.terminal AND c.seq = l.seq AND c.digest = l.digest) AS of_conflict
FROM ledger_link AS l LEFT JOIN ledger_use AS u USING (terminal, seq)
WHERE (l.terminal, l.seq, l.link) > ($1::text, $2::bigint, $3::bytea)
ORDER BY l.terminal, l.seq, l.link LIMIT $4::integer;

--: forked_terminals() -> terminal, key_id, seqs
-- Where a device key signed two links on one previous: every one there is, of each terminal the first.
SELECT DISTINCT ON (terminal) terminal, key_id, seqs
FROM (
    SELECT terminal, key_id, array_agg(DISTINCT seq ORDER BY seq) AS seqs
    FROM ledger_link WHERE good GROUP BY terminal, key_id, previous HAVING count(*) > 1
) AS f
ORDER BY terminal, seqs;

--: conflicting_terminals() -> terminal, seq
-- Terminals of which one number came with two contents, each with the first such number.
SELECT terminal, min(seq) AS seq FROM ledger_conflict GROUP BY terminal;

--: forget_verdicts(terminal text, key_id text) -> seq
-- Links of one key that were taken for bad are to be looked at again.
UPDATE ledger_link SET good = NULL WHERE terminal = $1::text AND key_id = $2::text AND NOT good RETURNING seq;

--: forks_of(terminals text[], previous bytea[]) -> terminal, key_id, seqs
-- Where one device key signed two links on one previous.
SELECT l.terminal, l.key_id, array_agg(DISTINCT l.seq ORDER BY l.seq) AS seqs
FROM ledger_link AS l
WHERE l.terminal = ANY ($1::text[]) AND l.previous = ANY ($2::bytea[]) AND l.good
GROUP BY l.terminal, l.key_id, l.previous HAVING count(*) > 1;

--: unbalanced_uses() -> terminal, seq
-- Uses whose money does not add up; the table's own constraints should have refused them.
SELECT terminal, seq FROM ledger_use
WHERE CASE outcome
    WHEN 'accepted' THEN list_price_fen <> paid_fen + (SELECT coalesce(sum(amount), 0) FROM unnest(amounts_fen) AS a (amount))
    ELSE paid_fen <> 0 OR cardinality(funds) <> 0 OR programme IS NOT NULL END
LIMIT 100;

--: record_counts() -> uses, reversals, leaves, accumulators, places, postings, codes
-- How much there is to examine.
SELECT (SELECT count(*) FROM ledger_use) AS uses, (SELECT count(*) FROM ledger_reversal) AS reversals,
    (SELECT count(*) FROM ledger_leaf) AS leaves, (SELECT count(*) FROM ledger_accumulator) AS accumulators,
    (SELECT count(*) FROM ledger_place) AS places, (SELECT count(*) FROM ledger_posting) AS postings,
    (SELECT count(*) FROM ledger_code) AS codes;

--: stray_codes() -> terminal, seq, spent
-- Codes that are spent by no accepted use, and accepted uses of an authentic code that spent none.
SELECT c.terminal, c.seq, true AS spent
FROM ledger_code AS c LEFT JOIN ledger_use AS u USING (terminal, seq)
WHERE u.outcome IS DISTINCT FROM 'accepted'
UNION ALL
SELECT u.terminal, u.seq, false
FROM ledger_use AS u LEFT JOIN ledger_code AS c USING (terminal, seq)
WHERE u.credential_kind = 'code' AND u.outcome = 'accepted' AND u.subject IS NOT NULL AND left(u.reason, 5) <> 'CODE_'
    AND c.code_hash IS NULL
LIMIT 100;

--: drifted_counters() -> owner, window_start, name, within, used, rebuilt, in_error, rebuilt_in_error, cap
-- Counters that differ from what uses and reversals add up to, or that stand above their cap.
WITH moved AS (
    SELECT CASE WHEN l.limit_row ->> 5 = '' THEN u.subject::text ELSE l.limit_row ->> 5 END AS owner, l.limit_row ->> 5 = '' AS personal,
        (l.limit_row ->> 3)::date AS window_start, l.limit_row ->> 1 AS name, l.limit_row ->> 4 AS within,
        (l.limit_row ->> 8)::bigint AS counted, (l.limit_row ->> 9)::bigint AS in_error
    FROM ledger_use AS u CROSS JOIN LATERAL jsonb_array_elements(u.limits) AS l (limit_row)
    WHERE u.limits <> '[]' AND ((l.limit_row ->> 8) <> '0' OR (l.limit_row ->> 9) <> '0')
    UNION ALL
    SELECT CASE WHEN l.limit_row ->> 5 = '' THEN r.subject::text ELSE l.limit_row ->> 5 END, l.limit_row ->> 5 = '',
        (l.limit_row ->> 3)::date, l.limit_row ->> 1, l.limit_row ->> 4, (l.limit_row ->> 8)::bigint, 0
    FROM ledger_reversal AS r CROSS JOIN LATERAL jsonb_array_elements(r.limits) AS l (limit_row)
), rebuilt AS (
    SELECT owner, personal, window_start, name, within, sum(counted)::bigint AS used, sum(in_error)::bigint AS in_error
    FROM moved GROUP BY owner, personal, window_start, name, within
), kept AS (
    SELECT subject::text AS owner, true AS personal, window_start, name, within, used, in_error, cap FROM ledger_accumulator
    UNION ALL
    SELECT site, false, window_start, name, within, used, in_error, cap FROM ledger_place
)
SELECT owner, window_start, name, within, k.used, r.used AS rebuilt, k.in_error, r.in_error AS rebuilt_in_error, k.cap
FROM kept AS k FULL JOIN rebuilt AS r USING (owner, personal, window_start, name, within)
WHERE coalesce(k.used, 0) <> coalesce(r.used, 0) OR coalesce(k.in_error, 0) <> coalesce(r.in_error, 0)
    OR coalesce(k.used, 0) NOT BETWEEN 0 AND coalesce(k.cap, 0)
LIMIT 100;

--: drifted_postings() -> batch, account, operator, programme, amount_fen, rebuilt_fen
-- Postings that differ from the records they derive from.
WITH taken AS (
    SELECT u.batch, u.book_day AS day, u.operator, coalesce(u.programme, '') AS programme, u.list_price_fen, u.paid_fen, u.funds,
        u.amounts_fen, 1 AS sign
    FROM ledger_use AS u WHERE u.outcome = 'accepted' AND u.list_price_fen > 0
    UNION ALL
    SELECT r.batch, r.book_day, u.operator, coalesce(u.programme, ''), u.list_price_fen, u.paid_fen, u.funds, u.amounts_fen, -1
    FROM ledger_reversal AS r JOIN ledger_use AS u USING (terminal, seq)
    WHERE u.outcome = 'accepted' AND u.list_price_fen > 0
), lines AS (
    SELECT batch, day, 'due-to-operator' AS account, operator, programme, -sign * list_price_fen AS fen FROM taken
    UNION ALL
    SELECT batch, day, 'holder', operator, programme, sign * paid_fen FROM taken
    UNION ALL
    SELECT t.batch, t.day, 'fund:' || p.fund, t.operator, t.programme, t.sign * p.fen
    FROM taken AS t CROSS JOIN LATERAL unnest(t.funds, t.amounts_fen) AS p (fund, fen)
), rebuilt AS (
    SELECT batch, day, account, operator, programme, sum(fen)::bigint AS fen FROM lines
    GROUP BY batch, day, account, operator, programme HAVING sum(fen) <> 0
)
SELECT batch, account, operator, programme, p.amount_fen, r.fen AS rebuilt_fen
FROM ledger_posting AS p FULL JOIN rebuilt AS r USING (batch, day, account, operator, programme)
WHERE p.amount_fen IS DISTINCT FROM r.fen
LIMIT 100;

--: unequal_days() -> day, total_fen
-- Days whose trial balance is not zero.
SELECT day, sum(amount_fen)::bigint AS total_fen FROM ledger_posting GROUP BY day HAVING sum(amount_fen) <> 0 ORDER BY day LIMIT 100;

--: leaf_heads() -> batch, made_at, records, root
-- Every leaf, to be held against its records.
SELECT batch, made_at, records, root FROM ledger_leaf ORDER BY batch;

--: sealed_uses(after uuid, until uuid) -> the columns of ledger_use and the person's salt
-- The uses of the batches after *after* up to *until*, in the order of their seals.
SELECT u.*, s.salt FROM ledger_use AS u LEFT JOIN people_subject_v1 AS s USING (subject)
WHERE u.batch > $1::uuid AND u.batch <= $2::uuid
ORDER BY u.batch, u.terminal COLLATE "C", u.seq;

--: sealed_reversals(after uuid, until uuid) -> the columns of ledger_reversal and the person's salt
-- The same for reversals.
SELECT r.*, s.salt FROM ledger_reversal AS r LEFT JOIN people_subject_v1 AS s USING (subject)
WHERE r.batch > $1::uuid AND r.batch <= $2::uuid
ORDER BY r.batch, r.terminal COLLATE "C", r.seq;
