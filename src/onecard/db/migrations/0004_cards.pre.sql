-- The card's life: what was done to a card and why, its two functions, what hangs on it, and how it is asked for and made.
-- Everything here is added, never changed. A step is counted per card or application: of two desks that move one card at
-- once the second finds its step taken.

-- A loss told by phone lapses then; null: the state holds until the next one.
ALTER TABLE cards_state ADD COLUMN until timestamptz;
ALTER TABLE cards_card ADD COLUMN kind text NOT NULL DEFAULT 'standard' CHECK (kind IN ('standard', 'temporary'));
-- The card that this one stands in for, by its number's key.
ALTER TABLE cards_card ADD COLUMN replaces bytea;

-- What was done to a card, by which door and why; `state` is what its function is from then on.
CREATE TABLE cards_move (
    subject bigint NOT NULL,
    number_key bytea NOT NULL CHECK (octet_length(number_key) = 32),
    step integer NOT NULL CHECK (step >= 1),
    at timestamptz NOT NULL,
    function text NOT NULL CHECK (function IN ('social', 'bank')),
    act text NOT NULL,
    state text NOT NULL,
    until timestamptz,
    channel text NOT NULL,
    reason text NOT NULL CHECK (length(reason) <= 200),
    PRIMARY KEY (subject, number_key, step)
);
-- The bank's half of a card has a lock of its own. None: not activated.
CREATE TABLE cards_bank_state (
    subject bigint NOT NULL,
    number_key bytea NOT NULL CHECK (octet_length(number_key) = 32),
    since timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('none', 'inactive', 'active', 'lost', 'closed')),
    PRIMARY KEY (subject, number_key, since)
);
-- What other houses know a person's card by: the latest row of a reference says on which card it hangs.
CREATE TABLE cards_binding (
    subject bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('library', 'meal', 'subsidy', 'transit')),
    reference text NOT NULL CHECK (length(reference) BETWEEN 1 AND 64),
    since timestamptz NOT NULL,
    number_key bytea NOT NULL CHECK (octet_length(number_key) = 32),
    PRIMARY KEY (subject, kind, reference, since)
);
-- A card's financial account, enciphered: the bank's own numbers.
CREATE TABLE cards_account (
    subject bigint NOT NULL,
    number_key bytea NOT NULL CHECK (octet_length(number_key) = 32),
    since timestamptz NOT NULL,
    bank text NOT NULL,
    key_id text NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (subject, number_key, since)
);

-- A card asked for, counted per person: of two desks that ask at once for one person the second finds the count taken.
CREATE TABLE cards_application (
    subject bigint NOT NULL,
    application integer NOT NULL CHECK (application >= 1),
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN ('first', 'reissue', 'renew', 'temporary')),
    region text NOT NULL,
    bank text NOT NULL,
    channel text NOT NULL,
    reason text NOT NULL CHECK (length(reason) <= 200),
    replaces bytea,                             -- The card in whose place it is asked for, by its number's key.
    PRIMARY KEY (subject, application)
);
CREATE TABLE cards_application_state (
    subject bigint NOT NULL,
    application integer NOT NULL,
    step integer NOT NULL CHECK (step >= 1),
    at timestamptz NOT NULL,
    state text NOT NULL,
    reason text NOT NULL CHECK (length(reason) <= 200),
    number_key bytea,                           -- The card that came of it, once made.
    PRIMARY KEY (subject, application, step)
);
-- What went to the maker together. The file itself is written from these rows: the same bytes every time.
CREATE TABLE cards_batch (
    make_batch text PRIMARY KEY,
    at timestamptz NOT NULL,
    encoding text NOT NULL,
    cards integer NOT NULL CHECK (cards > 0),
    digest bytea NOT NULL
);
CREATE TABLE cards_batch_row (
    make_batch text NOT NULL,
    seq integer NOT NULL CHECK (seq >= 1),
    subject bigint NOT NULL,
    application integer NOT NULL,
    PRIMARY KEY (make_batch, seq)
);
-- The maker's answer to a batch: one file, taken whole, once.
CREATE TABLE cards_return (
    make_batch text PRIMARY KEY,
    at timestamptz NOT NULL,
    digest bytea NOT NULL,
    made integer NOT NULL,
    failed integer NOT NULL
);
-- A day of the household and death feed: taken whole, once.
CREATE TABLE cards_feed (
    feed text PRIMARY KEY,
    at timestamptz NOT NULL,
    digest bytea NOT NULL,
    taken integer NOT NULL,
    strange integer NOT NULL                    -- About people whom we do not know.
);

SELECT oc_distribute('cards_move', 'subject', 'people_subject');
SELECT oc_distribute('cards_bank_state', 'subject', 'people_subject');
SELECT oc_distribute('cards_binding', 'subject', 'people_subject');
SELECT oc_distribute('cards_account', 'subject', 'people_subject');
SELECT oc_distribute('cards_application', 'subject', 'people_subject');
SELECT oc_distribute('cards_application_state', 'subject', 'people_subject');
SELECT oc_distribute('cards_batch', 'make_batch', NULL);
SELECT oc_distribute('cards_batch_row', 'make_batch', 'cards_batch');
SELECT oc_distribute('cards_return', 'make_batch', 'cards_batch');
SELECT oc_reference('cards_feed');

ALTER TABLE cards_application_state ADD FOREIGN KEY (subject, application) REFERENCES cards_application (subject, application);
ALTER TABLE cards_batch_row ADD FOREIGN KEY (make_batch) REFERENCES cards_batch (make_batch);
ALTER TABLE cards_return ADD FOREIGN KEY (make_batch) REFERENCES cards_batch (make_batch);

CREATE OR REPLACE VIEW cards_state_v1 AS SELECT key, since, state, until FROM cards_state;
CREATE VIEW cards_bank_state_v1 AS SELECT subject, number_key, since, state FROM cards_bank_state;
CREATE VIEW cards_binding_v1 AS SELECT subject, kind, reference, since, number_key FROM cards_binding;

GRANT SELECT ON cards_bank_state_v1, cards_binding_v1 TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro;
GRANT SELECT ON cards_move, cards_bank_state, cards_binding, cards_application, cards_application_state, cards_batch,
    cards_batch_row, cards_return, cards_feed TO onecard_desk, onecard_batch, onecard_audit_ro;
GRANT SELECT ON cards_account TO onecard_desk, onecard_batch;
GRANT INSERT ON cards_move, cards_bank_state, cards_binding, cards_account, cards_application, cards_application_state,
    cards_batch, cards_batch_row, cards_return, cards_feed TO onecard_desk, onecard_batch;
