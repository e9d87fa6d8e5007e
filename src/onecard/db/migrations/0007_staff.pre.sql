-- Staff: persons and their accounts, what they were granted and where, sessions, four eyes, and the second wall: a role of
-- the database that sees the rows of its regions alone.

DO $$
DECLARE
    role_name text;
    may_exempt boolean := (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user);
BEGIN
    BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'onecard_console') THEN
            CREATE ROLE onecard_console LOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;
    END;
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        GRANT onecard_console TO CURRENT_USER;
    END IF;
    -- The other roles see everything, so they are spared the question; where the owner may not exempt them, a policy that
    -- is always true says the same. Two databases of one server may come here at the same moment.
    FOREACH role_name IN ARRAY ARRAY['onecard_lane', 'onecard_desk', 'onecard_batch', 'onecard_audit_ro'] LOOP
        IF may_exempt AND NOT (SELECT rolbypassrls FROM pg_roles WHERE rolname = role_name) THEN
            BEGIN
                EXECUTE format('ALTER ROLE %I BYPASSRLS', role_name);
            EXCEPTION WHEN internal_error THEN  -- "tuple concurrently updated": somebody else just did.
                NULL;
            END;
        END IF;
    END LOOP;
END
$$;

-- Where a person belongs: the region he is registered in, as told last. A cache of people_fact by which rows are found and walled.
CREATE TABLE people_scope (
    subject bigint PRIMARY KEY,
    region text NOT NULL,
    since date NOT NULL
);
CREATE INDEX people_scope_region ON people_scope (region COLLATE "C", subject);

-- A human being. Four eyes are counted by person, whatever the accounts. `rights` moves whenever his rights change: a session
-- that was opened before is worth nothing then.
CREATE TABLE staff_person (
    person text PRIMARY KEY CHECK (person ~ '^[a-z0-9][a-z0-9-]{0,63}$'),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    rights bigint NOT NULL DEFAULT 0 CHECK (rights >= 0)
);
CREATE TABLE staff_account (
    account text PRIMARY KEY CHECK (account ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
    person text NOT NULL,
    password_hash text NOT NULL,                -- Argon2id, with its own parameters and salt.
    totp_key_id text NOT NULL,
    totp_sealed bytea NOT NULL,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL,
    closed_at timestamptz,
    UNIQUE (account, person)
);
-- How else somebody may sign in: a passkey (its credential id and public key), or a subject at an identity provider.
CREATE TABLE staff_proof (
    kind text NOT NULL CHECK (kind IN ('passkey', 'oidc')),
    reference text NOT NULL,                    -- passkey: credential id, base64url; oidc: issuer and subject.
    account text NOT NULL,
    public_key bytea,
    sign_count bigint NOT NULL DEFAULT 0 CHECK (sign_count >= 0),
    since timestamptz NOT NULL,
    PRIMARY KEY (kind, reference)
);
-- A person administers the system, its security, or its audit; never two of them, now or later.
CREATE TABLE staff_admin (
    person text PRIMARY KEY,
    class text NOT NULL CHECK (class IN ('system', 'security', 'audit')),
    UNIQUE (person, class)
);
CREATE TABLE staff_grant (
    grant_id uuid PRIMARY KEY,
    person text NOT NULL,
    role text NOT NULL,
    admin_class text,
    region text NOT NULL CHECK (region ~ '^([1-9][0-9]{5}([0-9]{3}){0,2})?$'),  -- '' where the role concerns no region.
    scene text NOT NULL,
    programme text NOT NULL,
    from_day date NOT NULL,
    until_day date,                             -- Included.
    granted_by text NOT NULL,
    granted_at timestamptz NOT NULL,
    ended_by text,
    ended_at timestamptz,
    CONSTRAINT grant_by_another CHECK (granted_by <> person),
    CONSTRAINT grant_days CHECK (until_day >= from_day),
    CONSTRAINT grant_ended CHECK ((ended_by IS NULL) = (ended_at IS NULL)),
    CONSTRAINT grant_admin CHECK (coalesce(role = 'admin-' || admin_class, role NOT LIKE 'admin-%'))
);
CREATE INDEX staff_grant_person ON staff_grant (person);
-- A delegate acts in another's place for some days. Four eyes look at both.
CREATE TABLE staff_delegation (
    person text NOT NULL,
    delegate text NOT NULL,
    from_day date NOT NULL,
    until_day date NOT NULL,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL,
    ended_at timestamptz,
    PRIMARY KEY (person, delegate, from_day),
    CONSTRAINT delegation_to_another CHECK (delegate <> person),
    CONSTRAINT delegation_days CHECK (until_day >= from_day)
);

-- A session by the SHA-256 of its token, which is told once. `as_person`: in whose place, '' for himself.
CREATE TABLE staff_session (
    session_hash bytea PRIMARY KEY CHECK (octet_length(session_hash) = 32),
    account text NOT NULL,
    person text NOT NULL,
    as_person text NOT NULL,
    rights bigint NOT NULL,
    as_rights bigint NOT NULL,
    opened_at timestamptz NOT NULL,
    until timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    ended_at timestamptz,
    address text NOT NULL,
    UNIQUE (session_hash, person, as_person)
);
CREATE INDEX staff_session_person ON staff_session (person);
-- How often signing in failed lately, by keyed hash of the account's name or of the address. `rounds`: how often it was locked.
CREATE TABLE staff_throttle (
    kind text NOT NULL CHECK (kind IN ('account', 'address')),
    key_hash bytea NOT NULL CHECK (octet_length(key_hash) = 32),
    failures integer NOT NULL CHECK (failures >= 0),
    rounds integer NOT NULL CHECK (rounds >= 0),
    since timestamptz NOT NULL,
    locked_until timestamptz,
    PRIMARY KEY (kind, key_hash)
);
-- The thirty seconds whose one-time code an account has used: never again.
CREATE TABLE staff_totp_step (
    account text NOT NULL,
    step bigint NOT NULL,
    PRIMARY KEY (account, step)
);
-- A challenge that a passkey has answered: never again.
CREATE TABLE staff_challenge (
    challenge bytea PRIMARY KEY CHECK (octet_length(challenge) = 32),
    used_at timestamptz NOT NULL
);

-- Four eyes: what somebody prepared, and what somebody else decided. Both are written once.
CREATE TABLE staff_request (
    approval uuid PRIMARY KEY,
    kind text NOT NULL,
    object text NOT NULL,
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    region text NOT NULL CHECK (region <> ''),
    scene text NOT NULL,
    programme text NOT NULL,
    subject bigint,
    payload jsonb NOT NULL,
    reason text NOT NULL CHECK (length(reason) <= 200),
    prepared_at timestamptz NOT NULL,
    prepared_by text NOT NULL,
    prepared_as text NOT NULL,
    session_hash bytea NOT NULL,
    UNIQUE (approval, digest, prepared_by, prepared_as)
);
CREATE INDEX staff_request_newest ON staff_request (prepared_at, approval);
CREATE TABLE staff_decision (
    approval uuid PRIMARY KEY,
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    prepared_by text NOT NULL,
    prepared_as text NOT NULL,
    decision text NOT NULL CHECK (decision IN ('approve', 'refuse')),
    reason text NOT NULL CHECK (length(reason) <= 200),
    decided_at timestamptz NOT NULL,
    decided_by text NOT NULL,
    decided_as text NOT NULL,
    session_hash bytea NOT NULL,
    CONSTRAINT decision_by_another CHECK (
        decided_by <> prepared_by AND decided_by <> prepared_as
        AND (decided_as = '' OR (decided_as <> prepared_by AND decided_as <> prepared_as))
    )
);
-- An approval that its preparer has used up, such as one look at a full number.
CREATE TABLE staff_approval_use (
    approval uuid PRIMARY KEY,
    used_at timestamptz NOT NULL,
    session_hash bytea NOT NULL
);

SELECT oc_distribute('people_scope', 'subject', 'people_subject');
SELECT oc_reference('staff_person');
SELECT oc_reference('staff_account');
SELECT oc_reference('staff_proof');
SELECT oc_reference('staff_admin');
SELECT oc_reference('staff_grant');
SELECT oc_reference('staff_delegation');
SELECT oc_reference('staff_session');
SELECT oc_reference('staff_throttle');
SELECT oc_reference('staff_totp_step');
SELECT oc_reference('staff_challenge');
SELECT oc_reference('staff_request');
SELECT oc_reference('staff_decision');
SELECT oc_reference('staff_approval_use');

ALTER TABLE people_scope ADD FOREIGN KEY (subject) REFERENCES people_subject (subject);
ALTER TABLE staff_account ADD FOREIGN KEY (person) REFERENCES staff_person (person);
ALTER TABLE staff_proof ADD FOREIGN KEY (account) REFERENCES staff_account (account);
ALTER TABLE staff_admin ADD FOREIGN KEY (person) REFERENCES staff_person (person);
ALTER TABLE staff_grant ADD FOREIGN KEY (person) REFERENCES staff_person (person);
ALTER TABLE staff_grant ADD FOREIGN KEY (person, admin_class) REFERENCES staff_admin (person, class);
ALTER TABLE staff_delegation ADD FOREIGN KEY (person) REFERENCES staff_person (person);
ALTER TABLE staff_delegation ADD FOREIGN KEY (delegate) REFERENCES staff_person (person);
ALTER TABLE staff_session ADD FOREIGN KEY (account, person) REFERENCES staff_account (account, person);
ALTER TABLE staff_totp_step ADD FOREIGN KEY (account) REFERENCES staff_account (account);
ALTER TABLE staff_request ADD FOREIGN KEY (session_hash, prepared_by, prepared_as)
    REFERENCES staff_session (session_hash, person, as_person);
ALTER TABLE staff_decision ADD FOREIGN KEY (session_hash, decided_by, decided_as)
    REFERENCES staff_session (session_hash, person, as_person);
ALTER TABLE staff_decision ADD FOREIGN KEY (approval, digest, prepared_by, prepared_as)
    REFERENCES staff_request (approval, digest, prepared_by, prepared_as);
ALTER TABLE staff_approval_use ADD FOREIGN KEY (approval) REFERENCES staff_decision (approval);

-- Who is registered already.
INSERT INTO people_scope (subject, region, since)
SELECT DISTINCT ON (subject) subject, value, since FROM people_fact
WHERE fact = 'registered_region' ORDER BY subject, since DESC;

CREATE VIEW people_scope_v1 WITH (security_invoker = true) AS SELECT subject, region FROM people_scope;
CREATE VIEW staff_person_v1 AS SELECT person, name FROM staff_person;
CREATE VIEW staff_request_v1 AS SELECT approval, kind, object, digest, region, subject, prepared_at, prepared_by, prepared_as FROM staff_request;
CREATE VIEW staff_decision_v1 AS SELECT approval, digest, decision, decided_at, decided_by, decided_as FROM staff_decision;

-- The program's other roles.
GRANT SELECT ON people_scope, people_scope_v1 TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro;
GRANT INSERT, UPDATE ON people_scope TO onecard_desk, onecard_batch;
GRANT SELECT ON staff_person, staff_account, staff_proof, staff_admin, staff_grant, staff_delegation, staff_session, staff_throttle,
    staff_totp_step, staff_challenge, staff_request, staff_decision, staff_approval_use, staff_person_v1, staff_request_v1,
    staff_decision_v1 TO onecard_desk;
GRANT SELECT ON staff_person_v1, staff_admin, staff_grant, staff_delegation, staff_request, staff_decision, staff_approval_use,
    staff_request_v1, staff_decision_v1 TO onecard_audit_ro;
GRANT INSERT ON staff_person, staff_account, staff_proof, staff_admin, staff_grant, staff_delegation, staff_session, staff_throttle,
    staff_totp_step, staff_challenge, staff_request, staff_decision, staff_approval_use TO onecard_desk;
GRANT UPDATE (rights) ON staff_person TO onecard_desk;
GRANT UPDATE (password_hash, totp_key_id, totp_sealed, closed_at) ON staff_account TO onecard_desk;
GRANT UPDATE (sign_count) ON staff_proof TO onecard_desk;
GRANT UPDATE (ended_by, ended_at) ON staff_grant TO onecard_desk;
GRANT UPDATE (ended_at) ON staff_delegation TO onecard_desk;
GRANT UPDATE (seen_at, ended_at) ON staff_session TO onecard_desk;
GRANT UPDATE ON staff_throttle TO onecard_desk;

-- What somebody who signed in may reach at all; which rows of it, the policies below say.
GRANT SELECT ON people_scope, people_scope_v1, people_subject, people_fact, people_identity, people_number, people_subject_v1,
    people_fact_v1 TO onecard_console;
GRANT INSERT ON people_fact TO onecard_console;
GRANT INSERT, UPDATE ON people_scope TO onecard_console;
GRANT SELECT ON cards_credential, cards_state, cards_card, cards_move, cards_bank_state, cards_binding, cards_application,
    cards_application_state, cards_credential_v1, cards_state_v1, cards_bank_state_v1, cards_binding_v1, cards_alias_v1
    TO onecard_console;
GRANT INSERT ON cards_state, cards_move, cards_bank_state TO onecard_console;
GRANT SELECT ON ledger_use, ledger_reversal, ledger_offline_answer, ledger_accumulator, ledger_use_v1, ledger_reversal_v1,
    ledger_offline_answer_v1, ledger_accumulator_v1 TO onecard_console;
GRANT SELECT ON terminals_operator, terminals_site, terminals_site_state, terminals_terminal, terminals_presence, terminals_alarm,
    terminals_test_case, terminals_site_v1, terminals_site_state_v1, terminals_terminal_v1, terminals_presence_v1,
    terminals_alarm_v1, terminals_hotlist TO onecard_console;
GRANT INSERT ON terminals_hotlist, terminals_site_state TO onecard_console;
GRANT SELECT ON releases_document, db_change TO onecard_console;
GRANT UPDATE (version) ON db_change TO onecard_console;
GRANT SELECT ON staff_person_v1, staff_request, staff_decision, staff_approval_use, staff_request_v1, staff_decision_v1 TO onecard_console;
GRANT INSERT ON staff_request, staff_decision, staff_approval_use TO onecard_console;

-- A view asks as whoever reads it, or it would be a door through the wall.
ALTER VIEW people_subject_v1 SET (security_invoker = true);
ALTER VIEW people_fact_v1 SET (security_invoker = true);
ALTER VIEW cards_credential_v1 SET (security_invoker = true);
ALTER VIEW cards_alias_v1 SET (security_invoker = true);
ALTER VIEW cards_state_v1 SET (security_invoker = true);
ALTER VIEW ledger_use_v1 SET (security_invoker = true);
ALTER VIEW ledger_reversal_v1 SET (security_invoker = true);
ALTER VIEW ledger_offline_answer_v1 SET (security_invoker = true);
ALTER VIEW ledger_accumulator_v1 SET (security_invoker = true);
ALTER VIEW terminals_site_v1 SET (security_invoker = true);
ALTER VIEW terminals_site_state_v1 SET (security_invoker = true);
ALTER VIEW terminals_terminal_v1 SET (security_invoker = true);
ALTER VIEW terminals_presence_v1 SET (security_invoker = true);
ALTER VIEW terminals_alarm_v1 SET (security_invoker = true);
ALTER VIEW staff_request_v1 SET (security_invoker = true);
ALTER VIEW staff_decision_v1 SET (security_invoker = true);
GRANT SELECT ON cards_bank_state, cards_binding TO onecard_lane;
ALTER VIEW cards_bank_state_v1 SET (security_invoker = true);
ALTER VIEW cards_binding_v1 SET (security_invoker = true);

-- The second wall. `onecard.regions` holds what a region must begin with, joined by commas; where it is not set, nothing is seen.
-- Each policy asks tables that have policies of their own: whoever may not see a person sees no card of his.
CREATE FUNCTION db_regions() RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
    RETURN string_to_array(nullif(current_setting('onecard.regions', true), ''), ',');

DO $$
DECLARE
    walled record;
BEGIN
    FOR walled IN SELECT * FROM (VALUES
        ('people_scope', 'region ^@ ANY ((SELECT db_regions())::text[])'),
        ('people_subject', 'EXISTS (SELECT FROM people_scope AS s WHERE s.subject = people_subject.subject)'),
        ('people_fact', 'EXISTS (SELECT FROM people_scope AS s WHERE s.subject = people_fact.subject)'),
        ('people_identity', 'EXISTS (SELECT FROM people_scope AS s WHERE s.subject = people_identity.subject)'),
        ('people_number', 'EXISTS (SELECT FROM people_scope AS s WHERE s.subject = people_number.subject)'),
        ('cards_credential', 'EXISTS (SELECT FROM people_scope AS s WHERE s.subject = cards_credential.subject)'),
        ('cards_state', 'EXISTS (SELECT FROM cards_credential AS c WHERE c.key = cards_state.key)'),
        ('cards_card', 'EXISTS (SELECT FROM people_scope AS s WHERE s.subject = cards_card.subject)'),
        ('cards_move', 'EXISTS (SELECT FROM people_scope AS s WHERE s.subject = cards_move.subject)'),
        ('cards_bank_state', 'EXISTS (SELECT FROM people_scope AS s WHERE s.subject = cards_bank_state.subject)'),
        ('cards_binding', 'EXISTS (SELECT FROM people_scope AS s WHERE s.subject = cards_binding.subject)'),
        ('cards_application', 'EXISTS (SELECT FROM people_scope AS s WHERE s.subject = cards_application.subject)'),
        ('cards_application_state', 'EXISTS (SELECT FROM people_scope AS s WHERE s.subject = cards_application_state.subject)'),
        ('ledger_use', 'region ^@ ANY ((SELECT db_regions())::text[])'),
        ('ledger_reversal', 'EXISTS (SELECT FROM ledger_use AS u WHERE u.terminal = ledger_reversal.terminal AND u.seq = ledger_reversal.seq)'),
        ('ledger_offline_answer',
            'EXISTS (SELECT FROM ledger_use AS u WHERE u.terminal = ledger_offline_answer.terminal AND u.seq = ledger_offline_answer.seq)'),
        ('ledger_accumulator', 'EXISTS (SELECT FROM people_scope AS s WHERE s.subject = ledger_accumulator.subject)'),
        ('terminals_site', 'region ^@ ANY ((SELECT db_regions())::text[])'),
        ('terminals_site_state', 'EXISTS (SELECT FROM terminals_site AS s WHERE s.site = terminals_site_state.site)'),
        ('terminals_terminal', 'EXISTS (SELECT FROM terminals_site AS s WHERE s.site = terminals_terminal.site)'),
        ('terminals_presence', 'EXISTS (SELECT FROM terminals_terminal AS t WHERE t.terminal = terminals_presence.terminal)'),
        ('terminals_alarm', 'EXISTS (SELECT FROM terminals_terminal AS t WHERE t.terminal = terminals_alarm.terminal)'),
        ('terminals_test_case', 'EXISTS (SELECT FROM terminals_terminal AS t WHERE t.terminal = terminals_test_case.terminal)'),
        ('staff_request', 'region ^@ ANY ((SELECT db_regions())::text[])'),
        ('staff_decision', 'EXISTS (SELECT FROM staff_request AS r WHERE r.approval = staff_decision.approval)'),
        ('staff_approval_use', 'EXISTS (SELECT FROM staff_request AS r WHERE r.approval = staff_approval_use.approval)')
    ) AS w (table_name, condition)
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', walled.table_name);
        EXECUTE format('CREATE POLICY console_wall ON %I TO onecard_console USING (%s) WITH CHECK (%s)',
            walled.table_name, walled.condition, walled.condition);
        EXECUTE format('CREATE POLICY all_rows ON %I TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro '
            'USING (true) WITH CHECK (true)', walled.table_name);
    END LOOP;
END
$$;
