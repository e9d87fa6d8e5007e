--: all_documents() -> programme, version, kind, digest, file, source, rules
-- Every released version of every document, oldest first.
SELECT programme, version, kind, digest, file, source, rules FROM releases_document ORDER BY programme, version;

--: add_document(programme text, version integer, kind text, from_day date, until_day date, rules bigint, digest text, file text, source text, released_at timestamptz) -> programme
-- Release one version. The same version or the same content again fails the whole.
INSERT INTO releases_document (programme, version, kind, from_day, until_day, rules, digest, file, source, released_at)
VALUES ($1::text, $2::integer, $3::text, $4::date, $5::date, $6::bigint, $7::text, $8::text, $9::text, $10::timestamptz)
RETURNING programme;

--: add_release(programme text, version integer, approval uuid, reason text, simulation text, figures jsonb, prepared_by text, prepared_as text, approved_by text, approved_as text, approved_reason text) -> programme
-- Who brought a version into force, and why; once.
INSERT INTO releases_release (programme, version, approval, reason, simulation, figures, prepared_by, prepared_as, approved_by, approved_as,
    approved_reason)
VALUES ($1::text, $2::integer, $3::uuid, $4::text, $5::text, $6::jsonb, $7::text, $8::text, $9::text, $10::text, $11::text)
RETURNING programme;

--: versions_of(programme text) -> programme, version, kind, from_day, until_day, digest, file, released_at, approval, reason, simulation, figures, prepared_by, prepared_as, approved_by, approved_as, approved_reason
-- Every version of a programme ('': of all), with how it came about.
SELECT d.programme, d.version, d.kind, d.from_day, d.until_day, d.digest, d.file, d.released_at, r.approval, r.reason, r.simulation,
    r.figures, r.prepared_by, r.prepared_as, r.approved_by, r.approved_as, r.approved_reason
FROM releases_document AS d LEFT JOIN releases_release AS r USING (programme, version)
WHERE $1::text = '' OR d.programme = $1::text
ORDER BY d.programme, d.version;

--: source_of(programme text, version integer) -> source
-- The document of one version.
SELECT source FROM releases_document WHERE programme = $1::text AND version = $2::integer;

--: add_job(programme text, version integer, rules bigint, from_day date, last_day date, released_at timestamptz) -> programme
-- Records since *from_day* shall be decided again under the rule book's state *rules*.
INSERT INTO releases_job (programme, version, rules, from_day, last_day, released_at)
VALUES ($1::text, $2::integer, $3::bigint, $4::date, $5::date, $6::timestamptz)
RETURNING programme;

--: next_job() -> programme, version
-- The oldest release whose records are not all decided again.
SELECT programme, version FROM releases_job WHERE done_at IS NULL ORDER BY rules LIMIT 1;

--: take_job(programme text, version integer) -> programme, version, rules, from_day, last_day, released_at, after_at, after_terminal, after_seq, examined, unknown, missing, done_at
-- How far it is, locked until the page is written; no row where somebody else is at it, or has ended it.
SELECT programme, version, rules, from_day, last_day, released_at, after_at, after_terminal, after_seq, examined, unknown, missing, done_at
FROM releases_job WHERE programme = $1::text AND version = $2::integer AND done_at IS NULL FOR UPDATE SKIP LOCKED;

--: jobs_of(programme text) -> programme, version, rules, from_day, last_day, released_at, after_at, after_terminal, after_seq, examined, unknown, missing, done_at
-- How far the records have come for versions that reach back.
SELECT programme, version, rules, from_day, last_day, released_at, after_at, after_terminal, after_seq, examined, unknown, missing, done_at
FROM releases_job WHERE $1::text = '' OR programme = $1::text ORDER BY programme, version;

--: move_job(programme text, version integer, after_at timestamptz, after_terminal text, after_seq bigint, examined bigint, unknown bigint, missing text[]) -> examined
-- One page further.
UPDATE releases_job SET after_at = $3::timestamptz, after_terminal = $4::text, after_seq = $5::bigint, examined = examined + $6::bigint,
    unknown = unknown + $7::bigint, missing = $8::text[]
WHERE programme = $1::text AND version = $2::integer RETURNING examined;

--: end_job(programme text, version integer, done_at timestamptz) -> programme
-- Every record was looked at.
UPDATE releases_job SET done_at = $3::timestamptz WHERE programme = $1::text AND version = $2::integer RETURNING programme;

--: carried(programme text, version integer, subjects bigint[], windows text[]) -> subject, name, window_start, within, more
-- What earlier proposals count more, or less, of people's limits in these windows.
SELECT p.subject, m ->> 0 AS name, m ->> 1 AS window_start, m ->> 2 AS within, sum((m ->> 3)::bigint)::bigint AS more
FROM releases_proposal AS p CROSS JOIN LATERAL jsonb_array_elements(p.moved) AS m
WHERE p.subject = ANY ($3::bigint[]) AND p.programme = $1::text AND p.version = $2::integer AND m ->> 1 = ANY ($4::text[])
GROUP BY p.subject, m ->> 0, m ->> 1, m ->> 2;

--: add_proposals(programme text, version integer, proposed_at timestamptz, terminals text[], seqs bigint[], subjects bigint[], days date[], occurred timestamptz[], regions text[], old_paid_fen bigint[], new_paid_fen bigint[], old text[], new text[], moved text[]) -> seq
-- What would have come out otherwise; each once, however often its page is decided.
INSERT INTO releases_proposal (terminal, seq, programme, version, subject, day, occurred_at, region, old_paid_fen, new_paid_fen, old, new,
    moved, proposed_at)
SELECT p.terminal, p.seq, $1::text, $2::integer, p.subject, p.day, p.occurred_at, p.region, p.old_paid_fen, p.new_paid_fen, p.old::jsonb,
    p.new::jsonb, p.moved::jsonb, $3::timestamptz
FROM unnest($4::text[], $5::bigint[], $6::bigint[], $7::date[], $8::timestamptz[], $9::text[], $10::bigint[], $11::bigint[], $12::text[],
    $13::text[], $14::text[]) AS p (terminal, seq, subject, day, occurred_at, region, old_paid_fen, new_paid_fen, old, new, moved)
ON CONFLICT DO NOTHING RETURNING seq;

--: list_proposals(programme text, version integer, prefixes text[], after_at timestamptz, after_terminal text, after_seq bigint, most bigint) -> terminal, seq, subject, day, occurred_at, region, old, new, moved, superseded
-- Proposals of one version inside *prefixes*, oldest use first; superseded where a later release reached back over the same day.
SELECT p.terminal, p.seq, p.subject, p.day, p.occurred_at, p.region, p.old, p.new, p.moved, EXISTS (
        SELECT FROM releases_job AS j, releases_job AS mine
        WHERE mine.programme = p.programme AND mine.version = p.version AND j.rules > mine.rules AND p.day BETWEEN j.from_day AND j.last_day
    ) AS superseded
FROM releases_proposal AS p
WHERE p.programme = $1::text AND p.version = $2::integer AND p.region ^@ ANY ($3::text[])
    AND (p.occurred_at, p.terminal, p.seq) > ($4::timestamptz, $5::text, $6::bigint)
ORDER BY p.occurred_at, p.terminal, p.seq
LIMIT $7::bigint;

--: total_proposals(programme text, version integer, prefixes text[]) -> proposals, old_paid_fen, new_paid_fen
-- What all proposals of one version inside *prefixes* add up to for holders.
SELECT count(*) AS proposals, coalesce(sum(old_paid_fen), 0)::bigint AS old_paid_fen, coalesce(sum(new_paid_fen), 0)::bigint AS new_paid_fen
FROM releases_proposal WHERE programme = $1::text AND version = $2::integer AND region ^@ ANY ($3::text[]);

--: funds_of_proposals(programme text, version integer, prefixes text[]) -> fund, old_fen, new_fen
-- The same for each fund.
SELECT f.fund, sum(f.old_fen)::bigint AS old_fen, sum(f.new_fen)::bigint AS new_fen
FROM releases_proposal AS p CROSS JOIN LATERAL (
    SELECT e ->> 0 AS fund, (e ->> 1)::bigint AS old_fen, 0::bigint AS new_fen FROM jsonb_array_elements(p.old -> 'payers') AS e
    UNION ALL
    SELECT e ->> 0, 0, (e ->> 1)::bigint FROM jsonb_array_elements(p.new -> 'payers') AS e
) AS f
WHERE p.programme = $1::text AND p.version = $2::integer AND p.region ^@ ANY ($3::text[])
GROUP BY f.fund ORDER BY f.fund;

--: places_of_uses(since timestamptz, until timestamptz) -> service, site, site_kind, operator, region, uses
-- Where and for what known persons showed a card in a time, and how often.
SELECT service, site, site_kind, operator, region, count(*) AS uses FROM ledger_use_v1
WHERE occurred_at >= $1::timestamptz AND occurred_at < $2::timestamptz AND subject IS NOT NULL
GROUP BY service, site, site_kind, operator, region ORDER BY service, site, site_kind, operator, region;

--: uses_to_decide(since timestamptz, until timestamptz, services text[], sites text[], site_kinds text[], operators text[], regions text[], barring text[], by_person boolean) -> place, subject, day, occurred_at, list_price_fen, facts, rules, offline, slot
-- Uses of a time at some places, person by person or all in order of time, by which both rules decide: not those taken back, nor whom a card barred.
SELECT p.place, u.subject, u.day, u.occurred_at, u.list_price_fen, u.facts, u.rules, u.offline,
    CASE WHEN u.site_kind = 'canteen' THEN u.service
         ELSE coalesce((SELECT split_part(l ->> 4, '@', 1) FROM jsonb_array_elements(u.limits) AS l WHERE l ->> 2 = 'slot' LIMIT 1), '')
    END AS slot
FROM ledger_use_v1 AS u
JOIN unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) WITH ORDINALITY
    AS p (service, site, site_kind, operator, region, place) USING (service, site, site_kind, operator, region)
WHERE u.occurred_at >= $1::timestamptz AND u.occurred_at < $2::timestamptz AND u.subject IS NOT NULL AND u.reason <> ALL ($8::text[])
    AND NOT EXISTS (SELECT FROM ledger_reversal_v1 AS v WHERE v.terminal = u.terminal AND v.seq = u.seq)
ORDER BY CASE WHEN $9::boolean THEN u.subject END, u.occurred_at, u.terminal, u.seq;

--: people_of_uses(subjects bigint[]) -> subject, born, home_region
-- What cards prove of people.
SELECT subject, born, home_region FROM people_subject_v1 WHERE subject = ANY ($1::bigint[]);

--: facts_of_uses(subjects bigint[], facts text[]) -> subject, fact, since, value
-- Every dated fact of some names about people.
SELECT subject, fact, since, value FROM people_fact_v1 WHERE subject = ANY ($1::bigint[]) AND fact = ANY ($2::text[]);

--: counted_before(since timestamptz, first_day date, names text[], windows date[], subjects bigint[]) -> subject, site, window_start, name, within, used
-- Where people's limits stood when a time began, as their records counted: of windows that were open then.
SELECT u.subject, '' AS site, (l ->> 3)::date AS window_start, l ->> 1 AS name, l ->> 4 AS within, sum((l ->> 8)::bigint)::bigint AS used
FROM ledger_use_v1 AS u CROSS JOIN LATERAL jsonb_array_elements(u.limits) AS l
WHERE u.subject = ANY ($5::bigint[]) AND u.day >= $2::date AND u.occurred_at < $1::timestamptz
    AND l ->> 5 = '' AND l ->> 1 = ANY ($3::text[]) AND (l ->> 3)::date = ANY ($4::date[])
    AND NOT EXISTS (SELECT FROM ledger_reversal_v1 AS v WHERE v.terminal = u.terminal AND v.seq = u.seq)
GROUP BY u.subject, l ->> 3, l ->> 1, l ->> 4;

--: counted_together_before(since timestamptz, first_day date, names text[], windows date[]) -> site, window_start, name, within, used
-- The same for limits of all persons together.
SELECT l ->> 5 AS site, (l ->> 3)::date AS window_start, l ->> 1 AS name, l ->> 4 AS within, sum((l ->> 8)::bigint)::bigint AS used
FROM ledger_use_v1 AS u CROSS JOIN LATERAL jsonb_array_elements(u.limits) AS l
WHERE u.day >= $2::date AND u.occurred_at < $1::timestamptz
    AND l ->> 5 <> '' AND l ->> 1 = ANY ($3::text[]) AND (l ->> 3)::date = ANY ($4::date[])
    AND NOT EXISTS (SELECT FROM ledger_reversal_v1 AS v WHERE v.terminal = u.terminal AND v.seq = u.seq)
GROUP BY l ->> 5, l ->> 3, l ->> 1, l ->> 4;

--: count_people() -> people
-- How many people there are.
SELECT count(*) AS people FROM people_subject_v1;
