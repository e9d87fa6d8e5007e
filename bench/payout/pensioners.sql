-- $1 synthetic people of 80 and over, registered in one county, each with a pay account: the lines of a roster.
-- One statement a part, each after an empty line.

INSERT INTO people_subject (subject, born, home_region, salt)
SELECT n, DATE '1944-01-01' - (n % 7000)::int, '330481', decode(md5(n::text), 'hex') FROM generate_series(1, $1::bigint) AS n

INSERT INTO people_fact (subject, fact, since, value)
SELECT n, 'registered_region', DATE '2020-01-01', '330481' FROM generate_series(1, $1::bigint) AS n

INSERT INTO payouts_account (subject, programme, since, kind, bank, number_key, account_key, key_id, sealed)
SELECT n, 'high-age-allowance', TIMESTAMPTZ '2020-01-01 00:00+08', CASE WHEN n % 5 < 3 THEN 'card' ELSE 'passbook' END,
       'B0' || (1 + n % 9), CASE WHEN n % 5 < 3 THEN sha256(n::text::bytea) END, sha256(n::text::bytea), 'bench', decode(md5(n::text), 'hex')
FROM generate_series(1, $1::bigint) AS n
