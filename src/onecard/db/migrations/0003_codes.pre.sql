-- Dynamic codes: a person's pseudonym finds him as a card number does, and each code opens something once.

-- A code is a credential of its person: its key is the keyed hash of the pseudonym.
ALTER TABLE cards_credential DROP CONSTRAINT cards_credential_kind_check;
ALTER TABLE cards_credential ADD CONSTRAINT cards_credential_kind_check CHECK (kind IN ('card', 'chip', 'id', 'code')) NOT VALID;
ALTER TABLE cards_credential VALIDATE CONSTRAINT cards_credential_kind_check;
-- A code follows its person's cards.
CREATE INDEX cards_credential_person ON cards_credential (subject) WHERE kind = 'card';

-- The pseudonym that a person's codes bear, enciphered: made when the first code is asked for, never changed.
CREATE TABLE cards_pseudonym (
    subject bigint PRIMARY KEY,
    made_at timestamptz NOT NULL,
    code_key bytea NOT NULL CHECK (octet_length(code_key) = 32),
    key_id text NOT NULL,
    sealed bytea NOT NULL
);
-- Codes that opened something, by the keyed hash of what was signed: a second use finds its code spent.
CREATE TABLE ledger_code (
    code_hash bytea PRIMARY KEY CHECK (octet_length(code_hash) = 32),
    terminal text NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL
);

SELECT oc_distribute('cards_pseudonym', 'subject', 'people_subject');
SELECT oc_distribute('ledger_code', 'code_hash', NULL);

CREATE VIEW ledger_code_v1 AS SELECT code_hash, terminal, seq, at FROM ledger_code;

GRANT SELECT ON ledger_code, ledger_code_v1 TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro;
GRANT INSERT ON ledger_code TO onecard_lane;
GRANT SELECT, INSERT ON cards_pseudonym TO onecard_desk, onecard_batch;
