-- Persons are found by what a clerk is told of them: a name, its first letters, the end of a phone number or of a card's.

-- What one person is found by: 64 bits of a keyed hash, for names and numbers stand sealed. Region and year of birth are copied
-- here, so that a common name within one county is a short stretch of the index and not a walk through everyone who bears it.
-- Whoever is erased takes his marks along.
CREATE TABLE people_mark (
    subject bigint NOT NULL,
    mark bigint NOT NULL,
    region text NOT NULL,                       -- As in people_scope; '' for who belongs nowhere, and is found by nobody.
    born_year smallint NOT NULL,
    PRIMARY KEY (subject, mark)
);
CREATE INDEX people_mark_found ON people_mark (mark, region COLLATE "C", born_year, subject);
-- Whoever is older than marks is gone over by a running server, by number; when all are, the row goes.
CREATE TABLE people_unmarked (
    after bigint PRIMARY KEY
);
-- The same of the last four characters of a card's number; NULL until its holder is gone over.
ALTER TABLE cards_card ADD COLUMN tail_mark bigint;
CREATE INDEX cards_card_tail ON cards_card (tail_mark, subject);

SELECT oc_distribute('people_mark', 'subject', 'people_subject');
SELECT oc_reference('people_unmarked');
ALTER TABLE people_mark ADD FOREIGN KEY (subject) REFERENCES people_subject (subject) ON DELETE CASCADE;

GRANT SELECT ON people_mark TO onecard_desk, onecard_batch, onecard_console;
GRANT INSERT ON people_mark TO onecard_desk, onecard_batch;
GRANT UPDATE (region) ON people_mark TO onecard_desk, onecard_batch, onecard_console;
GRANT UPDATE (tail_mark) ON cards_card TO onecard_batch;
GRANT SELECT, UPDATE, DELETE ON people_unmarked TO onecard_batch;

ALTER TABLE people_mark ENABLE ROW LEVEL SECURITY;
CREATE POLICY console_wall ON people_mark TO onecard_console
    USING (region ^@ ANY ((SELECT db_regions())::text[])) WITH CHECK (region ^@ ANY ((SELECT db_regions())::text[]));
CREATE POLICY all_rows ON people_mark TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

INSERT INTO people_unmarked (after) SELECT -9223372036854775808 WHERE EXISTS (SELECT FROM people_identity);
