--: find_card(key bytea) -> subject, issued_on, number_key, chip_key, issue_region, valid_until, key_id, sealed, kind, replaces, steps
-- The card to which a number or a chip belongs: what happens to one happens to both. `steps` counts what was done to it.
WITH k AS MATERIALIZED (
    SELECT subject FROM cards_credential WHERE key = $1::bytea
)
SELECT c.subject, c.issued_on, c.number_key, c.chip_key, c.issue_region, c.valid_until, c.key_id, c.sealed, c.kind, c.replaces,
    (SELECT count(*) FROM cards_move AS m WHERE m.subject = c.subject AND m.number_key = c.number_key) AS steps
FROM cards_card AS c JOIN k USING (subject)
WHERE c.number_key = $1::bytea OR c.chip_key = $1::bytea;

--: add_states(keys bytea[], since timestamptz, state text, until timestamptz) -> key
-- A state is added, never changed; a second one of the same instant comes back as no row.
INSERT INTO cards_state (key, since, state, until)
SELECT k.key, $2::timestamptz, $3::text, $4::timestamptz FROM unnest($1::bytea[]) AS k (key)
ON CONFLICT DO NOTHING
RETURNING key;

--: states_of(key bytea) -> since, state, until
-- What became of a credential, oldest first.
SELECT since, state, until FROM cards_state WHERE key = $1::bytea ORDER BY since;

--: add_bank_state(subject bigint, number_key bytea, since timestamptz, state text) -> since
-- The bank's half of a card, in the same way.
INSERT INTO cards_bank_state (subject, number_key, since, state) VALUES ($1::bigint, $2::bytea, $3::timestamptz, $4::text)
ON CONFLICT DO NOTHING
RETURNING since;

--: bank_states_of(subject bigint, number_key bytea) -> since, state
-- What became of the bank's half of a card, oldest first.
SELECT since, state FROM cards_bank_state WHERE subject = $1::bigint AND number_key = $2::bytea ORDER BY since;

--: add_move(subject bigint, number_key bytea, step integer, at timestamptz, function text, act text, state text, until timestamptz, channel text, reason text) -> step
-- What was done to a card. No row comes back where somebody else took that step.
INSERT INTO cards_move (subject, number_key, step, at, function, act, state, until, channel, reason)
VALUES ($1::bigint, $2::bytea, $3::integer, $4::timestamptz, $5::text, $6::text, $7::text, $8::timestamptz, $9::text, $10::text)
ON CONFLICT DO NOTHING
RETURNING step;

--: moves_of(subject bigint, number_key bytea) -> step, at, function, act, state, until, channel, reason
-- A card's history as the desk wrote it.
SELECT step, at, function, act, state, until, channel, reason
FROM cards_move WHERE subject = $1::bigint AND number_key = $2::bytea ORDER BY step;

--: find_credential(key bytea) -> subject, kind, valid_from, valid_until
-- Whose credential this is and how long it holds.
SELECT subject, kind, valid_from, valid_until FROM cards_credential WHERE key = $1::bytea;

--: taken_keys(keys bytea[]) -> key
-- Which of these credentials exist already.
SELECT key FROM cards_credential WHERE key = ANY ($1::bytea[]);

--: cards_of(subject bigint) -> issued_on, number_key, issue_region, valid_until, key_id, sealed
-- A person's cards, newest first.
SELECT issued_on, number_key, issue_region, valid_until, key_id, sealed
FROM cards_card WHERE subject = $1::bigint ORDER BY issued_on DESC, number_key;

--: add_binding(subject bigint, kind text, reference text, since timestamptz, number_key bytea) -> kind
-- From this instant on *reference* hangs on that card.
INSERT INTO cards_binding (subject, kind, reference, since, number_key)
VALUES ($1::bigint, $2::text, $3::text, $4::timestamptz, $5::bytea)
ON CONFLICT DO NOTHING
RETURNING kind;

--: bindings_of(subject bigint) -> kind, reference, since, number_key
-- What hangs on a person's cards now: the newest row of each reference.
SELECT DISTINCT ON (kind, reference) kind, reference, since, number_key
FROM cards_binding WHERE subject = $1::bigint ORDER BY kind, reference, since DESC;

--: add_account(subject bigint, number_key bytea, since timestamptz, bank text, key_id text, sealed bytea) -> since
-- A card's financial account from an instant on.
INSERT INTO cards_account (subject, number_key, since, bank, key_id, sealed)
VALUES ($1::bigint, $2::bytea, $3::timestamptz, $4::text, $5::text, $6::bytea)
ON CONFLICT DO NOTHING
RETURNING since;

--: account_of(subject bigint, number_key bytea) -> since, bank, key_id, sealed
-- The financial account of a card as it stands.
SELECT since, bank, key_id, sealed FROM cards_account
WHERE subject = $1::bigint AND number_key = $2::bytea ORDER BY since DESC LIMIT 1;

--: accounts_by_card(subjects bigint[], number_keys bytea[]) -> subject, number_key, bank, key_id, sealed
-- The financial accounts of some people's cards as they stand, sealed.
SELECT DISTINCT ON (subject, number_key) subject, number_key, bank, key_id, sealed FROM cards_account
WHERE subject = ANY ($1::bigint[]) AND number_key = ANY ($2::bytea[]) ORDER BY subject, number_key, since DESC;

--: find_pseudonym(subject bigint) -> code_key, key_id, sealed
-- The pseudonym that a person's codes bear, sealed.
SELECT code_key, key_id, sealed FROM cards_pseudonym WHERE subject = $1::bigint;

--: add_pseudonym(subject bigint, made_at timestamptz, code_key bytea, key_id text, sealed bytea) -> subject
-- A person gets one pseudonym: who comes second gets no row back, and takes the one that is there.
INSERT INTO cards_pseudonym (subject, made_at, code_key, key_id, sealed)
VALUES ($1::bigint, $2::timestamptz, $3::bytea, $4::text, $5::bytea)
ON CONFLICT DO NOTHING
RETURNING subject;

--: add_credential(key bytea, subject bigint, kind text, valid_from date) -> key
-- One more thing by which a person is found. No row comes back where it is known already.
INSERT INTO cards_credential (key, subject, kind, valid_from)
VALUES ($1::bytea, $2::bigint, $3::text, $4::date)
ON CONFLICT DO NOTHING
RETURNING key;

--: add_made_credential(key bytea, subject bigint, kind text, valid_from date, valid_until date, alias bytea) -> key
-- The number or the chip of a card made at the desk. No row comes back where somebody has it, in or out of who asks' sight.
INSERT INTO cards_credential (key, subject, kind, valid_from, valid_until, alias)
VALUES ($1::bytea, $2::bigint, $3::text, $4::date, $5::date, $6::bytea)
ON CONFLICT DO NOTHING
RETURNING key;

--: add_made_card(subject bigint, issued_on date, number_key bytea, chip_key bytea, issue_region text, valid_until date, key_id text, sealed bytea, kind text, replaces bytea, tail_mark bigint) -> number_key
-- A card made at the desk, sealed.
INSERT INTO cards_card (subject, issued_on, number_key, chip_key, issue_region, valid_until, key_id, sealed, kind, replaces, tail_mark)
VALUES ($1::bigint, $2::date, $3::bytea, $4::bytea, $5::text, $6::date, $7::text, $8::bytea, $9::text, $10::bytea, $11::bigint)
RETURNING number_key;

--: held_cards(subject bigint) -> key, valid_from, valid_until, since, state, until
-- A person's cards with what became of each, a row for each state; a card that nothing was told of has one row without.
SELECT c.key, c.valid_from, c.valid_until, s.since, s.state, s.until
FROM cards_credential AS c LEFT JOIN cards_state AS s USING (key)
WHERE c.subject = $1::bigint AND c.kind = 'card';

--: cards_by_number(subjects bigint[], number_keys bytea[]) -> subject, number_key, key_id, sealed
-- Some people's cards, sealed, by the keys of their numbers.
SELECT subject, number_key, key_id, sealed FROM cards_card WHERE subject = ANY ($1::bigint[]) AND number_key = ANY ($2::bytea[]);

--: add_application(subject bigint, application integer, at timestamptz, kind text, region text, bank text, channel text, reason text, replaces bytea) -> application
-- A card is asked for. No row comes back where another desk took that count.
INSERT INTO cards_application (subject, application, at, kind, region, bank, channel, reason, replaces)
VALUES ($1::bigint, $2::integer, $3::timestamptz, $4::text, $5::text, $6::text, $7::text, $8::text, $9::bytea)
ON CONFLICT DO NOTHING
RETURNING application;

--: add_application_states(subjects bigint[], applications integer[], steps integer[], at timestamptz, states text[], reasons text[], number_keys bytea[]) -> step
-- What became of applications. Fewer rows come back than were sent where somebody else took a step.
INSERT INTO cards_application_state (subject, application, step, at, state, reason, number_key)
SELECT s.subject, s.application, s.step, $4::timestamptz, s.state, s.reason, s.number_key
FROM unnest($1::bigint[], $2::integer[], $3::integer[], $5::text[], $6::text[], $7::bytea[])
    AS s (subject, application, step, state, reason, number_key)
ON CONFLICT DO NOTHING
RETURNING step;

--: applications_of(subject bigint) -> subject, application, at, kind, region, bank, reason, replaces, step, state, state_reason, state_at, number_key
-- What a person asked for and where it stands, newest first.
SELECT DISTINCT ON (a.application) a.subject, a.application, a.at, a.kind, a.region, a.bank, a.reason, a.replaces, s.step, s.state,
    s.reason AS state_reason, s.at AS state_at, s.number_key
FROM cards_application AS a JOIN cards_application_state AS s USING (subject, application)
WHERE a.subject = $1::bigint ORDER BY a.application DESC, s.step DESC;

--: waiting_applications(states text[], cards_max bigint) -> subject, application, at, kind, region, bank, reason, replaces, step, state, state_reason, state_at, number_key
-- What the next batch takes up: those whose newest state is one of *states*, oldest first.
SELECT * FROM (
    SELECT DISTINCT ON (a.subject, a.application) a.subject, a.application, a.at, a.kind, a.region, a.bank, a.reason, a.replaces, s.step,
        s.state, s.reason AS state_reason, s.at AS state_at, s.number_key
    FROM cards_application AS a JOIN cards_application_state AS s USING (subject, application)
    ORDER BY a.subject, a.application, s.step DESC
) AS newest
WHERE state = ANY ($1::text[]) ORDER BY at, subject, application LIMIT $2::bigint;

--: applications_in(make_batch text) -> seq, subject, application
-- Whose cards a batch asks for, in order.
SELECT seq, subject, application FROM cards_batch_row WHERE make_batch = $1::text ORDER BY seq;

--: applications_named(subjects bigint[], applications integer[]) -> subject, application, at, kind, region, bank, reason, replaces, step, state, state_reason, state_at, number_key
-- Where these applications stand.
SELECT DISTINCT ON (a.subject, a.application) a.subject, a.application, a.at, a.kind, a.region, a.bank, a.reason, a.replaces, s.step,
    s.state, s.reason AS state_reason, s.at AS state_at, s.number_key
FROM cards_application AS a JOIN cards_application_state AS s USING (subject, application)
    JOIN unnest($1::bigint[], $2::integer[]) AS n (subject, application) USING (subject, application)
ORDER BY a.subject, a.application, s.step DESC;

--: add_batch(make_batch text, at timestamptz, encoding text, cards integer, digest bytea) -> make_batch
-- A batch goes to the maker.
INSERT INTO cards_batch (make_batch, at, encoding, cards, digest)
VALUES ($1::text, $2::timestamptz, $3::text, $4::integer, $5::bytea)
ON CONFLICT DO NOTHING
RETURNING make_batch;

--: add_batch_rows(make_batch text, seqs integer[], subjects bigint[], applications integer[]) -> seq
-- Whose cards it asks for.
INSERT INTO cards_batch_row (make_batch, seq, subject, application)
SELECT $1::text, r.seq, r.subject, r.application FROM unnest($2::integer[], $3::bigint[], $4::integer[]) AS r (seq, subject, application)
RETURNING seq;

--: find_batch(make_batch text) -> at, encoding, cards, digest
-- A batch as it went out.
SELECT at, encoding, cards, digest FROM cards_batch WHERE make_batch = $1::text;

--: add_return(make_batch text, at timestamptz, digest bytea, made integer, failed integer) -> make_batch
-- The maker's answer is taken. Whoever takes it at the same moment waits here, and finds it done.
INSERT INTO cards_return (make_batch, at, digest, made, failed)
VALUES ($1::text, $2::timestamptz, $3::bytea, $4::integer, $5::integer)
ON CONFLICT DO NOTHING
RETURNING make_batch;

--: find_return(make_batch text) -> at, digest, made, failed
-- The answer that was taken.
SELECT at, digest, made, failed FROM cards_return WHERE make_batch = $1::text;

--: add_accounts(subjects bigint[], number_keys bytea[], since timestamptz, banks text[], key_id text, sealed bytea[]) -> since
-- The accounts of many new cards.
INSERT INTO cards_account (subject, number_key, since, bank, key_id, sealed)
SELECT a.subject, a.number_key, $3::timestamptz, a.bank, $5::text, a.sealed
FROM unnest($1::bigint[], $2::bytea[], $4::text[], $6::bytea[]) AS a (subject, number_key, bank, sealed)
RETURNING since;

--: add_feed(feed text, at timestamptz, digest bytea, taken integer, strange integer) -> feed
-- A day of the household feed is taken.
INSERT INTO cards_feed (feed, at, digest, taken, strange)
VALUES ($1::text, $2::timestamptz, $3::bytea, $4::integer, $5::integer)
ON CONFLICT DO NOTHING
RETURNING feed;

--: find_feed(feed text) -> at, digest, taken, strange
-- The day that was taken.
SELECT at, digest, taken, strange FROM cards_feed WHERE feed = $1::text;

--: count_cards() -> key_id, rows
-- How many cards' numbers each key has sealed.
SELECT key_id, count(*) AS rows FROM cards_card GROUP BY key_id;

--: page_cards(subject bigint, issued_on date, number_key bytea, but text[], rows integer) -> subject, issued_on, number_key, key_id, sealed
-- The next sealed cards after one, but those that some keys sealed.
SELECT subject, issued_on, number_key, key_id, sealed FROM cards_card
WHERE (subject, issued_on, number_key) > ($1::bigint, $2::date, $3::bytea) AND key_id <> ALL ($4::text[])
ORDER BY subject, issued_on, number_key LIMIT $5::integer;

--: reseal_card(subject bigint, issued_on date, number_key bytea, sealed bytea, new_key_id text, new_sealed bytea) -> subject
-- The same numbers under another key, unless they were changed meanwhile.
UPDATE cards_card SET key_id = $5::text, sealed = $6::bytea
WHERE subject = $1::bigint AND issued_on = $2::date AND number_key = $3::bytea AND sealed = $4::bytea RETURNING subject;

--: count_accounts() -> key_id, rows
-- How many accounts each key has sealed.
SELECT key_id, count(*) AS rows FROM cards_account GROUP BY key_id;

--: page_accounts(subject bigint, number_key bytea, since timestamptz, but text[], rows integer) -> subject, number_key, since, key_id, sealed
-- The next sealed accounts after one, but those that some keys sealed.
SELECT subject, number_key, since, key_id, sealed FROM cards_account
WHERE (subject, number_key, since) > ($1::bigint, $2::bytea, $3::timestamptz) AND key_id <> ALL ($4::text[])
ORDER BY subject, number_key, since LIMIT $5::integer;

--: reseal_account(subject bigint, number_key bytea, since timestamptz, sealed bytea, new_key_id text, new_sealed bytea) -> subject
-- The same account under another key, unless it was changed meanwhile.
UPDATE cards_account SET key_id = $5::text, sealed = $6::bytea
WHERE subject = $1::bigint AND number_key = $2::bytea AND since = $3::timestamptz AND sealed = $4::bytea RETURNING subject;

--: count_pseudonyms() -> key_id, rows
-- How many pseudonyms each key has sealed.
SELECT key_id, count(*) AS rows FROM cards_pseudonym GROUP BY key_id;

--: page_pseudonyms(after bigint, but text[], rows integer) -> subject, key_id, sealed
-- The next sealed pseudonyms after a subject, but those that some keys sealed.
SELECT subject, key_id, sealed FROM cards_pseudonym
WHERE subject > $1::bigint AND key_id <> ALL ($2::text[]) ORDER BY subject LIMIT $3::integer;

--: reseal_pseudonym(subject bigint, sealed bytea, new_key_id text, new_sealed bytea) -> subject
-- The same pseudonym under another key, unless it was changed meanwhile.
UPDATE cards_pseudonym SET key_id = $3::text, sealed = $4::bytea WHERE subject = $1::bigint AND sealed = $2::bytea RETURNING subject;

--: card_counts() -> cards, moves, bindings
-- How much there is to check of cards.
SELECT (SELECT count(*) FROM cards_card_v1) AS cards, (SELECT count(*) FROM cards_move) AS moves,
    (SELECT count(*) FROM cards_binding) AS bindings;

--: unlike_chips() -> subject, number_key
-- Cards of which number and chip have other states: what happens to one happens to both.
WITH told AS MATERIALIZED (
    SELECT key, since, state, coalesce(until, 'infinity') AS until FROM cards_state
), of_number AS (
    SELECT c.subject, c.number_key, t.since, t.state, t.until, true AS there FROM cards_card_v1 AS c JOIN told AS t ON t.key = c.number_key
), of_chip AS (
    SELECT c.subject, c.number_key, t.since, t.state, t.until, true AS there FROM cards_card_v1 AS c JOIN told AS t ON t.key = c.chip_key
)
SELECT DISTINCT subject, number_key
FROM of_number AS n FULL JOIN of_chip AS k USING (subject, number_key, since, state, until)
WHERE n.there IS NULL OR k.there IS NULL
ORDER BY subject, number_key LIMIT 100;

--: page_moved(after bigint, persons bigint) -> subject, number_key, kind
-- Cards to which something was done, of the next persons.
WITH p AS MATERIALIZED (
    SELECT DISTINCT subject FROM cards_move WHERE subject > $1::bigint ORDER BY subject LIMIT $2::bigint
), moved AS MATERIALIZED (
    SELECT DISTINCT m.subject, m.number_key FROM cards_move AS m JOIN p USING (subject)
)
SELECT c.subject, c.number_key, c.kind FROM cards_card_v1 AS c JOIN moved AS m USING (subject, number_key)
ORDER BY c.subject, c.number_key;

--: moves_among(subjects bigint[]) -> number_key, step, at, function, act, state, until
-- What was done to some people's cards.
SELECT number_key, step, at, function, act, state, until FROM cards_move WHERE subject = ANY ($1::bigint[]) ORDER BY number_key, step;

--: bank_states_among(subjects bigint[]) -> number_key, since, state, until
-- What became of the bank's half of some people's cards.
SELECT number_key, since, state, NULL::timestamptz AS until
FROM cards_bank_state WHERE subject = ANY ($1::bigint[]) ORDER BY number_key, since;

--: states_among(keys bytea[]) -> number_key, since, state, until
-- What became of some cards.
SELECT key AS number_key, since, state, until FROM cards_state WHERE key = ANY ($1::bytea[]) ORDER BY key, since;

--: cards_beside() -> subject, number_key, issued_on, valid_until, since, state, until
-- The standard cards of persons who have several, a row for each state; a card that nothing was told of has one row without.
WITH told AS MATERIALIZED (
    SELECT key, since, state, until FROM cards_state
), several AS MATERIALIZED (
    SELECT subject FROM cards_card_v1 WHERE kind = 'standard' GROUP BY subject HAVING count(*) > 1
)
SELECT c.subject, c.number_key, c.issued_on, c.valid_until, t.since, t.state, t.until
FROM cards_card_v1 AS c JOIN several AS s USING (subject) LEFT JOIN told AS t ON t.key = c.number_key
WHERE c.kind = 'standard'
ORDER BY c.subject, c.number_key;

--: left_bindings(at timestamptz) -> subject, number_key, kind
-- What hangs at an instant on a cancelled card though another one that is out of its seal took its place.
WITH newest AS MATERIALIZED (
    SELECT DISTINCT ON (key) key, state FROM cards_state WHERE since <= $1::timestamptz ORDER BY key, since DESC
), hung AS MATERIALIZED (
    SELECT DISTINCT ON (subject, kind, reference) subject, kind, reference, number_key
    FROM cards_binding WHERE since <= $1::timestamptz ORDER BY subject, kind, reference, since DESC
)
SELECT h.subject, h.number_key, h.kind
FROM cards_card_v1 AS c JOIN hung AS h ON h.subject = c.subject AND h.number_key = c.replaces
    JOIN newest AS o ON o.key = h.number_key LEFT JOIN newest AS n ON n.key = c.number_key
WHERE o.state = 'cancelled' AND n.state IS DISTINCT FROM 'sealed'
ORDER BY h.subject, h.number_key, h.kind LIMIT 100;

--: holders_marked(mark bigint, prefixes text[], begin text, end text, born_year integer, most bigint) -> subject, region, number_key, key_id, sealed
-- Cards whose number ends so, with whose they are and where he belongs: within *prefixes*, between two texts of regions, born in a
-- year (0: whenever).
SELECT c.subject, s.region, c.number_key, c.key_id, c.sealed
FROM cards_card AS c JOIN people_scope_v1 AS s USING (subject) JOIN people_subject_v1 AS p USING (subject)
WHERE c.tail_mark = $1::bigint AND s.region ^@ ANY ($2::text[]) AND s.region COLLATE "C" >= $3::text AND s.region COLLATE "C" < $4::text
    AND ($5::integer = 0 OR extract(year FROM p.born) = $5::integer)
ORDER BY s.region COLLATE "C", p.born, c.subject, c.issued_on DESC LIMIT $6::bigint;

--: unmarked_cards(subjects bigint[]) -> subject, number_key, key_id, sealed
-- Cards of these people whose end nothing marks: an older version wrote them.
SELECT subject, number_key, key_id, sealed FROM cards_card WHERE subject = ANY ($1::bigint[]) AND tail_mark IS NULL;

--: mark_cards(subjects bigint[], number_keys bytea[], marks bigint[]) -> subject
-- From now on they are found by it.
UPDATE cards_card AS c SET tail_mark = n.mark
FROM (SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bigint[]) AS t (subject, number_key, mark)) AS n
WHERE c.subject = n.subject AND c.number_key = n.number_key
RETURNING c.subject;
