-- How a document came into force, and what a release that reaches back would change about records that stand.

-- Two persons released this version: who, why, and the simulation that they looked at. What the home's owner took in has no row.
CREATE TABLE releases_release (
    programme text NOT NULL,
    version integer NOT NULL,
    approval uuid NOT NULL UNIQUE,
    reason text NOT NULL CHECK (length(reason) <= 200),
    simulation text,                            -- SHA-256 of the file, in hex; null: none was made.
    figures jsonb,                              -- What the simulation found: gain, lose, same, old, new.
    prepared_by text NOT NULL,
    prepared_as text NOT NULL,                  -- In whose place; '' for himself.
    approved_by text NOT NULL,
    approved_as text NOT NULL,
    approved_reason text NOT NULL CHECK (length(approved_reason) <= 200),
    PRIMARY KEY (programme, version)
);
-- A version that begins no later than the day it was released: the records since then are decided again, page by page, for
-- proposals. How far that came is a cache: it may begin anew, for a proposal is made once.
CREATE TABLE releases_job (
    programme text NOT NULL,
    version integer NOT NULL,
    rules bigint NOT NULL,                      -- The state of the rule book under which records are decided again.
    from_day date NOT NULL,
    last_day date NOT NULL,                     -- The day of the release.
    released_at timestamptz NOT NULL,
    after_at timestamptz,                       -- The last use that was looked at; null: none yet.
    after_terminal text NOT NULL DEFAULT '',
    after_seq bigint NOT NULL DEFAULT 0,
    examined bigint NOT NULL DEFAULT 0,
    unknown bigint NOT NULL DEFAULT 0,          -- Uses that cannot be decided again: nobody kept what the new version asks.
    missing text[] NOT NULL DEFAULT '{}',       -- Which facts and limits those are.
    done_at timestamptz,
    PRIMARY KEY (programme, version)
);
-- One record that would have come out otherwise. Nothing is paid or taken by it: it is a proposal.
CREATE TABLE releases_proposal (
    terminal text NOT NULL,
    seq bigint NOT NULL,
    programme text NOT NULL,
    version integer NOT NULL,
    subject bigint NOT NULL,
    day date NOT NULL,
    occurred_at timestamptz NOT NULL,
    region text NOT NULL,                       -- Of the use.
    old_paid_fen bigint NOT NULL,
    new_paid_fen bigint NOT NULL,
    old jsonb NOT NULL,                         -- {outcome, reason, paid, payers: [[fund, fen], …], programme, version}
    new jsonb NOT NULL,
    moved jsonb NOT NULL,                       -- [[name, window_start, within, by], …]: how much more is counted of the person's limits.
    proposed_at timestamptz NOT NULL,
    PRIMARY KEY (terminal, seq, programme, version)
);
CREATE INDEX releases_proposal_list ON releases_proposal (programme, version, occurred_at, terminal, seq);
CREATE INDEX releases_proposal_subject ON releases_proposal (subject, programme, version);

SELECT oc_reference('releases_release');
SELECT oc_reference('releases_job');
SELECT oc_distribute('releases_proposal', 'terminal', 'ledger_use');

ALTER TABLE releases_release ADD FOREIGN KEY (programme, version) REFERENCES releases_document (programme, version);
ALTER TABLE releases_job ADD FOREIGN KEY (programme, version) REFERENCES releases_document (programme, version);

GRANT SELECT ON releases_release, releases_job, releases_proposal TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro,
    onecard_console;
GRANT INSERT ON releases_document, releases_release, releases_job TO onecard_console;
GRANT INSERT ON releases_proposal TO onecard_batch;
GRANT UPDATE (after_at, after_terminal, after_seq, examined, unknown, missing, done_at) ON releases_job TO onecard_batch;

ALTER TABLE releases_proposal ENABLE ROW LEVEL SECURITY;
CREATE POLICY console_wall ON releases_proposal TO onecard_console USING (region ^@ ANY ((SELECT db_regions())::text[]));
CREATE POLICY all_rows ON releases_proposal TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);
