-- The chain of terminals' uses, the keys of other devices, and alarms that an operator settles.

-- One use's place in its device's chain. A link is a plain digest of what was shown, and a nine-character card number is found
-- by trying them all: so links are kept by a keyed hash within their device's chain, and enciphered with their signature for
-- whoever must prove them.
CREATE TABLE ledger_link (
    terminal text NOT NULL,
    seq bigint NOT NULL CHECK (seq BETWEEN 1 AND 9007199254740991),
    link bytea NOT NULL CHECK (octet_length(link) = 16),            -- Keyed hash, its first 16 bytes.
    key_id text NOT NULL CHECK (length(key_id) = 16),               -- Of the device, as it says.
    previous bytea NOT NULL CHECK (octet_length(previous) = 16),    -- The same of the link before.
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),        -- Of the content: that of the use, or of what conflicts with it.
    received_at timestamptz NOT NULL,
    sealed bytea NOT NULL,                                          -- Link and signature, under a key of the terminal's own.
    good boolean,                -- Whether that device signed it. Null: nobody has looked yet. A cache that verify works out anew.
    PRIMARY KEY (terminal, seq, link)
);
CREATE INDEX ledger_link_previous ON ledger_link (previous);
CREATE INDEX ledger_link_unchecked ON ledger_link (terminal, seq) WHERE good IS NULL;

-- Keys that devices showed while another was bound: they open no door, and tell whose signature it is.
CREATE TABLE terminals_seen_key (
    terminal text NOT NULL,
    key_id text NOT NULL,
    public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (terminal, key_id)
);
-- An operator has looked after a terminal's alarms. Alarms belong to an episode, counted from 0; each settlement ends one.
CREATE TABLE terminals_settlement (
    terminal text NOT NULL,
    episode integer NOT NULL CHECK (episode >= 0),
    at timestamptz NOT NULL,
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 200),
    PRIMARY KEY (terminal, episode)
);
ALTER TABLE terminals_alarm ADD COLUMN episode integer NOT NULL DEFAULT 0 CHECK (episode >= 0);
ALTER TABLE terminals_alarm DROP CONSTRAINT terminals_alarm_pkey;
ALTER TABLE terminals_alarm ADD PRIMARY KEY (terminal, kind, digest, episode);

SELECT oc_distribute('ledger_link', 'terminal', 'ledger_use');
SELECT oc_reference('terminals_seen_key');
SELECT oc_distribute('terminals_settlement', 'terminal', 'ledger_use');

ALTER TABLE terminals_seen_key ADD FOREIGN KEY (terminal) REFERENCES terminals_terminal (terminal);
ALTER TABLE terminals_settlement ADD FOREIGN KEY (terminal) REFERENCES terminals_terminal (terminal);

-- Other content under a number that is taken was no alarm until now.
INSERT INTO terminals_alarm (terminal, kind, digest, at, evidence)
SELECT terminal, 'clone', sha256(convert_to(terminal, 'UTF8')), min(received_at),
    jsonb_build_object('door', 'use', 'keys', '[]'::jsonb, 'seq', min(seq))
FROM ledger_conflict GROUP BY terminal;

-- Which card is whose, without a number: for whoever checks what became of cards.
CREATE VIEW cards_card_v1 AS
    SELECT subject, issued_on, number_key, chip_key, issue_region, valid_until, kind, replaces FROM cards_card;
CREATE VIEW ledger_link_v1 AS SELECT terminal, seq, link, key_id, previous, digest, received_at, good FROM ledger_link;
CREATE VIEW terminals_seen_key_v1 AS SELECT terminal, key_id, public_key, seen_at FROM terminals_seen_key;
CREATE OR REPLACE VIEW terminals_alarm_v1 AS
    SELECT a.terminal, a.kind, a.at, a.evidence, s.at AS settled_at
    FROM terminals_alarm AS a LEFT JOIN terminals_settlement AS s ON s.terminal = a.terminal AND s.episode = a.episode;

GRANT SELECT ON cards_card_v1 TO onecard_desk, onecard_batch, onecard_audit_ro;
GRANT SELECT ON ledger_link, ledger_link_v1, terminals_seen_key, terminals_seen_key_v1, terminals_settlement
    TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro;
GRANT INSERT ON ledger_link TO onecard_lane;
GRANT UPDATE (good) ON ledger_link TO onecard_lane, onecard_desk;
GRANT INSERT ON terminals_seen_key, terminals_settlement TO onecard_desk, onecard_batch;
