-- Payouts: rosters with their lines, what happened to each, and the account on which each person is paid under each programme.

-- One list of who is paid for a period in one area. A supplement (1, 2, …) pays who was not paid by the lists before it.
CREATE TABLE payouts_roster (
    roster text PRIMARY KEY,                    -- PROGRAMME.PERIOD.REGION, and .N where it is a supplement.
    cycle text NOT NULL,                        -- PROGRAMME.PERIOD: where its lines lie.
    programme text NOT NULL,
    period text NOT NULL,
    region text NOT NULL,
    supplement integer NOT NULL CHECK (supplement >= 0),
    supplements text,                           -- The list that it adds to.
    version integer NOT NULL,
    last_day date NOT NULL,                     -- Of the period.
    planned_at timestamptz NOT NULL,
    planned_by text NOT NULL,
    lines integer NOT NULL CHECK (lines >= 0),
    amount_fen bigint NOT NULL CHECK (amount_fen >= 0),
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'submitted', 'township_ok', 'publicity', 'dept_ok', 'finance_ok',
        'exported', 'bank_processing', 'returned', 'closed')),   -- A cache of the last move.
    UNIQUE (cycle, region, supplement)
);
-- What was done to a list, step by step.
CREATE TABLE payouts_move (
    roster text NOT NULL,
    step integer NOT NULL CHECK (step >= 1),
    at timestamptz NOT NULL,
    state text NOT NULL,                        -- Where it stands since.
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    approval uuid,
    by_person text NOT NULL,
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 200),
    PRIMARY KEY (roster, step)
);
-- One payment. Written once; `state` is a cache of the last event. A cycle's lines lie in a partition of their own, whose keys come
-- after the first lines (payouts_key_cycle): a million lines are written at the speed of a copy.
CREATE TABLE payouts_line (
    cycle text NOT NULL,
    roster text NOT NULL,
    seq integer NOT NULL CHECK (seq >= 1),
    subject bigint NOT NULL,                    -- 0 where an operator is paid.
    operator text NOT NULL DEFAULT '',
    region text NOT NULL,
    village text NOT NULL DEFAULT '',
    day date NOT NULL,                          -- On which it was read who is paid.
    amount_fen bigint NOT NULL CHECK (amount_fen >= 0),
    reason text NOT NULL,                       -- OK, or why nothing is paid to who stood in a roster file.
    facts jsonb NOT NULL,                       -- What the rule asked, as it stood that day: the line is explained from it.
    funds text[] NOT NULL,
    shares_fen bigint[] NOT NULL CHECK (cardinality(shares_fen) = cardinality(funds)),
    account_kind text NOT NULL CHECK (account_kind IN ('', 'card', 'passbook')),   -- '': no account is registered.
    bank text NOT NULL,
    account_since timestamptz,                  -- The row of payouts_account.
    account_key bytea CHECK (octet_length(account_key) = 32),
    state text NOT NULL CHECK (state IN ('pending', 'held', 'excluded', 'exported', 'paid', 'failed', 'corrected', 'repaid', 'waived',
        'refunded', 'paid_twice', 'recovered')),
    CHECK (reason = 'OK' OR amount_fen = 0),
    CHECK ((account_kind = '') = (account_since IS NULL) AND (account_since IS NULL) = (account_key IS NULL))
) PARTITION BY LIST (cycle);
-- What happened to a line, counted per line: of two who tell the same step the second finds it taken.
CREATE TABLE payouts_event (
    cycle text NOT NULL,
    subject bigint NOT NULL,
    roster text NOT NULL,
    seq integer NOT NULL,
    step integer NOT NULL CHECK (step >= 1),
    region text NOT NULL,
    at timestamptz NOT NULL,
    state text NOT NULL,                        -- Of the line, since.
    amount_fen bigint NOT NULL CHECK (amount_fen >= 0),
    code text NOT NULL DEFAULT '',              -- F01 … F99 where the bank failed it.
    bank_batch text NOT NULL DEFAULT '',
    bank_serial text NOT NULL DEFAULT '',
    by_person text NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '' CHECK (length(reason) <= 200),
    PRIMARY KEY (cycle, subject, roster, seq, step)
) PARTITION BY LIST (cycle);
-- What a roster file brought of each person: on whose word a line stands.
CREATE TABLE payouts_evidence (
    roster text NOT NULL,
    subject bigint NOT NULL,
    row integer NOT NULL CHECK (row >= 1),      -- Of the file; the header is row 1.
    village text NOT NULL,
    facts jsonb NOT NULL,
    PRIMARY KEY (roster, subject)
);
-- On which account a person is paid under a programme, from an instant on; the newest row counts. The number is enciphered.
CREATE TABLE payouts_account (
    subject bigint NOT NULL,
    programme text NOT NULL,
    since timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN ('card', 'passbook')),
    bank text NOT NULL,
    number_key bytea CHECK (octet_length(number_key) = 32),     -- The card whose account it is.
    account_key bytea NOT NULL CHECK (octet_length(account_key) = 32),   -- A keyed hash: equal accounts are found, none is read.
    key_id text NOT NULL,
    sealed bytea NOT NULL,
    PRIMARY KEY (subject, programme, since),
    CHECK ((kind = 'card') = (number_key IS NOT NULL))
);

SELECT oc_reference('payouts_roster');
SELECT oc_reference('payouts_move');
SELECT oc_distribute('payouts_line', 'subject', 'people_subject');
SELECT oc_distribute('payouts_event', 'subject', 'people_subject');
SELECT oc_distribute('payouts_evidence', 'subject', 'people_subject');
SELECT oc_distribute('payouts_account', 'subject', 'people_subject');

ALTER TABLE payouts_move ADD FOREIGN KEY (roster) REFERENCES payouts_roster (roster);

-- Partitions are the owner's. The name of a partition says nothing; a cycle has one, however often it is asked for.
CREATE FUNCTION payouts_open_cycle(opened text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path TO 'public', 'pg_temp' AS $$
DECLARE
    name text := 'payouts_line_' || left(md5(opened), 16);
BEGIN
    IF opened !~ '^[a-z0-9-]{1,64}[.][0-9]{4}(-[a-zQ0-9]{1,6})?$' THEN
        RAISE EXCEPTION 'a cycle is PROGRAMME.PERIOD';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('payouts_line', 0));
    IF to_regclass(name) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF payouts_line FOR VALUES IN (%L)', name, opened);
        EXECUTE format('CREATE TABLE %I PARTITION OF payouts_event FOR VALUES IN (%L)',
            'payouts_event_' || left(md5(opened), 16), opened);
        RETURN true;
    END IF;
    RETURN false;
END
$$;
-- After the first lines of a cycle: nobody has two that may be paid, and lines are found by person and by number.
CREATE FUNCTION payouts_key_cycle(keyed text) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path TO 'public', 'pg_temp' AS $$
DECLARE
    name text := 'payouts_line_' || left(md5(keyed), 16);
BEGIN
    IF to_regclass(name || '_pkey') IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I PRIMARY KEY (roster, seq, subject)', name, name || '_pkey');
    EXECUTE format('CREATE UNIQUE INDEX %I ON %I (subject, operator) WHERE state NOT IN (''excluded'', ''waived'')', name || '_once', name);
    RETURN true;
END
$$;
REVOKE ALL ON FUNCTION payouts_open_cycle(text), payouts_key_cycle(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION payouts_open_cycle(text), payouts_key_cycle(text) TO onecard_batch;

CREATE VIEW payouts_roster_v1 WITH (security_invoker = true) AS
    SELECT roster, cycle, programme, period, region, supplement, version, planned_at, lines, amount_fen, digest, state FROM payouts_roster;
CREATE VIEW payouts_line_v1 WITH (security_invoker = true) AS
    SELECT cycle, roster, seq, subject, operator, region, day, amount_fen, funds, shares_fen, account_kind, bank, state FROM payouts_line;
CREATE VIEW payouts_event_v1 WITH (security_invoker = true) AS
    SELECT cycle, subject, roster, seq, step, region, at, state, amount_fen, code, bank_batch FROM payouts_event;
-- What stands in another room's table, without what is enciphered: the account that a card has since when.
CREATE VIEW cards_account_v1 WITH (security_invoker = true) AS SELECT subject, number_key, since, bank FROM cards_account;
-- Whom a roster file means, many at once: numbers are keyed hashes.
CREATE VIEW people_number_v1 WITH (security_invoker = true) AS SELECT number_hash, subject FROM people_number;

GRANT SELECT ON payouts_roster, payouts_roster_v1, payouts_move, payouts_line, payouts_line_v1, payouts_event, payouts_event_v1
    TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro, onecard_console;
GRANT SELECT ON cards_account_v1, people_number_v1 TO onecard_desk, onecard_batch, onecard_audit_ro;
GRANT SELECT ON payouts_account, payouts_evidence TO onecard_desk, onecard_batch, onecard_audit_ro;
GRANT INSERT ON payouts_roster, payouts_move, payouts_line, payouts_event, payouts_evidence, payouts_account TO onecard_batch;
GRANT UPDATE (state) ON payouts_roster, payouts_line TO onecard_batch;
GRANT UPDATE (key_id, sealed) ON payouts_account TO onecard_batch;

DO $$
DECLARE
    walled text;
BEGIN
    FOREACH walled IN ARRAY ARRAY['payouts_roster', 'payouts_line', 'payouts_event']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', walled);
        EXECUTE format('CREATE POLICY console_wall ON %I TO onecard_console USING (region ^@ ANY ((SELECT db_regions())::text[]))', walled);
        EXECUTE format('CREATE POLICY all_rows ON %I TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro '
            'USING (true) WITH CHECK (true)', walled);
    END LOOP;
END
$$;
