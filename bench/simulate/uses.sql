-- $1 rides of 30 days by one in three of the residents of 60 and over, some several a day, as taps would have recorded them: of what was asked the facts
-- that are not blank. Outcomes do not matter, for they are decided again. ($2: the rule book's number.) One statement a part, each after an empty line.

INSERT INTO ledger_use (terminal, seq, batch, book_day, subject, day, occurred_at, received_at, digest, seal, credential_kind, credential,
    service, site, site_kind, operator, region, home_region, counted, outcome, reason, list_price_fen, paid_fen, funds, amounts_fen,
    programme, version, rules, facts, limits)
SELECT 'T' || n % 200, n, '00000000-0000-4000-8000-000000000000', day, subject, day, at, at, decode(repeat('00', 32), 'hex'),
    decode(repeat('00', 32), 'hex'), 'card', decode(repeat('00', 32), 'hex'), 'ride', 'bus-' || n % 60, 'bus', 'buses',
    places[1 + n % 7], home_region, true, 'accepted', 'OK', 200, 200, '{}', '{}', NULL, NULL, $2::bigint,
    jsonb_strip_nulls(jsonb_build_object('age', date_part('year', age(day, born))::int, 'day', day - DATE '0001-01-01' + 1, 'region', places[1 + n % 7],
        'list_price', 200, 'home_region', home_region, 'registered_region', CASE WHEN home_region LIKE '3304%' THEN home_region END,
        'day_kind', CASE WHEN extract(isodow FROM day) > 5 THEN 'weekend' END)), '[]'
FROM (
    SELECT n, p.subject, p.born, p.home_region, DATE '2024-10-01' + (hashint8(n) & 1048575) % 30 AS day,
        (DATE '2024-10-01' + (hashint8(n) & 1048575) % 30) + INTERVAL '-2 hours' + (n * 7919 % 50000) * INTERVAL '1 second' AS at,
        ARRAY['330402', '330411', '330421', '330424', '330481', '330482', '330483'] AS places
    FROM generate_series(1, $1::bigint) AS n
    JOIN (SELECT row_number() OVER (ORDER BY subject) - 1 AS number, count(*) OVER () AS many, subject, born, home_region
          FROM people_subject WHERE born <= DATE '1964-10-01' AND subject % 3 = 0) AS p ON p.number = n % p.many
) AS ridden

ANALYZE ledger_use
