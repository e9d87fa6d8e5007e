-- The spine: people and their dated facts, credentials, sites and terminals, released documents, and the ledger.
-- Order for a cluster (DESIGN §4): tables without foreign keys, then oc_reference / oc_distribute, then keys.

-- people ---------------------------------------------------------------------------------------------------------
-- A subject is a number that means nothing. Visitors have this row and no other.
CREATE TABLE people_subject (
    subject bigint PRIMARY KEY,
    born date NOT NULL,
    home_region text NOT NULL CHECK (home_region ~ '^[1-9][0-9]{5}$'),
    salt bytea NOT NULL CHECK (octet_length(salt) = 16)
);
-- A fact holds from its day until the next row of the same fact. Facts are added, never changed.
CREATE TABLE people_fact (
    subject bigint NOT NULL,
    fact text NOT NULL,
    since date NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (subject, fact, since)
);
-- Names and numbers, enciphered: the row's subject and key id are associated data, so rows cannot be swapped.
CREATE TABLE people_identity (
    subject bigint PRIMARY KEY,
    key_id text NOT NULL,
    sealed bytea NOT NULL
);
-- The keyed hash of a person number finds its subject.
CREATE TABLE people_number (
    number_hash bytea PRIMARY KEY CHECK (octet_length(number_hash) = 32),
    subject bigint NOT NULL
);

-- cards ----------------------------------------------------------------------------------------------------------
-- What a terminal reads, by its keyed hash: card number, chip id or id document.
CREATE TABLE cards_credential (
    key bytea PRIMARY KEY CHECK (octet_length(key) = 32),
    subject bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('card', 'chip', 'id')),
    valid_from date NOT NULL,
    valid_until date
);
-- What became of a credential, from an instant on. None: it is active.
CREATE TABLE cards_state (
    key bytea NOT NULL CHECK (octet_length(key) = 32),
    since timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('active', 'sealed', 'temp_loss', 'formal_loss', 'pin_locked', 'cancelled')),
    PRIMARY KEY (key, since)
);
-- The cards of a person: number and chip id enciphered, to be shown masked.
CREATE TABLE cards_card (
    subject bigint NOT NULL,
    issued_on date NOT NULL,
    number_key bytea NOT NULL,
    chip_key bytea NOT NULL,
    issue_region text NOT NULL,
    valid_until date NOT NULL,
    key_id text NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (subject, issued_on, number_key)
);

-- terminals ------------------------------------------------------------------------------------------------------
CREATE TABLE terminals_operator (
    operator text PRIMARY KEY,
    name_zh text NOT NULL,
    name_en text NOT NULL
);
CREATE TABLE terminals_site (
    site text PRIMARY KEY CHECK (site !~ '[/>@*]'),  -- The ledger names windows by site between these marks.
    operator text NOT NULL,
    kind text NOT NULL,
    region text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    services text[] NOT NULL,
    capacity bigint NOT NULL DEFAULT 0 CHECK (capacity >= 0),
    agreed_percent integer CHECK (agreed_percent BETWEEN 0 AND 10000),
    agreed_price_fen bigint CHECK (agreed_price_fen >= 0),
    agreed_share integer NOT NULL DEFAULT 0 CHECK (agreed_share BETWEEN 0 AND 10000),
    -- {"weekly": {"workday": [[480, 1230]], "weekend": …, "holiday": …}, "closed_weekdays": [0], "closed": ["2024-06-07"]}; {} is always open.
    opening jsonb NOT NULL DEFAULT '{}',
    scene text NOT NULL,
    planned_for date
);
-- A site's way: in_talks → planned → contracted → wiring → testing → trial → live → suspended, by day.
CREATE TABLE terminals_site_state (
    site text NOT NULL,
    since date NOT NULL,
    state text NOT NULL CHECK (state IN ('in_talks', 'planned', 'contracted', 'wiring', 'testing', 'trial', 'live', 'suspended')),
    PRIMARY KEY (site, since)
);
CREATE TABLE terminals_terminal (
    terminal text PRIMARY KEY,
    site text NOT NULL,
    model text NOT NULL DEFAULT '',
    bound_on date NOT NULL,
    unbound_on date
);
-- A bearer token by its SHA-256 (tokens are 256 random bits): it speaks for its terminals only.
CREATE TABLE terminals_token (
    token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    terminal text NOT NULL,
    PRIMARY KEY (token_hash, terminal)
);

-- releases -------------------------------------------------------------------------------------------------------
-- A released version never changes. `rules` is the state of the rule book (db_change 'rules') that first holds it.
CREATE TABLE releases_document (
    programme text NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    kind text NOT NULL CHECK (kind IN ('gate', 'use', 'payout', 'claim')),
    from_day date NOT NULL,
    until_day date,
    rules bigint NOT NULL,
    digest text NOT NULL,
    file text NOT NULL,
    source text NOT NULL,
    released_at timestamptz NOT NULL,
    PRIMARY KEY (programme, version),
    UNIQUE (programme, digest)
);

-- ledger: records ------------------------------------------------------------------------------------------------
-- One row per committed batch: the RFC 6962 root over its records' salted digests. A lane's batches are numbered.
CREATE TABLE ledger_leaf (
    batch uuid PRIMARY KEY,
    lane text NOT NULL,
    number bigint NOT NULL,
    made_at timestamptz NOT NULL,
    book_day date NOT NULL,
    records integer NOT NULL CHECK (records > 0),
    root bytea NOT NULL CHECK (octet_length(root) = 32)
);
CREATE TABLE ledger_use (
    terminal text NOT NULL,
    seq bigint NOT NULL CHECK (seq BETWEEN 1 AND 9007199254740991),
    batch uuid NOT NULL,
    book_day date NOT NULL,                     -- The day it was received: postings and clearing go by it.
    subject bigint,                             -- Null: the credential is nobody's that we know.
    day date NOT NULL,                          -- The civil day it happened: rule and facts go by it.
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),  -- Keyed hash of what was sent.
    seal bytea NOT NULL CHECK (octet_length(seal) = 32),      -- Salted digest of this record, under the batch's leaf.
    credential_kind text NOT NULL,
    credential bytea NOT NULL CHECK (octet_length(credential) = 32),
    service text NOT NULL,
    site text NOT NULL,
    site_kind text NOT NULL,
    operator text NOT NULL,
    region text NOT NULL,
    home_region text NOT NULL,                  -- '' where the credential is nobody's.
    counted boolean NOT NULL,                   -- False at sites in testing or trial: outside the bulletin's counts.
    outcome text NOT NULL CHECK (outcome IN ('accepted', 'refused')),
    reason text NOT NULL,
    list_price_fen bigint NOT NULL CHECK (list_price_fen BETWEEN 0 AND 1000000000),
    paid_fen bigint NOT NULL,
    funds text[] NOT NULL,
    amounts_fen bigint[] NOT NULL,
    programme text,
    version integer,
    rules bigint NOT NULL,                      -- The rule book's state that decided.
    facts jsonb NOT NULL,                       -- What the documents asked, blanks left out.
    limits jsonb NOT NULL,                      -- [[programme, name, per, window_start, within, site, cap, used_before, counted, in_error], …]
    upload text,                                -- agreed | accepted_in_error | refused, for a use that came with a batch.
    offline jsonb,                              -- The terminal's own answer, kept beside ours.
    PRIMARY KEY (terminal, seq),
    CONSTRAINT use_paid CHECK (paid_fen BETWEEN 0 AND list_price_fen),
    CONSTRAINT use_payers CHECK (cardinality(funds) = cardinality(amounts_fen) AND cardinality(funds) <= 12
        AND 0 < ALL (amounts_fen)),
    CONSTRAINT use_balances CHECK (outcome = 'refused' OR list_price_fen = paid_fen
        + coalesce(amounts_fen[1], 0) + coalesce(amounts_fen[2], 0) + coalesce(amounts_fen[3], 0) + coalesce(amounts_fen[4], 0)
        + coalesce(amounts_fen[5], 0) + coalesce(amounts_fen[6], 0) + coalesce(amounts_fen[7], 0) + coalesce(amounts_fen[8], 0)
        + coalesce(amounts_fen[9], 0) + coalesce(amounts_fen[10], 0) + coalesce(amounts_fen[11], 0) + coalesce(amounts_fen[12], 0)),
    CONSTRAINT use_refused CHECK (outcome = 'accepted' OR (paid_fen = 0 AND cardinality(funds) = 0 AND programme IS NULL)),
    CONSTRAINT use_version CHECK ((programme IS NULL) = (version IS NULL))
);
CREATE INDEX ledger_use_person ON ledger_use (subject, day);
CREATE INDEX ledger_use_batch ON ledger_use (batch);
-- A reversal takes one use back. Its key is the key of the use, so it happens once.
CREATE TABLE ledger_reversal (
    terminal text NOT NULL,
    seq bigint NOT NULL,
    batch uuid NOT NULL,
    book_day date NOT NULL,
    subject bigint,
    day date NOT NULL,
    received_at timestamptz NOT NULL,
    reason text NOT NULL,
    seal bytea NOT NULL CHECK (octet_length(seal) = 32),
    limits jsonb NOT NULL,                      -- What was given back, in the form of the use.
    PRIMARY KEY (terminal, seq)
);
CREATE INDEX ledger_reversal_batch ON ledger_reversal (batch);
-- What a terminal had answered by itself where the use was on record already: kept beside, once.
CREATE TABLE ledger_offline_answer (
    terminal text NOT NULL,
    seq bigint NOT NULL,
    received_at timestamptz NOT NULL,
    answer jsonb NOT NULL,
    PRIMARY KEY (terminal, seq)
);
-- Other content under a key that is taken: refused, and kept as evidence.
CREATE TABLE ledger_conflict (
    terminal text NOT NULL,
    seq bigint NOT NULL,
    digest bytea NOT NULL,
    received_at timestamptz NOT NULL,
    content text NOT NULL,                      -- What was sent, the credential's value taken out.
    PRIMARY KEY (terminal, seq, digest)
);

-- ledger: caches that verify rebuilds ------------------------------------------------------------------------------
-- How much of a limit a person has used. `within` tells slots and sites apart; life and at-once windows start on 1900-01-01.
CREATE TABLE ledger_accumulator (
    subject bigint NOT NULL,
    window_start date NOT NULL,
    name text NOT NULL,
    within text NOT NULL DEFAULT '',
    used bigint NOT NULL,
    cap bigint NOT NULL,
    in_error bigint NOT NULL DEFAULT 0 CHECK (in_error >= 0),   -- What happened offline beyond the cap.
    PRIMARY KEY (subject, window_start, name, within),
    CONSTRAINT accumulator_cap CHECK (used BETWEEN 0 AND cap)
);
-- The same for limits that count all persons together; site '*' where the limit is not `of site`.
CREATE TABLE ledger_place (
    site text NOT NULL,
    window_start date NOT NULL,
    name text NOT NULL,
    within text NOT NULL DEFAULT '',
    used bigint NOT NULL,
    cap bigint NOT NULL,
    in_error bigint NOT NULL DEFAULT 0 CHECK (in_error >= 0),
    PRIMARY KEY (site, window_start, name, within),
    CONSTRAINT place_cap CHECK (used BETWEEN 0 AND cap)
);
-- An account's money per batch and day, never per use. Every batch adds up to zero.
CREATE TABLE ledger_posting (
    batch uuid NOT NULL,
    day date NOT NULL,
    account text NOT NULL,                      -- holder | due-to-operator | fund:FUND
    operator text NOT NULL,
    programme text NOT NULL,                    -- '' where none granted.
    amount_fen bigint NOT NULL,
    PRIMARY KEY (batch, day, account, operator, programme)
);
CREATE INDEX ledger_posting_day ON ledger_posting (day, account);

SELECT oc_distribute('people_subject', 'subject', NULL);
SELECT oc_distribute('people_fact', 'subject', 'people_subject');
SELECT oc_distribute('people_identity', 'subject', 'people_subject');
SELECT oc_distribute('people_number', 'number_hash', NULL);
SELECT oc_distribute('cards_credential', 'key', NULL);
SELECT oc_distribute('cards_state', 'key', 'cards_credential');
SELECT oc_distribute('cards_card', 'subject', 'people_subject');
SELECT oc_reference('terminals_operator');
SELECT oc_reference('terminals_site');
SELECT oc_reference('terminals_site_state');
SELECT oc_reference('terminals_terminal');
SELECT oc_reference('terminals_token');
SELECT oc_reference('releases_document');
SELECT oc_distribute('ledger_leaf', 'batch', NULL);
SELECT oc_distribute('ledger_posting', 'batch', 'ledger_leaf');
SELECT oc_distribute('ledger_use', 'terminal', NULL);
SELECT oc_distribute('ledger_reversal', 'terminal', 'ledger_use');
SELECT oc_distribute('ledger_conflict', 'terminal', 'ledger_use');
SELECT oc_distribute('ledger_offline_answer', 'terminal', 'ledger_use');
SELECT oc_distribute('ledger_accumulator', 'subject', 'people_subject');
SELECT oc_distribute('ledger_place', 'site', NULL);

ALTER TABLE people_fact ADD FOREIGN KEY (subject) REFERENCES people_subject (subject);
ALTER TABLE people_identity ADD FOREIGN KEY (subject) REFERENCES people_subject (subject);
ALTER TABLE cards_state ADD FOREIGN KEY (key) REFERENCES cards_credential (key);
ALTER TABLE terminals_site ADD FOREIGN KEY (operator) REFERENCES terminals_operator (operator);
ALTER TABLE terminals_site_state ADD FOREIGN KEY (site) REFERENCES terminals_site (site);
ALTER TABLE terminals_terminal ADD FOREIGN KEY (site) REFERENCES terminals_site (site);
ALTER TABLE terminals_token ADD FOREIGN KEY (terminal) REFERENCES terminals_terminal (terminal);
ALTER TABLE ledger_reversal ADD FOREIGN KEY (terminal, seq) REFERENCES ledger_use (terminal, seq);

-- What other rooms may read.
CREATE VIEW people_subject_v1 AS SELECT subject, born, home_region, salt FROM people_subject;
CREATE VIEW people_fact_v1 AS SELECT subject, fact, since, value FROM people_fact;
CREATE VIEW cards_credential_v1 AS SELECT key, subject, kind, valid_from, valid_until FROM cards_credential;
CREATE VIEW cards_state_v1 AS SELECT key, since, state FROM cards_state;
CREATE VIEW terminals_site_v1 AS SELECT site, operator, kind, region, name_zh, name_en, scene, planned_for FROM terminals_site;
CREATE VIEW terminals_site_state_v1 AS SELECT site, since, state FROM terminals_site_state;
CREATE VIEW terminals_terminal_v1 AS SELECT terminal, site FROM terminals_terminal;
CREATE VIEW ledger_use_v1 AS SELECT * FROM ledger_use;
CREATE VIEW ledger_reversal_v1 AS SELECT * FROM ledger_reversal;
CREATE VIEW ledger_offline_answer_v1 AS SELECT terminal, seq, received_at, answer FROM ledger_offline_answer;
CREATE VIEW ledger_accumulator_v1 AS SELECT subject, window_start, name, within, used, cap, in_error FROM ledger_accumulator;
CREATE VIEW ledger_place_v1 AS SELECT site, window_start, name, within, used, cap, in_error FROM ledger_place;
CREATE VIEW ledger_posting_v1 AS SELECT batch, day, account, operator, programme, amount_fen FROM ledger_posting;

-- Who may do what. Records are INSERT + SELECT; UPDATE is for caches alone.
GRANT SELECT ON ALL TABLES IN SCHEMA public TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro;
REVOKE SELECT ON people_identity, people_number, cards_card FROM onecard_lane, onecard_audit_ro;
GRANT INSERT ON ledger_leaf, ledger_use, ledger_reversal, ledger_conflict, ledger_offline_answer, ledger_posting TO onecard_lane;
GRANT INSERT, UPDATE ON ledger_accumulator, ledger_place TO onecard_lane;
GRANT INSERT ON people_subject, people_fact, people_identity, people_number, cards_credential, cards_state, cards_card,
    terminals_operator, terminals_site, terminals_site_state, terminals_terminal, terminals_token, releases_document
    TO onecard_desk, onecard_batch;
GRANT UPDATE (version) ON db_change TO onecard_desk, onecard_batch;
GRANT DELETE ON terminals_token TO onecard_desk;
