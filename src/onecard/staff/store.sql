--: find_account(account text) -> account, person, password_hash, totp_key_id, totp_sealed, closed_at, name, rights
-- An account with its person, for signing in.
SELECT a.account, a.person, a.password_hash, a.totp_key_id, a.totp_sealed, a.closed_at, p.name, p.rights
FROM staff_account AS a JOIN staff_person AS p USING (person) WHERE a.account = $1::text;

--: find_proof(kind text, reference text) -> account, public_key, sign_count
-- Whose passkey, or whose subject at an identity provider, this is.
SELECT account, public_key, sign_count FROM staff_proof WHERE kind = $1::text AND reference = $2::text;

--: add_proof(kind text, reference text, account text, public_key bytea, since timestamptz) -> account
-- One more way to prove who one is. No row comes back where it is somebody's already.
INSERT INTO staff_proof (kind, reference, account, public_key, since)
VALUES ($1::text, $2::text, $3::text, $4::bytea, $5::timestamptz)
ON CONFLICT DO NOTHING
RETURNING account;

--: count_proof(kind text, reference text, before bigint, sign_count bigint) -> reference
-- A passkey counted on. No row comes back where it was counted meanwhile: a copy of it may be about.
UPDATE staff_proof SET sign_count = $4::bigint
WHERE kind = $1::text AND reference = $2::text AND sign_count = $3::bigint RETURNING reference;

--: use_challenge(challenge bytea, used_at timestamptz) -> challenge
-- A challenge is answered. No row comes back where it was before.
INSERT INTO staff_challenge (challenge, used_at) VALUES ($1::bytea, $2::timestamptz) ON CONFLICT DO NOTHING RETURNING challenge;

--: take_attempt(kind text, key_hash bytea, failures_max integer, at timestamptz, fresh_after timestamptz, lock interval) -> failures, locked_until
-- One more try is counted before it is looked at, and the last one locks at once: a thousand at the same moment are counted one
-- by one. No row comes back while it is locked. After a lock the count begins again, and the next lock lasts twice as long.
INSERT INTO staff_throttle AS t (kind, key_hash, failures, rounds, since, locked_until)
VALUES ($1::text, $2::bytea, 1, 0, $4::timestamptz, NULL)
ON CONFLICT (kind, key_hash) DO UPDATE SET
    failures = CASE WHEN t.locked_until IS NOT NULL OR t.since < $5::timestamptz THEN 1 ELSE t.failures + 1 END,
    rounds = CASE
        WHEN t.locked_until IS NULL AND t.failures + 1 >= $3::integer AND t.since >= $5::timestamptz THEN t.rounds + 1
        WHEN t.since < $5::timestamptz - interval '1 day' THEN 0
        ELSE t.rounds END,
    since = CASE WHEN t.locked_until IS NOT NULL OR t.since < $5::timestamptz THEN $4::timestamptz ELSE t.since END,
    locked_until = CASE
        WHEN t.locked_until IS NULL AND t.failures + 1 >= $3::integer AND t.since >= $5::timestamptz
        THEN $4::timestamptz + $6::interval * (2 ^ least(t.rounds, 6)) END
WHERE t.locked_until IS NULL OR t.locked_until <= $4::timestamptz
RETURNING failures, locked_until;

--: find_throttle(kind text, key_hash bytea) -> failures, rounds, since, locked_until
-- How a name or an address stands.
SELECT failures, rounds, since, locked_until FROM staff_throttle WHERE kind = $1::text AND key_hash = $2::bytea;

--: forgive(kind text, key_hash bytea, at timestamptz) -> kind
-- It was the right one: the count begins anew.
UPDATE staff_throttle SET failures = 0, rounds = 0, since = $3::timestamptz, locked_until = NULL
WHERE kind = $1::text AND key_hash = $2::bytea RETURNING kind;

--: give_back(kind text, key_hash bytea) -> failures
-- A right sign-in from an address is none of its failures.
UPDATE staff_throttle SET failures = greatest(failures - 1, 0), locked_until = NULL
WHERE kind = $1::text AND key_hash = $2::bytea RETURNING failures;

--: use_step(account text, step bigint) -> step
-- A one-time code is used. No row comes back where it, or one after it, was before.
INSERT INTO staff_totp_last AS l (account, step) VALUES ($1::text, $2::bigint)
ON CONFLICT (account) DO UPDATE SET step = excluded.step WHERE l.step < excluded.step RETURNING step;

--: add_session(session_hash bytea, account text, person text, as_person text, rights bigint, as_rights bigint, opened_at timestamptz, until timestamptz, address text) -> session_hash
-- Somebody signed in.
INSERT INTO staff_session (session_hash, account, person, as_person, rights, as_rights, opened_at, until, seen_at, address)
VALUES ($1::bytea, $2::text, $3::text, $4::text, $5::bigint, $6::bigint, $7::timestamptz, $8::timestamptz, $7::timestamptz, $9::text)
RETURNING session_hash;

--: find_session(session_hash bytea, at timestamptz, day date) -> account, person, as_person, name, opened_at, seen_at, until
-- A session that holds: not ended, not too old, the account open, and nobody's rights changed since. In another's place only
-- as long as the delegation runs.
SELECT s.account, s.person, s.as_person, p.name, s.opened_at, s.seen_at, s.until
FROM staff_session AS s
    JOIN staff_person AS p ON p.person = s.person AND p.rights = s.rights
    JOIN staff_account AS a ON a.account = s.account AND a.closed_at IS NULL
WHERE s.session_hash = $1::bytea AND s.ended_at IS NULL AND s.until > $2::timestamptz AND (
    s.as_person = '' OR EXISTS (
        SELECT FROM staff_person AS o JOIN staff_delegation AS d ON d.person = o.person
        WHERE o.person = s.as_person AND o.rights = s.as_rights AND d.delegate = s.person AND d.ended_at IS NULL
            AND $3::date BETWEEN d.from_day AND d.until_day
    )
);

--: touch_session(session_hash bytea, at timestamptz) -> session_hash
-- It is in use.
UPDATE staff_session SET seen_at = $2::timestamptz WHERE session_hash = $1::bytea AND ended_at IS NULL RETURNING session_hash;

--: end_session(session_hash bytea, at timestamptz) -> session_hash
-- Signed out, or replaced by a new one.
UPDATE staff_session SET ended_at = $2::timestamptz WHERE session_hash = $1::bytea AND ended_at IS NULL RETURNING session_hash;

--: grants_of(person text, day date) -> grant_id, person, role, region, scene, programme, from_day, until_day
-- What a person was granted and holds on a day.
SELECT grant_id, person, role, region, scene, programme, from_day, until_day FROM staff_grant
WHERE person = $1::text AND ended_at IS NULL AND from_day <= $2::date AND (until_day IS NULL OR until_day >= $2::date)
ORDER BY role, grant_id;

--: find_delegation(person text, delegate text, day date) -> rights
-- The rights' number of whoever lets *delegate* act in his place on a day.
SELECT p.rights FROM staff_delegation AS d JOIN staff_person AS p USING (person)
WHERE d.person = $1::text AND d.delegate = $2::text AND d.ended_at IS NULL AND $3::date BETWEEN d.from_day AND d.until_day;

--: add_person(person text, name text) -> person
-- A human being; who is there already comes back as no row.
INSERT INTO staff_person (person, name) VALUES ($1::text, $2::text) ON CONFLICT DO NOTHING RETURNING person;

--: find_person(person text) -> person, name, rights
-- One of the staff.
SELECT person, name, rights FROM staff_person WHERE person = $1::text;

--: move_rights(person text) -> rights
-- His rights changed: every session of his is worth nothing from now on.
UPDATE staff_person SET rights = rights + 1 WHERE person = $1::text RETURNING rights;

--: add_account(account text, person text, password_hash text, totp_key_id text, totp_sealed bytea, made_by text, made_at timestamptz) -> account
-- A way to sign in; a name that is taken comes back as no row.
INSERT INTO staff_account (account, person, password_hash, totp_key_id, totp_sealed, made_by, made_at)
VALUES ($1::text, $2::text, $3::text, $4::text, $5::bytea, $6::text, $7::timestamptz)
ON CONFLICT DO NOTHING
RETURNING account;

--: change_password(account text, kept text, password_hash text) -> person
-- A new password, unless the old one was changed meanwhile.
UPDATE staff_account SET password_hash = $3::text
WHERE account = $1::text AND password_hash = $2::text AND closed_at IS NULL RETURNING person;

--: close_account(account text, at timestamptz) -> person
-- Nobody signs in by it any more.
UPDATE staff_account SET closed_at = $2::timestamptz WHERE account = $1::text AND closed_at IS NULL RETURNING person;

--: add_admin(person text, class text) -> class
-- A person becomes an administrator of one class for good; whoever is one already keeps his class, and that comes back.
INSERT INTO staff_admin AS a (person, class) VALUES ($1::text, $2::text)
ON CONFLICT (person) DO NOTHING RETURNING class;

--: find_admin(person text) -> class
-- Which administrator a person is.
SELECT class FROM staff_admin WHERE person = $1::text;

--: any_grant(role text) -> held
-- Whether anyone was ever granted a role.
SELECT EXISTS (SELECT FROM staff_grant WHERE role = $1::text) AS held;

--: add_grant(grant_id uuid, person text, role text, admin_class text, region text, scene text, programme text, from_day date, until_day date, granted_by text, granted_at timestamptz) -> grant_id
-- A role is given.
INSERT INTO staff_grant (grant_id, person, role, admin_class, region, scene, programme, from_day, until_day, granted_by, granted_at)
VALUES ($1::uuid, $2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::date, $9::date, $10::text, $11::timestamptz)
RETURNING grant_id;

--: end_grant(grant_id uuid, ended_by text, at timestamptz) -> person
-- A role is taken back.
UPDATE staff_grant SET ended_by = $2::text, ended_at = $3::timestamptz
WHERE grant_id = $1::uuid AND ended_at IS NULL RETURNING person;

--: add_delegation(person text, delegate text, from_day date, until_day date, made_by text, made_at timestamptz) -> delegate
-- Somebody may act in another's place for some days.
INSERT INTO staff_delegation (person, delegate, from_day, until_day, made_by, made_at)
VALUES ($1::text, $2::text, $3::date, $4::date, $5::text, $6::timestamptz)
ON CONFLICT DO NOTHING
RETURNING delegate;

--: end_delegations(person text, delegate text, at timestamptz) -> delegate
-- No longer.
UPDATE staff_delegation SET ended_at = $3::timestamptz
WHERE person = $1::text AND delegate = $2::text AND ended_at IS NULL RETURNING delegate;

--: list_grants() -> grant_id, person, name, role, region, scene, programme, from_day, until_day, granted_by, ended_at
-- Who was granted what, newest last.
SELECT g.grant_id, g.person, p.name, g.role, g.region, g.scene, g.programme, g.from_day, g.until_day, g.granted_by, g.ended_at
FROM staff_grant AS g JOIN staff_person AS p USING (person) ORDER BY g.person, g.granted_at, g.grant_id;

--: list_accounts() -> account, person, name, made_by, made_at, closed_at
-- Every way to sign in.
SELECT a.account, a.person, p.name, a.made_by, a.made_at, a.closed_at
FROM staff_account AS a JOIN staff_person AS p USING (person) ORDER BY a.account;

--: add_request(approval uuid, kind text, object text, digest bytea, region text, scene text, programme text, subject bigint, payload text, reason text, prepared_at timestamptz, prepared_by text, prepared_as text, session_hash bytea) -> approval
-- Something waits for a second person.
WITH waits AS (
    INSERT INTO staff_waiting (approval, prepared_at) VALUES ($1::uuid, $11::timestamptz)
)
INSERT INTO staff_request (approval, kind, object, digest, region, scene, programme, subject, payload, reason, prepared_at, prepared_by,
    prepared_as, session_hash)
VALUES ($1::uuid, $2::text, $3::text, $4::bytea, $5::text, $6::text, $7::text, $8::bigint, $9::text::jsonb, $10::text, $11::timestamptz,
    $12::text, $13::text, $14::bytea)
RETURNING approval;

--: find_request(approval uuid, prefixes text[]) -> approval, kind, object, digest, region, scene, programme, subject, payload, reason, prepared_at, prepared_by, prepared_as, decision, decision_reason, decided_at, decided_by, decided_as
-- What waits, or was decided, if it is of a region that begins with one of *prefixes*.
SELECT r.approval, r.kind, r.object, r.digest, r.region, r.scene, r.programme, r.subject, r.payload, r.reason, r.prepared_at,
    r.prepared_by, r.prepared_as, d.decision, d.reason AS decision_reason, d.decided_at, d.decided_by, d.decided_as
FROM staff_request AS r LEFT JOIN staff_decision AS d USING (approval)
WHERE r.approval = $1::uuid AND r.region ^@ ANY ($2::text[]);

--: list_requests(prefixes text[], decision text, kind text, after timestamptz, after_approval uuid, most bigint) -> approval, kind, object, digest, region, scene, programme, subject, payload, reason, prepared_at, prepared_by, prepared_as, decision, decision_reason, decided_at, decided_by, decided_as
-- What waits or was decided, newest first, before one of them; '' for any decision or kind.
SELECT r.approval, r.kind, r.object, r.digest, r.region, r.scene, r.programme, r.subject, r.payload, r.reason, r.prepared_at,
    r.prepared_by, r.prepared_as, d.decision, d.reason AS decision_reason, d.decided_at, d.decided_by, d.decided_as
FROM staff_request AS r LEFT JOIN staff_decision AS d USING (approval)
WHERE r.region ^@ ANY ($1::text[])
    AND ($2::text = '' OR d.decision = $2::text)
    AND ($3::text = '' OR r.kind = $3::text)
    AND (r.prepared_at, r.approval) < ($4::timestamptz, $5::uuid)
ORDER BY r.prepared_at DESC, r.approval DESC LIMIT $6::bigint;

--: list_waiting(prefixes text[], kind text, after timestamptz, after_approval uuid, most bigint) -> approval, kind, object, digest, region, scene, programme, subject, payload, reason, prepared_at, prepared_by, prepared_as, decision, decision_reason, decided_at, decided_by, decided_as
-- The same of what waits alone, along the list of it.
SELECT r.approval, r.kind, r.object, r.digest, r.region, r.scene, r.programme, r.subject, r.payload, r.reason, r.prepared_at,
    r.prepared_by, r.prepared_as, d.decision, d.reason AS decision_reason, d.decided_at, d.decided_by, d.decided_as
FROM staff_waiting AS w JOIN staff_request AS r USING (approval) LEFT JOIN staff_decision AS d USING (approval)
WHERE r.region ^@ ANY ($1::text[]) AND ($2::text = '' OR r.kind = $2::text)
    AND (w.prepared_at, w.approval) < ($3::timestamptz, $4::uuid) AND d.approval IS NULL
ORDER BY w.prepared_at DESC, w.approval DESC LIMIT $5::bigint;

--: requests_of(subject bigint, prefixes text[], most bigint) -> approval, kind, object, digest, region, scene, programme, subject, payload, reason, prepared_at, prepared_by, prepared_as, decision, decision_reason, decided_at, decided_by, decided_as
-- What waits about one person, newest first.
SELECT r.approval, r.kind, r.object, r.digest, r.region, r.scene, r.programme, r.subject, r.payload, r.reason, r.prepared_at,
    r.prepared_by, r.prepared_as, d.decision, d.reason AS decision_reason, d.decided_at, d.decided_by, d.decided_as
FROM staff_request AS r LEFT JOIN staff_decision AS d USING (approval)
WHERE r.subject = $1::bigint AND r.region ^@ ANY ($2::text[]) AND d.approval IS NULL
ORDER BY r.prepared_at DESC LIMIT $3::bigint;

--: add_decision(approval uuid, digest bytea, prepared_by text, prepared_as text, decision text, reason text, decided_at timestamptz, decided_by text, decided_as text, session_hash bytea) -> approval
-- The second person decides, and it waits no more. Of two at once one is written; the other gets no row back.
WITH decided AS (
    INSERT INTO staff_decision (
        approval, digest, prepared_by, prepared_as, decision, reason, decided_at, decided_by, decided_as, session_hash)
    VALUES ($1::uuid, $2::bytea, $3::text, $4::text, $5::text, $6::text, $7::timestamptz, $8::text, $9::text, $10::bytea)
    ON CONFLICT DO NOTHING
    RETURNING approval
), gone AS (
    DELETE FROM staff_waiting AS w USING decided AS d WHERE w.approval = d.approval
)
SELECT approval FROM decided;

--: use_approval(approval uuid, used_at timestamptz, session_hash bytea) -> approval
-- An approval is used up. No row comes back where it was before.
INSERT INTO staff_approval_use (approval, used_at, session_hash) VALUES ($1::uuid, $2::timestamptz, $3::bytea)
ON CONFLICT DO NOTHING RETURNING approval;

--: count_totps() -> key_id, rows
-- How many second factors each key has sealed.
SELECT totp_key_id AS key_id, count(*) AS rows FROM staff_account GROUP BY totp_key_id;

--: page_totps(after text, but text[], rows integer) -> account, totp_key_id, totp_sealed
-- The next sealed second factors after an account, but those that some keys sealed.
SELECT account, totp_key_id, totp_sealed FROM staff_account
WHERE account > $1::text AND totp_key_id <> ALL ($2::text[]) ORDER BY account LIMIT $3::integer;

--: reseal_totp(account text, sealed bytea, new_key_id text, new_sealed bytea) -> account
-- The same second factor under another key, unless it was changed meanwhile.
UPDATE staff_account SET totp_key_id = $3::text, totp_sealed = $4::bytea
WHERE account = $1::text AND totp_sealed = $2::bytea RETURNING account;

--: sessions_of(person text, at timestamptz) -> session_hash, account, as_person, opened_at, seen_at, until, address
-- Where somebody is signed in, newest first; idleness is the caller's to judge.
SELECT session_hash, account, as_person, opened_at, seen_at, until, address FROM staff_session
WHERE person = $1::text AND ended_at IS NULL AND until > $2::timestamptz
ORDER BY opened_at DESC, session_hash LIMIT 50;

--: end_session_of(person text, session_hash bytea, at timestamptz) -> session_hash
-- Somebody ends a session of his own, from another place.
UPDATE staff_session SET ended_at = $3::timestamptz
WHERE person = $1::text AND session_hash = $2::bytea AND ended_at IS NULL RETURNING session_hash;
