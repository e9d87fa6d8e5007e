-- $1 synthetic residents: 26 of 100 are 60 or over, 7.5 are 75, 3.5 are 80, as in the city; homes in seven counties and a few elsewhere, some dead, some who moved.
-- One statement a part, each after an empty line.

INSERT INTO people_subject (subject, born, home_region, salt)
SELECT n, DATE '2024-10-31' - (365.2425 * CASE WHEN u < 0.735 THEN u / 0.735 * 60 WHEN u < 0.925 THEN 60 + (u - 0.735) / 0.19 * 15
                                               WHEN u < 0.965 THEN 75 + (u - 0.925) / 0.04 * 5 WHEN u < 0.992 THEN 80 + (u - 0.965) / 0.027 * 10
                                               ELSE 90 + (u - 0.992) / 0.008 * 12 END)::int,
       (ARRAY['330402', '330411', '330421', '330424', '330481', '330482', '330483', '341800'])[1 + (n * 7919 % 8)],
       decode(md5(n::text), 'hex')
FROM (SELECT n, (hashint8(n) & 1048575) / 1048576.0 AS u FROM generate_series(1, $1::bigint) AS n) AS drawn

INSERT INTO people_fact (subject, fact, since, value)
SELECT s.subject, 'registered_region', GREATEST(s.born, DATE '2020-01-01'), s.home_region FROM people_subject AS s WHERE s.subject <= $1::bigint

INSERT INTO people_fact (subject, fact, since, value)
SELECT s.subject, 'registered_region', DATE '2023-06-01', '310115' FROM people_subject AS s
WHERE s.subject <= $1::bigint AND s.subject % 50 = 0 AND s.born < DATE '2020-01-01'

INSERT INTO people_fact (subject, fact, since, value)
SELECT s.subject, 'alive', DATE '2024-01-01' + (s.subject % 300)::int, 'no' FROM people_subject AS s
WHERE s.subject <= $1::bigint AND s.subject % 29 = 0 AND s.born < DATE '1950-01-01'
