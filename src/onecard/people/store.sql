--: add_facts(subjects bigint[], facts text[], since date[], texts text[], batch uuid) -> subject
-- Facts are added, never changed: one of the same day and name that is there already comes back as no row.
INSERT INTO people_fact (subject, fact, since, value, batch)
SELECT f.subject, f.fact, f.since, f.value, $5::uuid
FROM unnest($1::bigint[], $2::text[], $3::date[], $4::text[]) AS f (subject, fact, since, value)
ON CONFLICT DO NOTHING
RETURNING subject;

--: find_number(number_hash bytea) -> subject
-- Whose number this is.
SELECT subject FROM people_number WHERE number_hash = $1::bytea;

--: find_subject(subject bigint) -> born, home_region
-- What a subject's card proves.
SELECT born, home_region FROM people_subject WHERE subject = $1::bigint;

--: facts_of(subject bigint) -> fact, since, value
-- Everything ever told about a person, oldest first.
SELECT fact, since, value FROM people_fact WHERE subject = $1::bigint ORDER BY fact, since;

--: find_identity(subject bigint) -> key_id, sealed
-- Who a subject is, sealed. Visitors have none.
SELECT key_id, sealed FROM people_identity WHERE subject = $1::bigint;

--: anyone() -> anyone
-- Whether a single person is registered.
SELECT EXISTS (SELECT FROM people_subject) AS anyone;

--: identities_of(subjects bigint[]) -> subject, key_id, sealed
-- Who these subjects are, sealed; visitors come back as no row.
SELECT subject, key_id, sealed FROM people_identity WHERE subject = ANY ($1::bigint[]);

--: fact_of_many(subjects bigint[], fact text, day date) -> subject, value
-- One fact of many people as it stands on a day; of whom nobody told it no row comes back.
SELECT DISTINCT ON (subject) subject, value FROM people_fact
WHERE subject = ANY ($1::bigint[]) AND fact = $2::text AND since <= $3::date ORDER BY subject, since DESC;

--: set_scopes(subjects bigint[], regions text[], since date[]) -> subject, region
-- Where people belong from a day on: the newest day wins, whatever the order in which it is told.
INSERT INTO people_scope AS s (subject, region, since)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::date[])
ON CONFLICT (subject) DO UPDATE SET region = excluded.region, since = excluded.since WHERE s.since <= excluded.since
RETURNING subject, region;

--: region_of(subject bigint, prefixes text[]) -> region
-- Where a person belongs, if that begins with one of *prefixes*; nobody else's is told.
SELECT region FROM people_scope WHERE subject = $1::bigint AND region ^@ ANY ($2::text[]);

--: number_inside(number_hash bytea, prefixes text[]) -> subject, region
-- Whose number this is and where he belongs, if that begins with one of *prefixes*: two look-ups by key in one question.
WITH n AS MATERIALIZED (
    SELECT subject FROM people_number WHERE number_hash = $1::bytea
)
SELECT s.subject, s.region FROM n JOIN people_scope AS s USING (subject) WHERE s.region ^@ ANY ($2::text[]);

--: subjects_in(prefixes text[], begin text, end text, after_region text, after bigint, most bigint) -> subject, region
-- People whose region begins with one of *prefixes* and lies between two texts, by region and subject, after one of them: along
-- the index, however many people there are.
SELECT subject, region FROM people_scope
WHERE region ^@ ANY ($1::text[]) AND region COLLATE "C" >= $2::text AND region COLLATE "C" < $3::text
    AND (region COLLATE "C", subject) > ($4::text, $5::bigint)
ORDER BY region COLLATE "C", subject LIMIT $6::bigint;

--: people_marked(mark bigint, prefixes text[], begin text, end text, born_year integer, most bigint) -> subject, region
-- Who bears a mark, within *prefixes* and between two texts of regions, born in a year (0: whenever): a stretch of the index.
SELECT subject, region FROM people_mark
WHERE mark = $1::bigint AND region ^@ ANY ($2::text[]) AND region COLLATE "C" >= $3::text AND region COLLATE "C" < $4::text
    AND born_year >= $5::integer AND born_year <= CASE $5::integer WHEN 0 THEN 9999 ELSE $5::integer END  -- Asked within the index.
ORDER BY region COLLATE "C", born_year, subject LIMIT $6::bigint;

--: move_marks(subjects bigint[], regions text[]) -> subject
-- Who belongs elsewhere now is found there.
UPDATE people_mark AS m SET region = n.region
FROM (SELECT * FROM unnest($1::bigint[], $2::text[]) AS t (subject, region)) AS n WHERE m.subject = n.subject AND m.region <> n.region
RETURNING m.subject;

--: add_marks(subjects bigint[], marks bigint[], regions text[], born_years int2[]) -> subject
-- Marks of people who are there; one that stands already stays.
INSERT INTO people_mark (subject, mark, region, born_year)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::int2[])
ON CONFLICT DO NOTHING
RETURNING subject;

--: unmarked_after() -> after
-- Up to whom those who are older than marks were gone over; no row once all were.
SELECT after FROM people_unmarked;

--: unmarked(after bigint, most integer) -> subject, key_id, sealed, born, region
-- The next people after a subject, to be gone over. Region '' where they belong nowhere.
SELECT i.subject, i.key_id, i.sealed, p.born, coalesce(s.region, '') AS region
FROM people_identity AS i JOIN people_subject AS p USING (subject) LEFT JOIN people_scope AS s USING (subject)
WHERE i.subject > $1::bigint ORDER BY i.subject LIMIT $2::integer;

--: move_unmarked(after bigint) -> after
-- Everybody up to here has his marks.
UPDATE people_unmarked SET after = greatest(after, $1::bigint) RETURNING after;

--: end_unmarked() -> after
-- Everybody has.
DELETE FROM people_unmarked RETURNING after;

--: count_identities() -> key_id, rows
-- How many identities each key has sealed.
SELECT key_id, count(*) AS rows FROM people_identity GROUP BY key_id;

--: page_identities(after bigint, but text[], rows integer) -> subject, key_id, sealed
-- The next sealed identities after a subject, but those that some keys sealed.
SELECT subject, key_id, sealed FROM people_identity
WHERE subject > $1::bigint AND key_id <> ALL ($2::text[]) ORDER BY subject LIMIT $3::integer;

--: reseal_identity(subject bigint, sealed bytea, new_key_id text, new_sealed bytea) -> subject
-- The same identity under another key, unless it was changed meanwhile.
UPDATE people_identity SET key_id = $3::text, sealed = $4::bytea WHERE subject = $1::bigint AND sealed = $2::bytea RETURNING subject;

--: add_batch(batch uuid, made_at timestamptz, subjects bigint[], seals bytea, root bytea) -> kept
-- The seals of what one transaction tells. Nothing of the row comes back: who tells may not be one who reads.
WITH added AS (
    INSERT INTO people_batch (batch, made_at, told, subjects, seals, root)
    VALUES ($1::uuid, $2::timestamptz, cardinality($3::bigint[]), $3::bigint[], $4::bytea, $5::bytea)
)
SELECT true AS kept;

--: salt_of(subject bigint) -> salt
-- By what a person's seals are salted.
SELECT salt FROM people_subject WHERE subject = $1::bigint;

--: unsealed() -> waiting
-- Whether anybody may be older than batches; held until the transaction is over.
SELECT waiting FROM people_unsealed WHERE waiting = true FOR UPDATE;

--: waits_for_seal() -> waiting
-- The same, for whoever only reads.
SELECT EXISTS (SELECT FROM people_unsealed) AS waiting;

--: end_unsealed() -> waiting
-- Nobody is any more.
DELETE FROM people_unsealed RETURNING waiting;

--: older_people(most integer) -> subject, born, home_region, salt
-- People who came without a batch.
SELECT subject, born, home_region, salt FROM people_subject WHERE batch IS NULL LIMIT $1::integer;

--: older_facts(subjects bigint[]) -> subject, fact, since, value
-- What came without a batch about these people.
SELECT subject, fact, since, value FROM people_fact WHERE subject = ANY ($1::bigint[]) AND batch IS NULL;

--: mark_people(batch uuid, subjects bigint[]) -> subject
-- They are of this batch now.
UPDATE people_subject SET batch = $1::uuid WHERE subject = ANY ($2::bigint[]) AND batch IS NULL RETURNING subject;

--: mark_facts(batch uuid, subjects bigint[]) -> subject
-- And what was told about them.
UPDATE people_fact SET batch = $1::uuid WHERE subject = ANY ($2::bigint[]) AND batch IS NULL RETURNING subject;

--: batches_page(after uuid, most integer) -> batch, told
-- Batches by name, with how many rows each tells.
SELECT batch, told FROM people_batch WHERE batch > $1::uuid ORDER BY batch LIMIT $2::integer;

--: batches(batches uuid[]) -> batch, subjects, seals, root
-- What these batches keep.
SELECT batch, subjects, seals, root FROM people_batch WHERE batch = ANY ($1::uuid[]);

--: told_people(subjects bigint[]) -> batch, subject, born, home_region, salt
-- These people, whichever batch they came by: a fact told later needs the salt too.
SELECT batch, subject, born, home_region, salt FROM people_subject WHERE subject = ANY ($1::bigint[]);

--: told_facts(batches uuid[], subjects bigint[]) -> batch, subject, fact, since, value
-- The facts about these people that came by one of these batches.
SELECT batch, subject, fact, since, value FROM people_fact WHERE subject = ANY ($2::bigint[]) AND batch = ANY ($1::uuid[]);

--: people_by_batch() -> batch, rows
-- How many people name each batch.
SELECT batch, count(*) AS rows FROM people_subject GROUP BY batch;

--: facts_by_batch() -> batch, rows
-- How many facts do.
SELECT batch, count(*) AS rows FROM people_fact GROUP BY batch;

--: strange_people(batch uuid, subjects bigint[]) -> subject
-- People who name a batch that tells nothing of them.
SELECT subject FROM people_subject
WHERE batch IS NOT DISTINCT FROM $1::uuid AND subject <> ALL ($2::bigint[]) ORDER BY subject LIMIT 100;

--: strange_facts(batch uuid, subjects bigint[]) -> subject, fact, since
-- Facts that do.
SELECT subject, fact, since FROM people_fact
WHERE batch IS NOT DISTINCT FROM $1::uuid AND subject <> ALL ($2::bigint[]) ORDER BY subject, fact, since LIMIT 100;
