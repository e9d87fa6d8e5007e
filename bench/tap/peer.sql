-- What the plain server of peer.py keeps, in a schema of its own: the same read and the same two writes a tap as ours.
CREATE SCHEMA peer;

CREATE TABLE peer.card (
    number text PRIMARY KEY,
    subject bigint NOT NULL,
    valid_until date NOT NULL,
    state text NOT NULL
);

CREATE TABLE peer.person (
    subject bigint PRIMARY KEY,
    born date NOT NULL,
    home_region text NOT NULL
);

CREATE TABLE peer.fact (
    subject bigint NOT NULL,
    fact text NOT NULL,
    since date NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (subject, fact, since)
);

CREATE TABLE peer.accumulator (
    subject bigint NOT NULL,
    window_start date NOT NULL,
    name text NOT NULL,
    used bigint NOT NULL,
    cap bigint NOT NULL,
    PRIMARY KEY (subject, window_start, name),
    CHECK (used BETWEEN 0 AND cap)
);

CREATE TABLE peer.use (
    terminal text NOT NULL,
    seq bigint NOT NULL,
    subject bigint,
    day date NOT NULL,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    service text NOT NULL,
    outcome text NOT NULL,
    reason text NOT NULL,
    list_price_fen bigint NOT NULL,
    paid_fen bigint NOT NULL,
    fund text,
    fund_fen bigint,
    programme text,
    facts jsonb NOT NULL,
    PRIMARY KEY (terminal, seq)
);

CREATE INDEX use_of_person ON peer.use (subject, day);
