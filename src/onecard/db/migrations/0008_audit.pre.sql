-- The audit and the log: who saw or changed what, and one RFC 6962 tree over records, changes, looks and erasures, whose signed
-- heads go to a witness. Everything here is added, never changed, but for the note that a head reached its witness.

-- Somebody looked at something, or changed it; written before he is shown it. `salt` keeps what is proved to others from
-- telling about what is not. `content` of a change names the rows it wrote and their digests.
CREATE TABLE audit_entry (
    entry uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    kind text NOT NULL CHECK (kind IN ('look', 'change', 'erasure')),
    person text NOT NULL,
    account text NOT NULL,
    as_person text NOT NULL,                    -- In whose place; '' for himself.
    roles text[] NOT NULL,
    purpose text NOT NULL CHECK (length(purpose) <= 200),
    act text NOT NULL CHECK (length(act) <= 64),
    object text NOT NULL CHECK (length(object) <= 200),
    region text NOT NULL,                       -- Of the object; '' where it has none.
    subject bigint,                             -- Whom it is about.
    result text NOT NULL CHECK (length(result) <= 64),
    content jsonb NOT NULL,
    salt bytea NOT NULL CHECK (octet_length(salt) = 16)
);
CREATE INDEX audit_entry_at ON audit_entry (at, entry);
CREATE INDEX audit_entry_person ON audit_entry (person, act, at);
CREATE INDEX audit_entry_subject ON audit_entry (subject, at) WHERE subject IS NOT NULL;
-- The log. `leaf` is the hash of the leaf at this position, `above` the hashes of the nodes that it completed, from level 1 up:
-- whoever reads a few dozen rows can grow the tree or prove anything in it.
CREATE TABLE audit_log (
    position bigint PRIMARY KEY CHECK (position >= 0),
    kind text NOT NULL CHECK (kind IN ('batch', 'look', 'change', 'erasure')),
    ref uuid NOT NULL UNIQUE,                   -- The batch, or the entry: each is taken once.
    leaf bytea NOT NULL CHECK (octet_length(leaf) = 32),
    above bytea NOT NULL CHECK (octet_length(above) % 32 = 0)
);
-- How the log stood, signed.
CREATE TABLE audit_head (
    size bigint PRIMARY KEY CHECK (size > 0),
    at timestamptz NOT NULL,
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    note text NOT NULL,
    witnessed_at timestamptz                    -- When the witness outside had it.
);
CREATE INDEX audit_head_waiting ON audit_head (size) WHERE witnessed_at IS NULL;
-- Residents whom nobody has a reason to look at, by keyed hash: who reads this table does not learn who they are.
CREATE TABLE audit_canary (
    mark bytea PRIMARY KEY CHECK (octet_length(mark) = 32),
    since timestamptz NOT NULL
);
-- What somebody should know of at once.
CREATE TABLE audit_alarm (
    ref uuid NOT NULL,                          -- The entry that raised it.
    kind text NOT NULL CHECK (kind IN ('canary', 'budget', 'witness')),
    at timestamptz NOT NULL,
    person text NOT NULL,
    detail text NOT NULL,
    PRIMARY KEY (ref, kind)
);

SELECT oc_distribute('audit_entry', 'entry', NULL);
SELECT oc_reference('audit_log');
SELECT oc_reference('audit_head');
SELECT oc_reference('audit_canary');
SELECT oc_reference('audit_alarm');

-- The sequencer asks once a second which batches are new: those of the last minutes, found without an index that a tap pays for.
CREATE INDEX ledger_leaf_made ON ledger_leaf USING brin (made_at) WITH (pages_per_range = 16, autosummarize = on);

CREATE VIEW ledger_leaf_v1 AS SELECT batch, lane, number, made_at, book_day, records, root FROM ledger_leaf;
CREATE VIEW audit_entry_v1 WITH (security_invoker = true) AS
    SELECT entry, at, kind, person, account, as_person, roles, purpose, act, object, region, subject, result, content FROM audit_entry;
CREATE VIEW audit_log_v1 AS SELECT position, kind, ref, leaf, above FROM audit_log;
CREATE VIEW audit_head_v1 AS SELECT size, at, root, note, witnessed_at FROM audit_head;
CREATE VIEW audit_alarm_v1 AS SELECT ref, kind, at, person, detail FROM audit_alarm;

-- A person is erased: who he is, what was known of him, and all by which a card or a code leads to him, with the salt by which
-- his records can be proved. What he used stays, a number that leads to nobody. Only for whom an erasure is on record.
CREATE FUNCTION audit_erase(erased bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM audit_entry WHERE subject = erased AND kind = 'erasure') THEN
        RAISE EXCEPTION 'no erasure of this person is on record';
    END IF;
    DELETE FROM people_scope WHERE subject = erased;
    DELETE FROM people_number WHERE subject = erased;
    DELETE FROM people_identity WHERE subject = erased;
    DELETE FROM people_fact WHERE subject = erased;
    DELETE FROM people_subject WHERE subject = erased;
END
$$;
-- Before that: nothing leads to him any more, so that nothing new is recorded of him.
CREATE FUNCTION audit_cut_off(erased bigint) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM audit_entry WHERE subject = erased AND act = 'residents.cut-off') THEN
        RAISE EXCEPTION 'that this person is to be erased is not on record';
    END IF;
    DELETE FROM cards_state WHERE key = ANY (ARRAY(SELECT key FROM cards_credential WHERE subject = erased));
    DELETE FROM cards_credential WHERE subject = erased;
    DELETE FROM cards_pseudonym WHERE subject = erased;
    DELETE FROM cards_account WHERE subject = erased;
    DELETE FROM cards_binding WHERE subject = erased;
    DELETE FROM cards_card WHERE subject = erased;
END
$$;
REVOKE ALL ON FUNCTION audit_erase(bigint), audit_cut_off(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_erase(bigint), audit_cut_off(bigint) TO onecard_desk;

GRANT SELECT ON ledger_leaf_v1, audit_log, audit_log_v1, audit_head, audit_head_v1, audit_entry, audit_entry_v1, audit_alarm,
    audit_alarm_v1 TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro;
GRANT SELECT ON audit_canary TO onecard_batch;
GRANT SELECT ON audit_entry, audit_entry_v1, audit_log_v1, audit_head_v1, audit_alarm_v1 TO onecard_console;
GRANT INSERT ON audit_entry TO onecard_desk, onecard_batch, onecard_console;
GRANT INSERT ON audit_log, audit_head, audit_alarm, audit_canary TO onecard_batch;
GRANT UPDATE (witnessed_at) ON audit_head TO onecard_batch;
GRANT DELETE ON audit_canary TO onecard_batch;

-- Anyone may be noted anywhere; who reads the notes sees those of his regions.
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY console_notes ON audit_entry FOR INSERT TO onecard_console WITH CHECK (true);
CREATE POLICY console_wall ON audit_entry FOR SELECT TO onecard_console
    USING (region = '' OR region ^@ ANY ((SELECT db_regions())::text[]));
CREATE POLICY all_rows ON audit_entry TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);
