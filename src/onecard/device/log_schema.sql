-- A terminal's log, SQLite. Whoever changes a table here raises LOG_FORM in log.py and brings older logs along.
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;

-- Every use under its number. `state`: asked (the server was asked, nothing shown yet) → answered (by the server), or waiting
-- (answered here) → sent; void (no use: the number was another's, or the server refused to take it in).
CREATE TABLE tap (
    seq INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    content TEXT NOT NULL, -- What is sent, without `offline` and `chain`.
    chain TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'answered', 'waiting', 'sent', 'void')),
    answer TEXT, -- What was shown.
    offline TEXT, -- What the upload says of that.
    late TEXT, -- The server's answer that came after this terminal had decided.
    upload TEXT, -- The server's answer to the upload.
    verdict TEXT, -- agreed, accepted_in_error, refused, duplicate, invalid.
    CHECK (state <> 'waiting' OR (answer IS NOT NULL AND offline IS NOT NULL))
);
CREATE INDEX tap_waiting ON tap (seq) WHERE state = 'waiting';
CREATE INDEX tap_asked ON tap (seq) WHERE state = 'asked';

-- Cards by alias; '' stands for all persons together.
CREATE TABLE seen (
    alias BLOB PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    told TEXT NOT NULL
) WITHOUT ROWID;

-- Codes that were answered here.
CREATE TABLE code (
    spends BLOB PRIMARY KEY,
    at_ms INTEGER NOT NULL
) WITHOUT ROWID;
