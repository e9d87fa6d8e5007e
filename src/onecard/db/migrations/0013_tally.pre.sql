-- What uses add up to, by day, place and outcome: a total of the console reads some thousand sums, not a million records.

-- Sums of all uses whose batches stand in the log before the mark. What is not there yet is added up when it is asked for.
CREATE TABLE uses_tally (
    day date NOT NULL,
    region text NOT NULL,
    site_kind text NOT NULL,
    site text NOT NULL,
    outcome text NOT NULL,
    reason text NOT NULL,
    uses bigint NOT NULL CHECK (uses > 0),
    list_price_fen bigint NOT NULL CHECK (list_price_fen >= 0),
    paid_fen bigint NOT NULL CHECK (paid_fen >= 0 AND paid_fen <= list_price_fen),
    PRIMARY KEY (day, region, site_kind, site, outcome, reason)
);
CREATE TABLE uses_tally_mark (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    position bigint NOT NULL CHECK (position >= 0)   -- The first leaf of the log that is not added up; no row: nothing is.
);

SELECT oc_reference('uses_tally');
SELECT oc_reference('uses_tally_mark');

GRANT SELECT ON uses_tally, uses_tally_mark TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro, onecard_console;
GRANT INSERT ON uses_tally, uses_tally_mark TO onecard_batch;
GRANT UPDATE (uses, list_price_fen, paid_fen) ON uses_tally TO onecard_batch;
GRANT UPDATE (position) ON uses_tally_mark TO onecard_batch;
GRANT SELECT ON ledger_leaf_v1 TO onecard_console;

ALTER TABLE uses_tally ENABLE ROW LEVEL SECURITY;
CREATE POLICY console_wall ON uses_tally TO onecard_console USING (region ^@ ANY ((SELECT db_regions())::text[]));
CREATE POLICY all_rows ON uses_tally TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);
