-- What uses add up to, finer: by service, programme, whether they count in the bulletin, and whether a terminal was wrong offline.
-- The bulletin, the cockpit and the records behind a figure then read the same sums.

-- The sums that stand are emptied: a server adds up the log anew from its first leaf, and until it has, whatever is asked is added
-- up when it is asked for. A server of before goes on taking and telling; what it would add up waits for the new one.
TRUNCATE uses_tally, uses_tally_mark;
ALTER TABLE uses_tally DROP CONSTRAINT uses_tally_pkey;
ALTER TABLE uses_tally ADD COLUMN service text NOT NULL;
ALTER TABLE uses_tally ADD COLUMN programme text NOT NULL;       -- '' where none granted; 'a+b' for a pile.
ALTER TABLE uses_tally ADD COLUMN counted boolean NOT NULL;
ALTER TABLE uses_tally ADD COLUMN in_error boolean NOT NULL;     -- A terminal had accepted it offline beyond the rule.
ALTER TABLE uses_tally ADD PRIMARY KEY (day, region, site_kind, site, service, outcome, reason, programme, counted, in_error);

-- The same uses once more, by month, area and programme alone: accepted ones that count in the bulletin. A bulletin counts from the
-- first day on; from here it reads some thousand rows, however many sites and days there were.
CREATE TABLE uses_month (
    month date NOT NULL,                                         -- Its first day.
    region text NOT NULL,
    programme text NOT NULL,
    uses bigint NOT NULL CHECK (uses > 0),
    saved_fen bigint NOT NULL CHECK (saved_fen >= 0),            -- List price less what the holder paid.
    PRIMARY KEY (month, region, programme)
);
SELECT oc_reference('uses_month');

-- One by one the uses that are not added up: of batches behind the mark, and of batches that wait for the log. Those are made since
-- shortly before the newest one in it, for the log takes them in that order.
CREATE VIEW uses_waiting_v1 WITH (security_invoker = true) AS
WITH mark AS MATERIALIZED (SELECT coalesce(max(position), 0) AS position FROM uses_tally_mark),
newest AS MATERIALIZED (SELECT ref FROM audit_log_v1 WHERE kind = 'batch' ORDER BY position DESC LIMIT 1),
since AS MATERIALIZED (
    SELECT coalesce((SELECT made_at FROM ledger_leaf_v1 WHERE batch = (SELECT ref FROM newest)) - interval '10 minutes', '-infinity') AS at
)
SELECT u.day, u.region, u.site_kind, u.site, u.service, u.outcome, u.reason, coalesce(u.programme, '') AS programme, u.counted,
    coalesce(u.upload = 'accepted_in_error', false) AS in_error, 1::bigint AS uses, u.list_price_fen, u.paid_fen
FROM (
    SELECT l.ref AS batch FROM audit_log_v1 AS l WHERE l.kind = 'batch' AND l.position >= (SELECT position FROM mark)
    UNION ALL
    SELECT b.batch FROM ledger_leaf_v1 AS b
    WHERE b.made_at >= (SELECT at FROM since) AND NOT EXISTS (SELECT FROM audit_log_v1 AS l WHERE l.ref = b.batch)
) AS waits CROSS JOIN LATERAL (SELECT * FROM ledger_use_v1 AS w WHERE w.batch = waits.batch OFFSET 0) AS u;

-- Every use once, whether it is added up yet or not.
CREATE VIEW uses_sum_v1 WITH (security_invoker = true) AS
SELECT day, region, site_kind, site, service, outcome, reason, programme, counted, in_error, uses, list_price_fen, paid_fen FROM uses_tally
UNION ALL
SELECT day, region, site_kind, site, service, outcome, reason, programme, counted, in_error, uses, list_price_fen, paid_fen FROM uses_waiting_v1;
CREATE VIEW uses_month_v1 WITH (security_invoker = true) AS SELECT month, region, programme, uses, saved_fen FROM uses_month;

GRANT SELECT ON uses_month, uses_month_v1, uses_waiting_v1, uses_sum_v1 TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro, onecard_console;

GRANT INSERT ON uses_month TO onecard_batch;
GRANT UPDATE (uses, saved_fen) ON uses_month TO onecard_batch;
ALTER TABLE uses_month ENABLE ROW LEVEL SECURITY;
CREATE POLICY console_wall ON uses_month TO onecard_console USING (region ^@ ANY ((SELECT db_regions())::text[]));
CREATE POLICY all_rows ON uses_month TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

-- Of a hundred thousand uses a few were wrong: they are found without the others.
CREATE INDEX ledger_use_in_error ON ledger_use (occurred_at, terminal, seq) WHERE upload = 'accepted_in_error';
