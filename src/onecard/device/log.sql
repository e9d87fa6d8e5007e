-- What a terminal asks of its own log, which is SQLite.

--: meta(name text) -> value
-- One thing that is known by name.
SELECT value FROM meta WHERE name = ?1;

--: keep_meta(name text, value blob)
-- Know one thing by name.
INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value;

--: add_tap(seq integer, at_ms integer, content text, chain text)
-- A new use. Never over another: that would be a lost use.
INSERT INTO tap (seq, at_ms, content, chain, state) VALUES (?1, ?2, ?3, ?4, 'asked');

--: settle_tap(seq integer, state text, answer text, offline text) -> changed
-- What was shown. Only of a use that was not shown before.
UPDATE tap SET state = ?2, answer = ?3, offline = ?4 WHERE seq = ?1 AND state = 'asked';

--: add_late(seq integer, late text)
-- The server's answer to a use that was decided here meanwhile.
UPDATE tap SET late = ?2 WHERE seq = ?1 AND state IN ('waiting', 'sent');

--: uploaded(seq integer, state text, verdict text, upload text)
-- What the server said to a use that waited.
UPDATE tap SET state = ?2, verdict = ?3, upload = ?4 WHERE seq = ?1 AND state = 'waiting';

--: waiting(most integer) -> seq, content, chain, offline, answer
-- The first uses that wait, in their order.
SELECT seq, content, chain, offline, answer FROM tap WHERE state = 'waiting' ORDER BY seq LIMIT ?1;

--: waiting_count() -> count
-- How many wait.
SELECT count(*) FROM tap WHERE state = 'waiting';

--: turn_asked(answer text, offline text)
-- After a start: what the server was asked and nobody was told. Who stood there was not let in, and the server is told so.
UPDATE tap SET state = 'waiting', answer = ?1, offline = ?2 WHERE state = 'asked';

--: lost_on_server(first integer, last integer) -> seq, answer
-- Uses that are settled here and that the server says it never saw.
SELECT seq, answer FROM tap WHERE seq BETWEEN ?1 AND ?2 AND state IN ('answered', 'sent') AND answer IS NOT NULL LIMIT 1000;

--: wait_again(seq integer, offline text)
-- A settled use has to be sent once more.
UPDATE tap SET state = 'waiting', offline = ?2 WHERE seq = ?1 AND state IN ('answered', 'sent');

--: counts() -> state, count
-- How many uses stand in each state.
SELECT state, count(*) FROM tap GROUP BY state;

--: forget_taps(before_ms integer)
-- Settled uses that are old; what waits stays.
DELETE FROM tap WHERE at_ms < ?1 AND state IN ('answered', 'sent', 'void');

--: seen(alias blob) -> told
-- What is remembered of one card.
SELECT told FROM seen WHERE alias = ?1;

--: keep_seen(alias blob, at_ms integer, told text)
-- Remember one card.
INSERT INTO seen (alias, at_ms, told) VALUES (?1, ?2, ?3) ON CONFLICT (alias) DO UPDATE SET at_ms = excluded.at_ms, told = excluded.told;

--: forget_seen(before_ms integer)
-- Cards that were not here for long.
DELETE FROM seen WHERE at_ms < ?1 AND alias <> x'';

--: code_seen(spends blob) -> spends
-- Whether a code was answered here.
SELECT spends FROM code WHERE spends = ?1;

--: keep_code(spends blob, at_ms integer)
-- A code was answered.
INSERT INTO code (spends, at_ms) VALUES (?1, ?2) ON CONFLICT (spends) DO NOTHING;

--: forget_codes(before_ms integer)
-- Codes that nobody could show any more.
DELETE FROM code WHERE at_ms < ?1;
