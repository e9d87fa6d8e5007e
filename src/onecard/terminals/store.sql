--: add_operators(operators text[], names_zh text[], names_en text[]) -> operator
-- Who is paid; one that is known keeps its name.
INSERT INTO terminals_operator (operator, name_zh, name_en)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
ON CONFLICT DO NOTHING
RETURNING operator;

--: add_sites(sites text[], operators text[], kinds text[], scenes text[], regions text[], names_zh text[], names_en text[], services text[], capacities bigint[], percents integer[], prices_fen bigint[], shares integer[], openings text[], planned_for date[]) -> site
-- Sites with what was agreed; services come joined by commas, the opening as JSON text.
INSERT INTO terminals_site (site, operator, kind, scene, region, name_zh, name_en, services, capacity, agreed_percent,
    agreed_price_fen, agreed_share, opening, planned_for)
SELECT s.site, s.operator, s.kind, s.scene, s.region, s.name_zh, s.name_en, string_to_array(s.services, ','), s.capacity,
    s.agreed_percent, s.agreed_price_fen, s.agreed_share, s.opening::jsonb, s.planned_for
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[],
    $10::integer[], $11::bigint[], $12::integer[], $13::text[], $14::date[]
) AS s (site, operator, kind, scene, region, name_zh, name_en, services, capacity, agreed_percent, agreed_price_fen,
    agreed_share, opening, planned_for)
RETURNING site;

--: add_site_states(sites text[], since date[], states text[]) -> site
-- A site's way is only ever added to; two states of one day come back as no row.
INSERT INTO terminals_site_state (site, since, state)
SELECT * FROM unnest($1::text[], $2::date[], $3::text[])
ON CONFLICT DO NOTHING
RETURNING site;

--: add_terminals(terminals text[], sites text[], models text[], bound_on date[], unbound_on date[]) -> terminal
-- Devices, bound to their sites.
INSERT INTO terminals_terminal (terminal, site, model, bound_on, unbound_on)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::date[])
RETURNING terminal;

--: add_tokens(token_hashes bytea[], terminals text[]) -> terminal
-- Which token speaks for which terminal, by the token's SHA-256.
INSERT INTO terminals_token (token_hash, terminal)
SELECT * FROM unnest($1::bytea[], $2::text[])
ON CONFLICT DO NOTHING
RETURNING terminal;

--: drop_token(token_hash bytea) -> terminal
-- A token that was withdrawn speaks for nobody.
DELETE FROM terminals_token WHERE token_hash = $1::bytea RETURNING terminal;

--: all_sites() -> site, operator, kind, scene, region, name_zh, name_en, services, capacity, agreed_percent, agreed_price_fen, agreed_share, opening, planned_for, state_days, states
-- Every site with its way, the opening as JSON text.
SELECT s.site, s.operator, s.kind, s.scene, s.region, s.name_zh, s.name_en, s.services, s.capacity, s.agreed_percent,
    s.agreed_price_fen, s.agreed_share, s.opening::text AS opening, s.planned_for,
    array_agg(t.since ORDER BY t.since) FILTER (WHERE t.since IS NOT NULL) AS state_days,
    array_agg(t.state ORDER BY t.since) FILTER (WHERE t.since IS NOT NULL) AS states
FROM terminals_site AS s LEFT JOIN terminals_site_state AS t USING (site)
GROUP BY s.site;

--: all_terminals() -> terminal, site, model, bound_on, unbound_on, token_hashes
-- Every device with the tokens that speak for it.
SELECT t.terminal, t.site, t.model, t.bound_on, t.unbound_on,
    array_agg(k.token_hash) FILTER (WHERE k.token_hash IS NOT NULL) AS token_hashes
FROM terminals_terminal AS t LEFT JOIN terminals_token AS k USING (terminal)
GROUP BY t.terminal;

--: models() -> model
-- What kinds of device there are.
SELECT DISTINCT model FROM terminals_terminal ORDER BY model LIMIT 1000;

--: add_hotlist(version bigint, at timestamptz, keys bytea[], key4s bytea[], added boolean[], untils timestamptz[]) -> key
-- What came onto the hotlist or left it, as one version; whoever is there already, or was never there, is left out.
WITH held AS MATERIALIZED (
    SELECT DISTINCT ON (key) key, added, until FROM terminals_hotlist WHERE key = ANY ($3::bytea[]) ORDER BY key, version DESC
)
INSERT INTO terminals_hotlist (version, key4, key, added, at, until)
SELECT $1::bigint, w.key4, w.key, w.added, $2::timestamptz, w.until
FROM unnest($3::bytea[], $4::bytea[], $5::boolean[], $6::timestamptz[]) AS w (key, key4, added, until) LEFT JOIN held AS h USING (key)
WHERE (w.added AND (h.added IS NOT TRUE OR h.until IS DISTINCT FROM w.until)) OR (NOT w.added AND h.added)
RETURNING key;

--: hotlist_strays(at timestamptz, day date, lasts interval) -> key, key4, added, until
-- Where the hotlist differs from what the cards' states say at an instant: barred and not on it, or on it and barred no more.
-- A sealed card is left where it is: only who sealed it knows whether it was in use.
WITH newest AS MATERIALIZED (
    SELECT s.key, s.since, s.state, coalesce(s.until, s.since + $3::interval) AS lapse
    FROM cards_state_v1 AS s
    WHERE s.state IN ('temp_loss', 'formal_loss', 'cancelled', 'sealed') AND s.since <= $1::timestamptz
        AND NOT EXISTS (SELECT FROM cards_state_v1 AS n WHERE n.key = s.key AND n.since > s.since AND n.since <= $1::timestamptz)
), barred AS MATERIALIZED (
    SELECT c.key, substr(c.alias, 1, 4) AS key4, CASE WHEN n.state = 'temp_loss' THEN n.lapse END AS until
    FROM newest AS n JOIN cards_alias_v1 AS c USING (key)
    WHERE n.state <> 'sealed' AND (n.state <> 'temp_loss' OR n.lapse > $1::timestamptz) AND c.alias IS NOT NULL
        AND (c.valid_until IS NULL OR c.valid_until >= $2::date)
), held AS MATERIALIZED (
    SELECT DISTINCT ON (key) key, key4, added FROM terminals_hotlist ORDER BY key, version DESC
)
SELECT b.key, b.key4, true AS added, b.until
FROM barred AS b LEFT JOIN held AS h USING (key) WHERE h.added IS NOT TRUE
UNION ALL
SELECT h.key, h.key4, false, NULL
FROM held AS h LEFT JOIN barred AS b USING (key) LEFT JOIN newest AS n ON n.key = h.key AND n.state = 'sealed'
WHERE h.added AND b.key IS NULL AND n.key IS NULL;

--: hotlist_newest() -> version, at, moved_to
-- The newest version of the hotlist and its instant, null where nothing was ever barred; and the number that is told to terminals.
SELECT h.version, h.at, c.version AS moved_to
FROM db_change AS c LEFT JOIN (SELECT version, at FROM terminals_hotlist ORDER BY version DESC LIMIT 1) AS h ON true
WHERE c.name = 'hotlist';

--: hotlist_due(after timestamptz, at timestamptz) -> key, key4
-- Who leaves the hotlist by himself between two instants: an oral loss that lapsed, a cancelled card that expired.
SELECT h.key, h.key4
FROM terminals_hotlist AS h
WHERE h.until > $1::timestamptz AND h.until <= $2::timestamptz AND h.added
    AND NOT EXISTS (SELECT FROM terminals_hotlist AS n WHERE n.key = h.key AND n.version > h.version);

--: hotlist_full(version bigint) -> entries
-- The whole list at a version: four bytes each, rising, each once.
WITH newest AS (
    SELECT DISTINCT ON (key) key, key4, added FROM terminals_hotlist WHERE version <= $1::bigint ORDER BY key, version DESC
), entries AS (
    SELECT DISTINCT key4 FROM newest WHERE added
)
SELECT coalesce(string_agg(key4, ''::bytea ORDER BY key4), ''::bytea) AS entries FROM entries;

--: hotlist_knows(version bigint) -> known
-- Whether the list ever stood at a version, as far as this store remembers.
SELECT EXISTS (SELECT FROM terminals_hotlist WHERE version = $1::bigint) AS known;

--: hotlist_delta(since bigint, version bigint, most bigint) -> key4, was, is_there
-- Entries touched between two versions, and whether each was there before and is there after: two credentials may share one.
WITH touched AS MATERIALIZED (
    SELECT DISTINCT key4 FROM terminals_hotlist WHERE version > $1::bigint AND version <= $2::bigint LIMIT $3::bigint
), before AS (
    SELECT DISTINCT ON (h.key) h.key, h.key4, h.added
    FROM touched JOIN terminals_hotlist AS h USING (key4) WHERE h.version <= $1::bigint ORDER BY h.key, h.version DESC
), after AS (
    SELECT DISTINCT ON (h.key) h.key, h.key4, h.added
    FROM touched JOIN terminals_hotlist AS h USING (key4) WHERE h.version <= $2::bigint ORDER BY h.key, h.version DESC
)
SELECT t.key4, t.key4 IN (SELECT key4 FROM before WHERE added) AS was, t.key4 IN (SELECT key4 FROM after WHERE added) AS is_there
FROM touched AS t
ORDER BY t.key4;

--: hotlist_told(version bigint) -> entries, changed_at
-- How many credentials the list holds at a version, and when it last changed.
WITH newest AS (
    SELECT DISTINCT ON (key) key, added FROM terminals_hotlist WHERE version <= $1::bigint ORDER BY key, version DESC
)
SELECT count(*) FILTER (WHERE added) AS entries,
    (SELECT max(h.at) FROM terminals_hotlist AS h WHERE h.version = $1::bigint) AS changed_at
FROM newest;

--: standing(terminal text) -> key_id, last_seq, cloned
-- Which device key is bound to a terminal, the highest number it has used, and whether an alarm says that there are two of it.
SELECT (SELECT k.key_id FROM terminals_key AS k WHERE k.terminal = $1::text AND k.withdrawn_at IS NULL) AS key_id,
    (SELECT max(u.seq) FROM ledger_use_v1 AS u WHERE u.terminal = $1::text) AS last_seq,
    EXISTS (SELECT FROM terminals_alarm_v1 AS a
        WHERE a.terminal = $1::text AND a.kind IN ('clone', 'fork') AND a.settled_at IS NULL) AS cloned;

--: bind_key(terminal text, key_id text, public_key bytea, at timestamptz) -> key_id
-- Bind the key that a device shows; nothing comes back where one is bound, or this one was withdrawn.
INSERT INTO terminals_key (terminal, key_id, public_key, bound_at)
VALUES ($1::text, $2::text, $3::bytea, $4::timestamptz)
ON CONFLICT DO NOTHING
RETURNING key_id;

--: see_key(terminal text, key_id text, public_key bytea, at timestamptz) -> key_id
-- Remember a key that a device showed while another was bound, once, and of a terminal at most a hundred.
INSERT INTO terminals_seen_key (terminal, key_id, public_key, seen_at)
SELECT $1::text, $2::text, $3::bytea, $4::timestamptz
WHERE (SELECT count(*) FROM terminals_seen_key WHERE terminal = $1::text) < 100
ON CONFLICT DO NOTHING
RETURNING key_id;

--: known_keys(terminals text[], every boolean) -> terminal, key_id, public_key
-- Every key that devices of some terminals, or of every one, ever showed: bound, withdrawn, or seen beside.
SELECT terminal, key_id, public_key FROM terminals_key WHERE terminal = ANY ($1::text[]) OR $2::boolean
UNION
SELECT terminal, key_id, public_key FROM terminals_seen_key WHERE terminal = ANY ($1::text[]) OR $2::boolean;

--: withdraw_key(terminal text, at timestamptz) -> key_id
-- Let another device take the place of this one: the next that signs in is bound.
UPDATE terminals_key SET withdrawn_at = $2::timestamptz WHERE terminal = $1::text AND withdrawn_at IS NULL RETURNING key_id;

--: sign_in(terminals text[], sessions text[], at timestamptz[], clock_offsets_ms bigint[], hotlists bigint[], bundles text[], programs text[]) -> terminal
-- Devices that signed in, with what they hold.
INSERT INTO terminals_presence AS p (terminal, session, signed_in_at, seen_at, clock_offset_ms, waiting, hotlist, bundle, program)
SELECT w.terminal, w.session, w.at, w.at, w.clock_offset_ms, 0, w.hotlist, w.bundle, w.program
FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::text[], $7::text[])
    AS w (terminal, session, at, clock_offset_ms, hotlist, bundle, program)
ON CONFLICT (terminal) DO UPDATE SET session = excluded.session, signed_in_at = excluded.signed_in_at, seen_at = excluded.seen_at,
    clock_offset_ms = excluded.clock_offset_ms, hotlist = excluded.hotlist, bundle = excluded.bundle, program = excluded.program
RETURNING terminal;

--: heartbeat(terminals text[], at timestamptz[], clock_offsets_ms bigint[], waiting bigint[], hotlists bigint[], bundles text[], storage_ok boolean[], programs text[]) -> terminal
-- What devices told of themselves; of one that never signed in nothing comes back.
UPDATE terminals_presence AS p SET seen_at = w.at, clock_offset_ms = w.clock_offset_ms, waiting = w.waiting, hotlist = w.hotlist,
    bundle = w.bundle, storage_ok = w.storage_ok, program = w.program
FROM unnest($1::text[], $2::timestamptz[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::boolean[], $8::text[])
    AS w (terminal, at, clock_offset_ms, waiting, hotlist, bundle, storage_ok, program)
WHERE p.terminal = w.terminal
RETURNING p.terminal;

--: arrivals(terminal text, newest integer) -> what, first, last
-- Among the newest uses of a terminal: numbers that never came (`gap`), and numbers under which other content came too; and
-- whether an open alarm says that there are two of it (`cloned`).
WITH newest AS MATERIALIZED (
    SELECT seq FROM ledger_use_v1 WHERE terminal = $1::text ORDER BY seq DESC LIMIT $2::integer
), stepped AS (
    SELECT seq, lag(seq) OVER (ORDER BY seq) AS before FROM newest
)
SELECT 'gap' AS what, before + 1 AS first, seq - 1 AS last FROM stepped WHERE seq > before + 1
UNION ALL
SELECT DISTINCT 'duplicate', c.seq, c.seq
FROM ledger_conflict_v1 AS c WHERE c.terminal = $1::text AND c.seq >= (SELECT min(seq) FROM newest)
UNION ALL
SELECT 'cloned', 0, 0
WHERE EXISTS (SELECT FROM terminals_alarm_v1 AS a
    WHERE a.terminal = $1::text AND a.kind IN ('clone', 'fork') AND a.settled_at IS NULL)
ORDER BY 1, 2;

--: raise_alarm(terminal text, kind text, digest bytea, at timestamptz, evidence text) -> terminal
-- Keep what proves that something is wrong with a terminal's identity; until an operator settles it the same finding is kept
-- once, and of one kind a hundred.
WITH now AS (
    SELECT count(*)::integer AS episode FROM terminals_settlement WHERE terminal = $1::text
)
INSERT INTO terminals_alarm (terminal, kind, digest, at, evidence, episode)
SELECT $1::text, $2::text, $3::bytea, $4::timestamptz, $5::text::jsonb, now.episode
FROM now
WHERE (SELECT count(*) FROM terminals_alarm AS a WHERE a.terminal = $1::text AND a.kind = $2::text AND a.episode = now.episode) < 100
ON CONFLICT DO NOTHING
RETURNING terminal;

--: alarms(terminals text[], every boolean, settled boolean) -> terminal, kind, at, evidence, settled_at, reason
-- What was found wrong with the identity of some terminals, or of every one, newest first; what is settled only if asked for.
SELECT a.terminal, a.kind, a.at, a.evidence::text AS evidence, s.at AS settled_at, s.reason
FROM terminals_alarm AS a LEFT JOIN terminals_settlement AS s ON s.terminal = a.terminal AND s.episode = a.episode
WHERE (a.terminal = ANY ($1::text[]) OR $2::boolean) AND (s.at IS NULL OR $3::boolean)
ORDER BY a.at DESC, a.terminal, a.kind, a.digest LIMIT 1000;

--: alarms_among(prefixes text[], settled boolean, most bigint) -> terminal, kind, at, evidence, settled_at, reason
-- The newest of devices in some regions; what is settled only if asked for.
SELECT a.terminal, a.kind, a.at, a.evidence::text AS evidence, s.at AS settled_at, s.reason
FROM terminals_alarm AS a JOIN terminals_terminal AS d USING (terminal) JOIN terminals_site AS p USING (site)
    LEFT JOIN terminals_settlement AS s ON s.terminal = a.terminal AND s.episode = a.episode
WHERE p.region ^@ ANY ($1::text[]) AND (s.at IS NULL OR $2::boolean)
ORDER BY a.at DESC, a.terminal, a.kind, a.digest LIMIT $3::bigint;

--: alarmed() -> terminal, kind
-- Of which terminals an alarm of which kind was ever raised.
SELECT DISTINCT terminal, kind FROM terminals_alarm;

--: open_alarms() -> kind, alarms
-- How many alarms of each kind nobody has settled.
SELECT a.kind, count(*) AS alarms
FROM terminals_alarm AS a LEFT JOIN terminals_settlement AS s ON s.terminal = a.terminal AND s.episode = a.episode
WHERE s.at IS NULL GROUP BY a.kind ORDER BY a.kind;

--: settle_alarms(terminal text, at timestamptz, reason text) -> terminal
-- End the episode of a terminal's alarms; nothing comes back where none is open.
INSERT INTO terminals_settlement (terminal, episode, at, reason)
SELECT $1::text, e.episode, $2::timestamptz, $3::text
FROM (SELECT count(*)::integer AS episode FROM terminals_settlement WHERE terminal = $1::text) AS e
WHERE EXISTS (SELECT FROM terminals_alarm AS a WHERE a.terminal = $1::text AND a.episode = e.episode)
ON CONFLICT DO NOTHING
RETURNING terminal;

--: presence_of(terminal text) -> signed_in_at, seen_at, clock_offset_ms, waiting, hotlist, bundle, storage_ok, program
-- What a terminal told last.
SELECT signed_in_at, seen_at, clock_offset_ms, waiting, hotlist, bundle, storage_ok, program
FROM terminals_presence WHERE terminal = $1::text;

--: fleet(seen_since timestamptz, hotlist bigint) -> online, behind, waiting
-- How many terminals were heard of since then, how many of them hold an older hotlist, how many uses they have yet to send.
SELECT count(*) AS online, count(*) FILTER (WHERE hotlist < $2::bigint) AS behind, coalesce(sum(waiting), 0)::bigint AS waiting
FROM terminals_presence WHERE seen_at >= $1::timestamptz;

--: seen_at(terminal text, newest integer) -> credential
-- The credentials of the newest uses of one terminal.
SELECT DISTINCT u.credential
FROM (SELECT credential FROM ledger_use_v1 WHERE terminal = $1::text AND subject IS NOT NULL ORDER BY seq DESC LIMIT $2::integer) AS u;

--: registered_at(site text, most bigint) -> credential
-- The credentials in a site's own register, the newest first.
SELECT credential FROM terminals_expected WHERE site = $1::text ORDER BY since DESC, credential LIMIT $2::bigint;

--: expected(credentials bytea[], day date) -> alias, born, home_region, registered_region
-- What a terminal may know of the people it expects: birth date, home and registered region, never more.
WITH k AS MATERIALIZED (
    SELECT alias, subject FROM cards_alias_v1 WHERE key = ANY ($1::bytea[]) AND alias IS NOT NULL
), registered AS (
    SELECT DISTINCT ON (f.subject) f.subject, f.value
    FROM k JOIN people_fact_v1 AS f USING (subject)
    WHERE f.fact = 'registered_region' AND f.since <= $2::date ORDER BY f.subject, f.since DESC
)
SELECT k.alias, p.born, p.home_region, coalesce(r.value, '') AS registered_region
FROM k JOIN people_subject_v1 AS p USING (subject) LEFT JOIN registered AS r USING (subject)
ORDER BY k.alias;

--: expect(site text, credentials bytea[], since timestamptz) -> credential
-- Put credentials into a site's own register.
INSERT INTO terminals_expected (site, credential, since)
SELECT $1::text, w.credential, $3::timestamptz FROM unnest($2::bytea[]) AS w (credential)
ON CONFLICT DO NOTHING
RETURNING credential;

--: add_passes(terminal text, test_cases text[], at timestamptz) -> test_case
-- Test cases that a device passed.
INSERT INTO terminals_test_case (terminal, test_case, passed_at)
SELECT $1::text, w.test_case, $3::timestamptz FROM unnest($2::text[]) AS w (test_case)
ON CONFLICT DO NOTHING
RETURNING test_case;

--: passes_of(terminals text[]) -> terminal, test_case, passed_at
-- Which test cases devices passed, each with the last time.
SELECT terminal, test_case, max(passed_at) AS passed_at FROM terminals_test_case WHERE terminal = ANY ($1::text[])
GROUP BY terminal, test_case ORDER BY terminal, test_case;

--: used_on_trial(terminal text, since date) -> uses
-- How many real uses a device took since its site is on trial: somebody's, accepted.
SELECT count(*) AS uses FROM (
    SELECT FROM ledger_use_v1 WHERE terminal = $1::text AND day >= $2::date AND outcome = 'accepted' AND subject IS NOT NULL LIMIT 1
) AS u;

--: site_counts(prefixes text[], scenes text[], kind text, day date) -> region, state, sites
-- How many sites stand where on a day, by region: those whose region begins with one of *prefixes* and whose scene is the
-- one beside it ('*': any).
SELECT s.region, coalesce(t.state, '') AS state, count(*) AS sites
FROM terminals_site AS s LEFT JOIN LATERAL (
    SELECT w.state FROM terminals_site_state AS w WHERE w.site = s.site AND w.since <= $4::date ORDER BY w.since DESC LIMIT 1
) AS t ON true
WHERE EXISTS (SELECT FROM unnest($1::text[], $2::text[]) AS r (prefix, scene) WHERE s.region ^@ r.prefix AND r.scene IN ('*', s.scene))
    AND ($3::text = '' OR s.kind = $3::text)
GROUP BY s.region, t.state ORDER BY s.region, t.state;

--: sites_within(prefixes text[], scenes text[], kind text, states text[], inside text, sites text[], day date, after text, most bigint) -> site, operator, kind, scene, region, name_zh, name_en, services, capacity, agreed_percent, agreed_price_fen, agreed_share, opening, planned_for, state_days, states
-- The next sites after one of them, by name: of some regions and scenes as above, of a kind ('' any), in some states on a day (none:
-- any), inside a region, or these alone (none: any). Each with its way.
SELECT s.site, s.operator, s.kind, s.scene, s.region, s.name_zh, s.name_en, s.services, s.capacity, s.agreed_percent,
    s.agreed_price_fen, s.agreed_share, s.opening::text AS opening, s.planned_for, w.state_days, w.states
FROM terminals_site AS s LEFT JOIN LATERAL (
    SELECT array_agg(t.since ORDER BY t.since) AS state_days, array_agg(t.state ORDER BY t.since) AS states,
        (array_agg(t.state ORDER BY t.since DESC) FILTER (WHERE t.since <= $7::date))[1] AS state
    FROM terminals_site_state AS t WHERE t.site = s.site
) AS w ON true
WHERE EXISTS (SELECT FROM unnest($1::text[], $2::text[]) AS r (prefix, scene) WHERE s.region ^@ r.prefix AND r.scene IN ('*', s.scene))
    AND s.region ^@ $5::text AND s.site > $8::text
    AND ($3::text = '' OR s.kind = $3::text)
    AND (cardinality($4::text[]) = 0 OR w.state = ANY ($4::text[]))
    AND (cardinality($6::text[]) = 0 OR s.site = ANY ($6::text[]))
ORDER BY s.site LIMIT $9::bigint;

--: late_sites(prefixes text[], scenes text[], kind text, inside text, day date) -> site
-- Sites that were to be live by a day and were not: of some regions and scenes as above, of a kind ('' any), inside a region.
SELECT s.site
FROM terminals_site AS s LEFT JOIN LATERAL (
    SELECT w.state FROM terminals_site_state AS w WHERE w.site = s.site AND w.since <= $5::date ORDER BY w.since DESC LIMIT 1
) AS t ON true
WHERE EXISTS (SELECT FROM unnest($1::text[], $2::text[]) AS r (prefix, scene) WHERE s.region ^@ r.prefix AND r.scene IN ('*', s.scene))
    AND s.region ^@ $4::text AND ($3::text = '' OR s.kind = $3::text)
    AND s.planned_for <= $5::date AND t.state IS NOT NULL AND t.state <> 'live'
ORDER BY s.site;

--: terminals_at(sites text[]) -> terminal, site, model, bound_on, unbound_on
-- The devices of some sites, by name.
SELECT terminal, site, model, bound_on, unbound_on FROM terminals_terminal WHERE site = ANY ($1::text[]) ORDER BY terminal;

--: health(prefixes text[], scenes text[], kind text, inside text, need text, quiet_since timestamptz, hotlist bigint, clock_off_ms bigint, day date, terminals text[], after text, most bigint) -> terminal, site, region, kind, scene, name_zh, name_en, model, signed_in_at, seen_at, clock_offset_ms, waiting, hotlist, storage_ok, program, used_at, alarms
-- How the next devices do that are bound on a day: of some regions and scenes as above; *need* is what somebody must look after
-- ('' anything): silent, behind, waiting, clock, alarm. Silent is who neither told nor took anything since then.
SELECT d.terminal, d.site, s.region, s.kind, s.scene, s.name_zh, s.name_en, d.model, p.signed_in_at, p.seen_at, p.clock_offset_ms,
    p.waiting, p.hotlist, p.storage_ok, p.program, u.used_at, a.alarms
FROM terminals_terminal AS d JOIN terminals_site AS s USING (site) LEFT JOIN terminals_presence AS p USING (terminal)
    LEFT JOIN LATERAL (
        SELECT w.occurred_at AS used_at FROM ledger_use_v1 AS w WHERE w.terminal = d.terminal ORDER BY w.seq DESC LIMIT 1
    ) AS u ON true
    LEFT JOIN LATERAL (
        SELECT count(*) AS alarms FROM terminals_alarm_v1 AS w WHERE w.terminal = d.terminal AND w.settled_at IS NULL
    ) AS a ON true
WHERE EXISTS (SELECT FROM unnest($1::text[], $2::text[]) AS r (prefix, scene) WHERE s.region ^@ r.prefix AND r.scene IN ('*', s.scene))
    AND s.region ^@ $4::text AND d.terminal > $11::text
    AND (d.unbound_on IS NULL OR d.unbound_on > $9::date)
    AND ($3::text = '' OR s.kind = $3::text)
    AND (cardinality($10::text[]) = 0 OR d.terminal = ANY ($10::text[]))
    AND CASE $5::text
        WHEN 'silent' THEN coalesce(greatest(p.seen_at, u.used_at) < $6::timestamptz, true)
        WHEN 'behind' THEN p.hotlist < $7::bigint
        WHEN 'waiting' THEN p.waiting > 0
        WHEN 'clock' THEN abs(p.clock_offset_ms) > $8::bigint
        WHEN 'alarm' THEN a.alarms > 0
        ELSE true END
ORDER BY d.terminal LIMIT $12::bigint;

--: health_counts(prefixes text[], scenes text[], kind text, inside text, quiet_since timestamptz, hotlist bigint, clock_off_ms bigint, day date) -> terminals, silent, behind, waiting, uses_waiting, clock, alarm
-- The same, counted: how many devices there are, and how many need each thing.
SELECT count(*) AS terminals,
    count(*) FILTER (WHERE coalesce(greatest(p.seen_at, u.used_at) < $5::timestamptz, true)) AS silent,
    count(*) FILTER (WHERE p.hotlist < $6::bigint) AS behind,
    count(*) FILTER (WHERE p.waiting > 0) AS waiting,
    coalesce(sum(p.waiting), 0)::bigint AS uses_waiting,
    count(*) FILTER (WHERE abs(p.clock_offset_ms) > $7::bigint) AS clock,
    count(*) FILTER (WHERE a.alarmed) AS alarm
FROM terminals_terminal AS d JOIN terminals_site AS s USING (site) LEFT JOIN terminals_presence AS p USING (terminal)
    LEFT JOIN LATERAL (
        SELECT w.occurred_at AS used_at FROM ledger_use_v1 AS w WHERE w.terminal = d.terminal ORDER BY w.seq DESC LIMIT 1
    ) AS u ON true
    LEFT JOIN LATERAL (
        SELECT EXISTS (SELECT FROM terminals_alarm_v1 AS w WHERE w.terminal = d.terminal AND w.settled_at IS NULL) AS alarmed
    ) AS a ON true
WHERE EXISTS (SELECT FROM unnest($1::text[], $2::text[]) AS r (prefix, scene) WHERE s.region ^@ r.prefix AND r.scene IN ('*', s.scene))
    AND s.region ^@ $4::text AND (d.unbound_on IS NULL OR d.unbound_on > $8::date) AND ($3::text = '' OR s.kind = $3::text);

--: search_sites(prefixes text[], text text, most bigint) -> site, kind, scene, region, name_zh, name_en
-- Sites whose name holds a text in small letters; `%` and `_` are letters like any other. A city has some thousand sites.
SELECT site, kind, scene, region, name_zh, name_en FROM terminals_site
WHERE region ^@ ANY ($1::text[]) AND (strpos(lower(name_zh), $2::text) > 0 OR strpos(lower(name_en), $2::text) > 0 OR lower(site) = $2::text)
ORDER BY region, name_zh, site LIMIT $3::bigint;

--: search_terminals(prefixes text[], text text, most bigint) -> terminal, site, kind, scene, region, name_zh, name_en
-- Devices whose name begins with a text in small letters, with their sites.
SELECT t.terminal, s.site, s.kind, s.scene, s.region, s.name_zh, s.name_en
FROM terminals_terminal AS t JOIN terminals_site AS s USING (site)
WHERE s.region ^@ ANY ($1::text[]) AND lower(t.terminal) ^@ $2::text
ORDER BY t.terminal LIMIT $3::bigint;
