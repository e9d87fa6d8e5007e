--: lock_cycle(key bigint) -> locked
-- Of two who plan one cycle at once the second waits for the first, and finds its list.
SELECT pg_advisory_xact_lock($1::bigint) IS NULL AS locked;

--: make_room(size text) -> size
-- Until the transaction ends, lines are sorted in so much memory, and on disk beyond it.
SELECT set_config('work_mem', $1::text, true) AS size;

--: open_cycle(cycle text) -> opened
-- A place for the lines of a cycle, unless there is one; in a transaction of its own, for others' reads wait for it.
SELECT payouts_open_cycle($1::text) AS opened;

--: key_cycle(cycle text) -> keyed
-- After its first lines a cycle gets its keys; later lists are written under them.
SELECT payouts_key_cycle($1::text) AS keyed;

--: rosters_of(cycle text) -> roster, programme, period, region, supplement, supplements, version, planned_at, planned_by, lines, amount_fen, digest, state
-- The lists of a cycle.
SELECT roster, programme, period, region, supplement, supplements, version, planned_at, planned_by, lines, amount_fen, digest, state
FROM payouts_roster WHERE cycle = $1::text ORDER BY region, supplement;

--: find_roster(roster text, prefixes text[]) -> roster, programme, period, region, supplement, supplements, version, planned_at, planned_by, lines, amount_fen, digest, state
-- One list, if its region begins with one of *prefixes*.
SELECT roster, programme, period, region, supplement, supplements, version, planned_at, planned_by, lines, amount_fen, digest, state
FROM payouts_roster WHERE roster = $1::text AND region ^@ ANY ($2::text[]);

--: list_rosters(prefixes text[], programme text, period text, state text, after text, most bigint) -> roster, programme, period, region, supplement, supplements, version, planned_at, planned_by, lines, amount_fen, digest, state
-- Lists inside *prefixes* by name, after one; '' asks for all programmes, periods or states.
SELECT roster, programme, period, region, supplement, supplements, version, planned_at, planned_by, lines, amount_fen, digest, state
FROM payouts_roster
WHERE region ^@ ANY ($1::text[]) AND ($2::text = '' OR programme = $2::text) AND ($3::text = '' OR period = $3::text)
    AND ($4::text = '' OR state = $4::text) AND roster > $5::text
ORDER BY roster LIMIT $6::bigint;

--: add_roster(roster text, cycle text, programme text, period text, region text, supplement integer, supplements text, version integer, last_day date, planned_at timestamptz, planned_by text, lines integer, amount_fen bigint, digest bytea) -> roster
-- A list with what its lines come to, in the transaction that wrote them.
INSERT INTO payouts_roster (roster, cycle, programme, period, region, supplement, supplements, version, last_day, planned_at, planned_by, lines,
    amount_fen, digest)
VALUES ($1::text, $2::text, $3::text, $4::text, $5::text, $6::integer, $7::text, $8::integer, $9::date, $10::timestamptz, $11::text,
    $12::integer, $13::bigint, $14::bytea)
RETURNING roster;

--: add_lines(cycle text, roster text, programme text, at timestamptz, left_out bigint[], rest text) -> no row of its own
-- The lines of a list in the order of region, village and subject. `planned` stands for the rule's own query. Who has a line of this
-- cycle already gets none; who has no account waits. *rest* is '' where everybody is new.
WITH planned (subject, region, day, fen, facts, funds, shares) AS (
    SELECT 0::bigint, ''::text, DATE '2000-01-01', 0::bigint, '{}'::jsonb, '{}'::text[], '{}'::bigint[] WHERE false
)
INSERT INTO payouts_line (cycle, roster, seq, subject, operator, region, village, day, amount_fen, reason, facts, funds, shares_fen,
    account_kind, bank, account_since, account_key, state)
SELECT $1::text, $2::text, row_number() OVER (ORDER BY p.region, e.village, p.subject), p.subject, '', p.region, COALESCE(e.village, ''),
    p.day, p.fen, 'OK', p.facts, p.funds, p.shares, COALESCE(a.kind, ''), COALESCE(a.bank, ''), a.since, a.account_key,
    CASE WHEN a.kind IS NULL THEN 'held' ELSE 'pending' END
FROM planned AS p
LEFT JOIN payouts_evidence AS e ON e.roster = $2::text AND e.subject = p.subject
LEFT JOIN LATERAL (
    SELECT o.kind, o.bank, o.since, o.account_key FROM payouts_account AS o
    WHERE o.subject = p.subject AND o.programme = $3::text AND o.since <= $4::timestamptz ORDER BY o.since DESC LIMIT 1
) AS a ON true
WHERE p.subject <> ALL ($5::bigint[]) AND ($6::text = '' OR NOT EXISTS (
    SELECT FROM payouts_line AS l
    WHERE l.cycle = $1::text AND l.subject = p.subject AND l.operator = '' AND l.state NOT IN ('excluded', 'waived')));

--: add_refused(cycle text, roster text, day date, first_seq integer) -> no row of its own
-- Who stands in a roster file and is paid nothing, with the reason: `refused` stands for the rule's own query. They follow the others.
WITH refused (subject, reason) AS (
    SELECT 0::bigint, ''::text WHERE false
)
INSERT INTO payouts_line (cycle, roster, seq, subject, operator, region, village, day, amount_fen, reason, facts, funds, shares_fen,
    account_kind, bank, account_since, account_key, state)
SELECT $1::text, $2::text, $4::integer + row_number() OVER (ORDER BY e.row), e.subject, '', s.home_region, e.village, $3::date, 0, r.reason,
    e.facts, '{}', '{}', '', '', NULL, NULL, 'excluded'
FROM refused AS r JOIN payouts_evidence AS e ON e.roster = $2::text AND e.subject = r.subject
JOIN people_subject_v1 AS s ON s.subject = r.subject
WHERE NOT EXISTS (SELECT FROM payouts_line AS l WHERE l.cycle = $1::text AND l.roster = $2::text AND l.subject = r.subject);

--: summed(cycle text, roster text) -> lines, amount_fen, digest
-- What the lines of a list come to, and their digest: SHA-256 over those of 4,096 lines' own digests each (docs/reference/rosters.md).
WITH line AS (
    SELECT l.seq, l.amount_fen, sha256(record_send(ROW(l.seq, l.subject, l.operator, l.region, l.village, l.day, l.amount_fen, l.reason,
        l.facts, l.funds, l.shares_fen, l.account_kind, l.bank, l.account_key))) AS digest
    FROM payouts_line AS l WHERE l.cycle = $1::text AND l.roster = $2::text
), part AS (
    SELECT (seq - 1) / 4096 AS part, count(*) AS lines, sum(amount_fen) AS amount_fen, sha256(string_agg(digest, '' ORDER BY seq)) AS digest
    FROM line GROUP BY 1
)
SELECT COALESCE(sum(lines), 0)::integer AS lines, COALESCE(sum(amount_fen), 0)::bigint AS amount_fen,
    sha256(COALESCE(string_agg(digest, '' ORDER BY part), '')) AS digest
FROM part;

--: states(cycles text[], rosters text[]) -> roster, state, account_kind, lines, amount_fen
-- The lines of some lists by where they stand and how they are paid.
SELECT roster, state, account_kind, count(*)::integer AS lines, sum(amount_fen)::bigint AS amount_fen FROM payouts_line
WHERE cycle = ANY ($1::text[]) AND roster = ANY ($2::text[]) GROUP BY roster, state, account_kind;

--: lines_of(cycle text, roster text, after integer, most bigint) -> roster, seq, subject, operator, region, village, day, amount_fen, reason, facts, funds, shares_fen, account_kind, bank, account_since, account_key, state
-- Lines of a list by number, after one.
SELECT roster, seq, subject, operator, region, village, day, amount_fen, reason, facts, funds, shares_fen, account_kind, bank, account_since,
    account_key, state
FROM payouts_line WHERE cycle = $1::text AND roster = $2::text AND seq > $3::integer ORDER BY seq LIMIT $4::bigint;

--: events_of(cycle text, roster text, seq integer, subject bigint) -> step, at, state, amount_fen, code, bank_batch, reason
-- What happened to a line, oldest first.
SELECT step, at, state, amount_fen, code, bank_batch, reason FROM payouts_event
WHERE cycle = $1::text AND roster = $2::text AND seq = $3::integer AND subject = $4::bigint ORDER BY step;

--: frozen_cycles(cycles text[]) -> cycle, frozen
-- Which cycles have lists, and whether one of them was published: then it wins over a later one.
SELECT cycle, bool_or(state NOT IN ('draft', 'submitted', 'township_ok')) AS frozen FROM payouts_roster
WHERE cycle = ANY ($1::text[]) GROUP BY cycle;

--: stale_accounts(programme text, at timestamptz) -> subject, bank, number_key, since, key_id, sealed, now_key
-- Whose card under a programme is no longer the one on whose account he is registered: the newest account of a card counts.
SELECT a.subject, a.bank, a.number_key, a.since, a.key_id, a.sealed, n.number_key AS now_key
FROM (
    SELECT DISTINCT ON (o.subject) o.subject, o.kind, o.bank, o.number_key, o.since, o.key_id, o.sealed FROM payouts_account AS o
    WHERE o.programme = $1::text AND o.since <= $2::timestamptz ORDER BY o.subject, o.since DESC
) AS a JOIN LATERAL (
    SELECT c.number_key, c.since FROM cards_account_v1 AS c WHERE c.subject = a.subject AND c.since <= $2::timestamptz
    ORDER BY c.since DESC LIMIT 1
) AS n ON n.number_key <> a.number_key AND n.since > a.since
WHERE a.kind = 'card';

--: named(hashes bytea[], prefixes text[]) -> number_hash, subject
-- Whom the person numbers of a file mean, as far as their home region begins with one of *prefixes*.
WITH n AS MATERIALIZED (
    SELECT number_hash, subject FROM people_number_v1 WHERE number_hash = ANY ($1::bytea[])
)
SELECT n.number_hash, n.subject FROM n JOIN people_subject_v1 AS s USING (subject) WHERE s.home_region ^@ ANY ($2::text[]);

--: account_at(subject bigint, programme text, since timestamptz) -> key_id, sealed
-- One registered account, sealed.
SELECT key_id, sealed FROM payouts_account WHERE subject = $1::bigint AND programme = $2::text AND since = $3::timestamptz;

--: accounts_of_lines(cycle text, roster text, programme text, after integer, until integer) -> seq, subject, bank, since, key_id, sealed
-- The sealed accounts of some lines, by number: for a bank's file.
SELECT l.seq, l.subject, l.bank, a.since, a.key_id, a.sealed
FROM payouts_line AS l JOIN payouts_account AS a ON a.subject = l.subject AND a.programme = $3::text AND a.since = l.account_since
WHERE l.cycle = $1::text AND l.roster = $2::text AND l.seq > $4::integer AND l.seq <= $5::integer ORDER BY l.seq;

--: count_accounts() -> key_id, rows
-- How many pay accounts each key has sealed.
SELECT key_id, count(*) AS rows FROM payouts_account GROUP BY key_id;

--: page_accounts(subject bigint, programme text, since timestamptz, but text[], rows integer) -> subject, programme, since, key_id, sealed
-- The next sealed pay accounts after one, but those that some keys sealed.
SELECT subject, programme, since, key_id, sealed FROM payouts_account
WHERE (subject, programme, since) > ($1::bigint, $2::text, $3::timestamptz) AND key_id <> ALL ($4::text[])
ORDER BY subject, programme, since LIMIT $5::integer;

--: reseal_account(subject bigint, programme text, since timestamptz, sealed bytea, new_key_id text, new_sealed bytea) -> subject
-- The same account under another key, unless it was changed meanwhile.
UPDATE payouts_account SET key_id = $5::text, sealed = $6::bytea
WHERE subject = $1::bigint AND programme = $2::text AND since = $3::timestamptz AND sealed = $4::bytea RETURNING subject;
