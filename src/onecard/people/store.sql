--: add_facts(subjects bigint[], facts text[], since date[], texts text[]) -> subject
-- Facts are added, never changed: one of the same day and name that is there already comes back as no row.
INSERT INTO people_fact (subject, fact, since, value)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::date[], $4::text[])
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
    AND ($5::integer = 0 OR born_year = $5::integer)
ORDER BY region COLLATE "C", born_year, subject LIMIT $6::bigint;

--: move_marks(subjects bigint[], regions text[]) -> subject
-- Who belongs elsewhere now is found there.
UPDATE people_mark AS m SET region = n.region
FROM (SELECT * FROM unnest($1::bigint[], $2::text[]) AS t (subject, region)) AS n WHERE m.subject = n.subject AND m.region <> n.region
RETURNING m.subject;

--: add_marks(subjects bigint[], marks bigint[], regions text[], born_years smallint[]) -> subject
-- Marks of people who are there; one that stands already stays.
INSERT INTO people_mark (subject, mark, region, born_year)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::smallint[])
ON CONFLICT DO NOTHING
RETURNING subject;

--: unmarked(after bigint, most bigint) -> subject, key_id, sealed, born, region
-- People after a subject whom nothing marks: an older version wrote them. Region '' where they belong nowhere.
SELECT i.subject, i.key_id, i.sealed, p.born, coalesce(s.region, '') AS region
FROM people_identity AS i JOIN people_subject AS p USING (subject) LEFT JOIN people_scope AS s USING (subject)
WHERE i.subject > $1::bigint AND NOT EXISTS (SELECT FROM people_mark AS m WHERE m.subject = i.subject)
ORDER BY i.subject LIMIT $2::bigint;

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
