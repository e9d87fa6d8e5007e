-- What has no region is for those who audit the whole city; and what is known of people stands under leaves of the log.

-- audit ----------------------------------------------------------------------------------------------------------
-- `onecard.unplaced` is set to yes for whoever may see what belongs to no region: beside `onecard.regions`, and in the same place.
CREATE FUNCTION db_unplaced() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(current_setting('onecard.unplaced', true) = 'yes', false);

DROP POLICY console_wall ON audit_entry;
CREATE POLICY console_wall ON audit_entry FOR SELECT TO onecard_console
    USING (region ^@ ANY ((SELECT db_regions())::text[]) OR (region = '' AND (SELECT db_unplaced())));

-- An alarm is of the region of the entry that raised it; '' where that has none, and of a witness.
ALTER TABLE audit_alarm ADD COLUMN region text NOT NULL DEFAULT '';
UPDATE audit_alarm AS a SET region = e.region FROM audit_entry AS e WHERE e.entry = a.ref;
ALTER TABLE audit_alarm ALTER COLUMN region DROP DEFAULT;
CREATE INDEX audit_alarm_at ON audit_alarm (at, ref);
CREATE OR REPLACE VIEW audit_alarm_v1 WITH (security_invoker = true) AS SELECT ref, kind, at, person, detail, region FROM audit_alarm;
ALTER TABLE audit_alarm ENABLE ROW LEVEL SECURITY;
CREATE POLICY console_wall ON audit_alarm FOR SELECT TO onecard_console
    USING (region ^@ ANY ((SELECT db_regions())::text[]) OR (region = '' AND (SELECT db_unplaced())));
CREATE POLICY all_rows ON audit_alarm TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

-- Few entries are of one act or of one refusal: they are found among millions without reading these.
CREATE INDEX audit_entry_act ON audit_entry (act, at, entry);
CREATE INDEX audit_entry_result ON audit_entry (result, at, entry);
-- The newest head that a witness has.
CREATE INDEX audit_head_witnessed ON audit_head (size) WHERE witnessed_at IS NOT NULL;

-- staff ----------------------------------------------------------------------------------------------------------
-- What waits for a second person is little among all that ever did. It is listed here until it is decided, so that whoever asks for
-- it reads no more than he is shown; what may be decided, request and decision say.
CREATE TABLE staff_waiting (
    approval uuid PRIMARY KEY,
    prepared_at timestamptz NOT NULL
);
CREATE INDEX staff_waiting_newest ON staff_waiting (prepared_at, approval);
SELECT oc_reference('staff_waiting');
INSERT INTO staff_waiting (approval, prepared_at)
SELECT approval, prepared_at FROM staff_request AS r WHERE NOT EXISTS (SELECT FROM staff_decision AS d WHERE d.approval = r.approval);
GRANT SELECT ON staff_waiting TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro, onecard_console;
GRANT INSERT, DELETE ON staff_waiting TO onecard_desk, onecard_console;
ALTER TABLE staff_waiting ENABLE ROW LEVEL SECURITY;
-- A name and a time tell nothing: the request that they lead to has a wall. Only whoever sees that takes it off the list.
CREATE POLICY console_lists ON staff_waiting FOR SELECT TO onecard_console USING (true);
CREATE POLICY console_prepares ON staff_waiting FOR INSERT TO onecard_console WITH CHECK (true);
CREATE POLICY console_wall ON staff_waiting FOR DELETE TO onecard_console
    USING (EXISTS (SELECT FROM staff_request AS r WHERE r.approval = staff_waiting.approval));
CREATE POLICY all_rows ON staff_waiting TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

-- people ---------------------------------------------------------------------------------------------------------
-- What one transaction told about people: a salted digest of each row, and the root over them, which is a leaf of the log. Digests
-- stay when a person is erased: his salt goes, and they say nothing of him any more.
CREATE TABLE people_batch (
    batch uuid PRIMARY KEY,
    made_at timestamptz NOT NULL,
    told integer NOT NULL CHECK (told > 0),     -- How many rows.
    subjects bigint[] NOT NULL CHECK (cardinality(subjects) = told),    -- Whom each is about.
    seals bytea NOT NULL CHECK (octet_length(seals) = 32 * told),       -- In the same order.
    root bytea NOT NULL CHECK (octet_length(root) = 32)
);
SELECT oc_distribute('people_batch', 'batch', NULL);
CREATE INDEX people_batch_made ON people_batch (made_at, batch);

-- By which batch a row came. Rows that are older than batches have none until a server has sealed them.
ALTER TABLE people_subject ADD COLUMN batch uuid;
ALTER TABLE people_fact ADD COLUMN batch uuid;

-- One row as long as there are such; afterwards a row without a batch is somebody's who had no business here.
CREATE TABLE people_unsealed (
    waiting boolean PRIMARY KEY CHECK (waiting)
);
SELECT oc_reference('people_unsealed');
INSERT INTO people_unsealed (waiting) SELECT true WHERE EXISTS (SELECT FROM people_subject);

CREATE VIEW people_batch_v1 AS SELECT batch, made_at, told, root FROM people_batch;
GRANT SELECT ON people_batch, people_batch_v1, people_unsealed TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro;
GRANT INSERT ON people_batch TO onecard_desk, onecard_batch, onecard_console;
GRANT UPDATE (batch) ON people_subject, people_fact TO onecard_batch;
GRANT UPDATE, DELETE ON people_unsealed TO onecard_batch;  -- UPDATE: to hold the row, as one sealer at a time does.

ALTER TABLE audit_log DROP CONSTRAINT audit_log_kind_check;
ALTER TABLE audit_log ADD CONSTRAINT audit_log_kind_check CHECK (kind IN ('batch', 'people', 'look', 'change', 'erasure'));
