-- Terminals that stand alone: what they are told (the hotlist, by versions), who they are (a device key), how they do
-- (presence), what is wrong with them (alarms), and what a site has proved before it is live.

-- The name by which terminals know a credential: the first 16 bytes of its keyed hash under the key that terminals hold.
-- They never hold the home's key. Null: known before terminals were; no terminal can name it offline.
ALTER TABLE cards_credential ADD COLUMN alias bytea CHECK (octet_length(alias) = 16);

-- Every credential that came onto the hotlist or left it, by version. The list at a version is what the newest row of each
-- credential up to it says. `key4` is what terminals are given: the first 4 bytes of the alias.
CREATE TABLE terminals_hotlist (
    version bigint NOT NULL CHECK (version >= 1),
    key4 bytea NOT NULL CHECK (octet_length(key4) = 4),
    key bytea NOT NULL CHECK (octet_length(key) = 32),
    added boolean NOT NULL,
    at timestamptz NOT NULL,
    until timestamptz,                          -- It leaves by itself then: an oral loss lapses, a cancelled card expires.
    PRIMARY KEY (key, version)
);
CREATE INDEX terminals_hotlist_version ON terminals_hotlist (version);
CREATE INDEX terminals_hotlist_key4 ON terminals_hotlist (key4);
CREATE INDEX terminals_hotlist_until ON terminals_hotlist (until) WHERE until IS NOT NULL;

-- The key that a device made for itself and showed when it first signed in. One holds at a time; an old one still proves
-- what it signed.
CREATE TABLE terminals_key (
    terminal text NOT NULL,
    key_id text NOT NULL,
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
    bound_at timestamptz NOT NULL,
    withdrawn_at timestamptz,
    PRIMARY KEY (terminal, key_id)
);
CREATE UNIQUE INDEX terminals_key_one ON terminals_key (terminal) WHERE withdrawn_at IS NULL;

-- What a terminal told last: a cache of its newest sign-in and heartbeat.
CREATE TABLE terminals_presence (
    terminal text PRIMARY KEY,
    session text NOT NULL,
    signed_in_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    clock_offset_ms bigint NOT NULL,
    waiting bigint NOT NULL CHECK (waiting >= 0),
    hotlist bigint NOT NULL CHECK (hotlist >= 0),
    bundle text NOT NULL,
    storage_ok boolean,                         -- Null: it has not said so yet.
    program text NOT NULL                       -- The version of what runs on it.
);
-- Two devices with one identity, and what proves it.
CREATE TABLE terminals_alarm (
    terminal text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('clone', 'fork', 'signature')),
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),   -- Of the evidence: the same finding is kept once.
    at timestamptz NOT NULL,
    evidence jsonb NOT NULL,
    PRIMARY KEY (terminal, kind, digest)
);
-- A test case that a device passed, on the day it did.
CREATE TABLE terminals_test_case (
    terminal text NOT NULL,
    test_case text NOT NULL,
    passed_at timestamptz NOT NULL,
    PRIMARY KEY (terminal, test_case, passed_at)
);
-- Cards that a site expects: its own register (pupils, readers, diners), told to its terminals besides those seen lately.
CREATE TABLE terminals_expected (
    site text NOT NULL,
    credential bytea NOT NULL CHECK (octet_length(credential) = 32),
    since timestamptz NOT NULL,
    PRIMARY KEY (site, credential)
);

SELECT oc_distribute('terminals_hotlist', 'key', 'cards_credential');
SELECT oc_reference('terminals_key');
SELECT oc_distribute('terminals_presence', 'terminal', 'ledger_use');
SELECT oc_distribute('terminals_alarm', 'terminal', 'ledger_use');
SELECT oc_distribute('terminals_test_case', 'terminal', 'ledger_use');
SELECT oc_distribute('terminals_expected', 'site', NULL);

ALTER TABLE terminals_key ADD FOREIGN KEY (terminal) REFERENCES terminals_terminal (terminal);
ALTER TABLE terminals_presence ADD FOREIGN KEY (terminal) REFERENCES terminals_terminal (terminal);
ALTER TABLE terminals_test_case ADD FOREIGN KEY (terminal) REFERENCES terminals_terminal (terminal);

INSERT INTO db_change (name, version) VALUES ('hotlist', 0);

CREATE VIEW cards_alias_v1 AS SELECT key, subject, alias, valid_until FROM cards_credential;
CREATE VIEW ledger_conflict_v1 AS SELECT terminal, seq, digest, received_at FROM ledger_conflict;
CREATE VIEW terminals_hotlist_v1 AS SELECT version, key4, key, added, at, until FROM terminals_hotlist;
CREATE VIEW terminals_key_v1 AS SELECT terminal, key_id, public_key, bound_at, withdrawn_at FROM terminals_key;
CREATE VIEW terminals_presence_v1 AS
    SELECT terminal, signed_in_at, seen_at, clock_offset_ms, waiting, hotlist, bundle, storage_ok, program FROM terminals_presence;
CREATE VIEW terminals_alarm_v1 AS SELECT terminal, kind, at, evidence FROM terminals_alarm;

GRANT SELECT ON cards_alias_v1, ledger_conflict_v1, terminals_hotlist, terminals_hotlist_v1, terminals_key, terminals_key_v1,
    terminals_presence, terminals_presence_v1, terminals_alarm, terminals_alarm_v1, terminals_test_case, terminals_expected
    TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro;
GRANT INSERT ON terminals_hotlist, terminals_key, terminals_presence, terminals_alarm, terminals_test_case, terminals_expected
    TO onecard_desk, onecard_batch;
GRANT INSERT ON terminals_alarm TO onecard_lane;
GRANT UPDATE (withdrawn_at) ON terminals_key TO onecard_desk;
GRANT UPDATE ON terminals_presence TO onecard_desk;
GRANT DELETE ON terminals_expected TO onecard_desk;
