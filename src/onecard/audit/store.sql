--: add_entry(entry uuid, at timestamptz, kind text, person text, account text, as_person text, roles text[], purpose text, act text, object text, region text, subject bigint, result text, content jsonb, salt bytea) -> kept
-- Somebody looked or changed: kept before he is shown anything. Nothing of the row comes back: who notes may not be one who reads.
WITH added AS (
    INSERT INTO audit_entry (
        entry, at, kind, person, account, as_person, roles, purpose, act, object, region, subject, result, content, salt)
    VALUES ($1::uuid, $2::timestamptz, $3::text, $4::text, $5::text, $6::text, $7::text[], $8::text, $9::text, $10::text, $11::text,
        $12::bigint, $13::text, $14::jsonb, $15::bytea)
)
SELECT true AS kept;

--: lock_person(key bigint) -> locked
-- Of two looks of one person at once the second counts the first.
SELECT pg_advisory_xact_lock($1::bigint) IS NULL AS locked;

--: acts_since(person text, act text, since timestamptz) -> acts
-- How often a person did something lately, and was let.
SELECT count(*) AS acts FROM audit_entry WHERE person = $1::text AND act = $2::text AND at > $3::timestamptz AND result = 'ok';

--: try_lock(key bigint) -> locked
-- One sequencer at a time, until its transaction is over. Plans are made for the instant asked about: for the last minutes, and
-- for all there is, they differ.
SELECT pg_try_advisory_xact_lock($1::bigint) AS locked WHERE set_config('plan_cache_mode', 'force_custom_plan', true) IS NOT NULL;

--: log_size() -> size
-- How many leaves the log has.
SELECT coalesce(max(position) + 1, 0) AS size FROM audit_log;

--: waiting_batches(since timestamptz, most integer) -> batch, lane, number, made_at, book_day, records, root
-- Batches made since an instant that are under no leaf yet, in the order in which they are taken.
SELECT b.batch, b.lane, b.number, b.made_at, b.book_day, b.records, b.root FROM ledger_leaf_v1 AS b
WHERE b.made_at >= $1::timestamptz AND NOT EXISTS (SELECT FROM audit_log AS l WHERE l.ref = b.batch)
ORDER BY b.made_at, b.batch LIMIT $2::integer;

--: waiting_people(since timestamptz, most integer) -> batch, made_at, told, root
-- The same of what was told about people.
SELECT b.batch, b.made_at, b.told, b.root FROM people_batch_v1 AS b
WHERE b.made_at >= $1::timestamptz AND NOT EXISTS (SELECT FROM audit_log AS l WHERE l.ref = b.batch)
ORDER BY b.made_at, b.batch LIMIT $2::integer;

--: waiting_entries(since timestamptz, most integer) -> the columns of audit_entry
-- The same of entries.
SELECT e.* FROM audit_entry AS e
WHERE e.at >= $1::timestamptz AND NOT EXISTS (SELECT FROM audit_log AS l WHERE l.ref = e.entry)
ORDER BY e.at, e.entry LIMIT $2::integer;

--: add_leaves(positions bigint[], kinds text[], refs uuid[], leaves bytea[], aboves bytea[]) -> position
-- Leaves at the end of the log, in one write.
INSERT INTO audit_log (position, kind, ref, leaf, above)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::uuid[], $4::bytea[], $5::bytea[]) RETURNING position;

--: log_rows(positions bigint[]) -> position, kind, ref, leaf, above
-- Leaves by their places.
SELECT position, kind, ref, leaf, above FROM audit_log WHERE position = ANY($1::bigint[]) ORDER BY position;

--: log_page(first bigint, most integer) -> position, kind, ref, leaf, above
-- A stretch of the log.
SELECT position, kind, ref, leaf, above FROM audit_log WHERE position >= $1::bigint ORDER BY position LIMIT $2::integer;

--: place_of(ref uuid) -> position
-- Where a batch or an entry stands in the log.
SELECT position FROM audit_log WHERE ref = $1::uuid;

--: batches(refs uuid[]) -> batch, lane, number, made_at, book_day, records, root
-- Batches by name.
SELECT batch, lane, number, made_at, book_day, records, root FROM ledger_leaf_v1 WHERE batch = ANY($1::uuid[]);

--: people_batches(refs uuid[]) -> batch, made_at, told, root
-- What was told about people, by name.
SELECT batch, made_at, told, root FROM people_batch_v1 WHERE batch = ANY($1::uuid[]);

--: entries(refs uuid[]) -> the columns of audit_entry
-- Entries by name.
SELECT * FROM audit_entry WHERE entry = ANY($1::uuid[]);

--: strays(before timestamptz) -> kind, ref, at
-- Batches, of uses and about people, and entries older than an instant that stand under no leaf.
SELECT 'batch' AS kind, b.batch AS ref, b.made_at AS at FROM ledger_leaf_v1 AS b
WHERE b.made_at < $1::timestamptz AND NOT EXISTS (SELECT FROM audit_log AS l WHERE l.ref = b.batch)
UNION ALL
SELECT 'people', p.batch, p.made_at FROM people_batch_v1 AS p
WHERE p.made_at < $1::timestamptz AND NOT EXISTS (SELECT FROM audit_log AS l WHERE l.ref = p.batch)
UNION ALL
SELECT e.kind, e.entry, e.at FROM audit_entry AS e
WHERE e.at < $1::timestamptz AND NOT EXISTS (SELECT FROM audit_log AS l WHERE l.ref = e.entry)
ORDER BY at, ref LIMIT 100;

--: add_head(size bigint, at timestamptz, root bytea, note text) -> size
-- A signed head; of one size the first is kept.
INSERT INTO audit_head (size, at, root, note) VALUES ($1::bigint, $2::timestamptz, $3::bytea, $4::text)
ON CONFLICT (size) DO NOTHING RETURNING size;

--: newest_head() -> size, at, root, note, witnessed_at
-- The head of the largest tree.
SELECT size, at, root, note, witnessed_at FROM audit_head ORDER BY size DESC LIMIT 1;

--: heads(newest bigint, one_in bigint) -> size, at, root, note
-- The newest heads, and one in so many of the older ones, smallest tree first.
SELECT size, at, root, note FROM (
    SELECT size, at, root, note, row_number() OVER (ORDER BY size DESC) AS back FROM audit_head
) AS h WHERE back <= $1::bigint OR back % $2::bigint = 0 ORDER BY size;

--: waiting_heads(most integer) -> size, note
-- Heads that the witness has not had, newest first: the newest says most.
SELECT size, note FROM audit_head WHERE witnessed_at IS NULL ORDER BY size DESC LIMIT $1::integer;

--: witnessed(sizes bigint[], at timestamptz) -> size
-- The witness has them.
UPDATE audit_head SET witnessed_at = $2::timestamptz WHERE size = ANY($1::bigint[]) AND witnessed_at IS NULL RETURNING size;

--: log_figures() -> size, head_size, head_at, witnessed_size, witnessed_at, waiting
-- How far the log, its heads and the witness are; of heads that wait, at most 100,000 are counted (ten weeks without a witness).
SELECT (SELECT coalesce(max(position) + 1, 0) FROM audit_log) AS size, h.size AS head_size, h.at AS head_at,
    w.size AS witnessed_size, w.at AS witnessed_at, (SELECT count(*) FROM (SELECT FROM audit_head WHERE witnessed_at IS NULL LIMIT 100000) AS u) AS waiting
FROM (SELECT 1) AS one
LEFT JOIN LATERAL (SELECT size, at FROM audit_head ORDER BY size DESC LIMIT 1) AS h ON true
LEFT JOIN LATERAL (SELECT size, at FROM audit_head WHERE witnessed_at IS NOT NULL ORDER BY size DESC LIMIT 1) AS w ON true;

--: add_alarms(refs uuid[], kinds text[], at timestamptz, persons text[], details text[], regions text[]) -> ref
-- Alarms, each once.
INSERT INTO audit_alarm (ref, kind, at, person, detail, region)
SELECT a.ref, a.kind, $3::timestamptz, a.person, a.detail, a.region
FROM unnest($1::uuid[], $2::text[], $4::text[], $5::text[], $6::text[]) AS a (ref, kind, person, detail, region)
ON CONFLICT (ref, kind) DO NOTHING RETURNING ref;

--: alarms(prefixes text[], unplaced boolean, most integer) -> ref, kind, at, person, detail
-- The newest alarms of some regions, perhaps of none too.
SELECT ref, kind, at, person, detail FROM audit_alarm_v1
WHERE region ^@ ANY ($1::text[]) OR (region = '' AND $2::boolean) ORDER BY at DESC, ref LIMIT $3::integer;

--: add_canaries(marks bytea[], since timestamptz) -> mark
-- Residents to be watched, by keyed hash.
INSERT INTO audit_canary (mark, since) SELECT m, $2::timestamptz FROM unnest($1::bytea[]) AS c (m)
ON CONFLICT (mark) DO NOTHING RETURNING mark;

--: canaries(marks bytea[]) -> mark
-- Which of these are watched.
SELECT mark FROM audit_canary WHERE mark = ANY($1::bytea[]);

--: erased() -> subject, at, content
-- Who was erased, and what was kept of him.
SELECT subject, at, content FROM audit_entry WHERE kind = 'erasure' AND subject IS NOT NULL ORDER BY at;

--: cut_off(subject bigint) -> done
-- Nothing leads to a person any more.
SELECT audit_cut_off($1::bigint) IS NULL AS done;

--: erase(subject bigint) -> done
-- A person goes.
SELECT audit_erase($1::bigint) IS NULL AS done;

--: uses_of(subject bigint) -> the columns of ledger_use
-- All uses of one person, by key.
SELECT * FROM ledger_use_v1 WHERE subject = $1::bigint ORDER BY terminal COLLATE "C", seq;

--: reversals_of(subject bigint) -> the columns of ledger_reversal
-- All his uses that were taken back.
SELECT * FROM ledger_reversal_v1 WHERE subject = $1::bigint ORDER BY terminal COLLATE "C", seq;

--: changes_page(after uuid, most integer) -> entry, subject, content
-- Changes that say which rows they wrote, by name.
SELECT entry, subject, content FROM audit_entry
WHERE kind = 'change' AND entry > $1::uuid AND content ? 'rows' ORDER BY entry LIMIT $2::integer;

--: use_to_prove(terminal text, seq bigint) -> the columns of ledger_use and the person's salt
-- One use, with what its seal was salted by.
SELECT u.*, s.salt FROM ledger_use_v1 AS u LEFT JOIN people_subject_v1 AS s USING (subject)
WHERE u.terminal = $1::text AND u.seq = $2::bigint;

--: seals_of(batch uuid) -> terminal, seq, seal
-- The seals under a batch's root, in their order: uses by key, then reversals by key.
SELECT terminal, seq, seal FROM (
    SELECT 1 AS part, terminal, seq, seal FROM ledger_use_v1 WHERE batch = $1::uuid
    UNION ALL
    SELECT 2, terminal, seq, seal FROM ledger_reversal_v1 WHERE batch = $1::uuid
) AS s ORDER BY part, terminal COLLATE "C", seq;

--: entries_by_time(prefixes text[], unplaced boolean, since timestamptz, before timestamptz, before_entry uuid, acts text[], results text[], most integer) -> the columns of audit_entry but the salt
-- Entries of some regions, perhaps of none too, newest first, from before a place in that order; acts and results: [] for all.
SELECT entry, at, kind, person, account, as_person, roles, purpose, act, object, region, subject, result, content FROM audit_entry_v1
WHERE at >= $3::timestamptz AND (at, entry) < ($4::timestamptz, $5::uuid)
    AND (region ^@ ANY ($1::text[]) OR (region = '' AND $2::boolean))
    AND (cardinality($6::text[]) = 0 OR act = ANY ($6::text[])) AND (cardinality($7::text[]) = 0 OR result = ANY ($7::text[]))
ORDER BY at DESC, entry DESC LIMIT $8::integer;

--: entries_by_person(person text, prefixes text[], unplaced boolean, since timestamptz, before timestamptz, before_entry uuid, acts text[], results text[], most integer) -> the columns of audit_entry but the salt
-- The same of what one person did.
SELECT entry, at, kind, person, account, as_person, roles, purpose, act, object, region, subject, result, content FROM audit_entry_v1
WHERE person = $1::text AND at >= $4::timestamptz AND (at, entry) < ($5::timestamptz, $6::uuid)
    AND (region ^@ ANY ($2::text[]) OR (region = '' AND $3::boolean))
    AND (cardinality($7::text[]) = 0 OR act = ANY ($7::text[])) AND (cardinality($8::text[]) = 0 OR result = ANY ($8::text[]))
ORDER BY at DESC, entry DESC LIMIT $9::integer;

--: entries_about(subject bigint, prefixes text[], unplaced boolean, since timestamptz, before timestamptz, before_entry uuid, acts text[], results text[], most integer) -> the columns of audit_entry but the salt
-- The same of what was done about one person: who saw him.
SELECT entry, at, kind, person, account, as_person, roles, purpose, act, object, region, subject, result, content FROM audit_entry_v1
WHERE subject = $1::bigint AND at >= $4::timestamptz AND (at, entry) < ($5::timestamptz, $6::uuid)
    AND (region ^@ ANY ($2::text[]) OR (region = '' AND $3::boolean))
    AND (cardinality($7::text[]) = 0 OR act = ANY ($7::text[])) AND (cardinality($8::text[]) = 0 OR result = ANY ($8::text[]))
ORDER BY at DESC, entry DESC LIMIT $9::integer;

--: leaves_of(refs uuid[]) -> position, kind, ref, leaf, above
-- Where entries stand in the log, and what was kept of them there.
SELECT position, kind, ref, leaf, above FROM audit_log WHERE ref = ANY($1::uuid[]);
