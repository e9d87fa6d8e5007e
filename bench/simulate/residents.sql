-- $1 synthetic residents: births spread like a city's that ages, homes in seven counties and a few elsewhere, some dead, some who moved.
-- One statement a part, each after an empty line.

INSERT INTO people_subject (subject, born, home_region, salt)
SELECT n, DATE '2024-10-31' - (power(hashint8(n) & 1048575, 1.35) / power(1048575, 0.35) / 1048575 * 36500)::int,
       (ARRAY['330402', '330411', '330421', '330424', '330481', '330482', '330483', '341800'])[1 + (n * 7919 % 8)],
       decode(md5(n::text), 'hex')
FROM generate_series(1, $1::bigint) AS n

INSERT INTO people_fact (subject, fact, since, value)
SELECT s.subject, 'registered_region', GREATEST(s.born, DATE '2020-01-01'), s.home_region FROM people_subject AS s WHERE s.subject <= $1::bigint

INSERT INTO people_fact (subject, fact, since, value)
SELECT s.subject, 'registered_region', DATE '2023-06-01', '310115' FROM people_subject AS s
WHERE s.subject <= $1::bigint AND s.subject % 50 = 0 AND s.born < DATE '2020-01-01'

INSERT INTO people_fact (subject, fact, since, value)
SELECT s.subject, 'alive', DATE '2024-01-01' + (s.subject % 300)::int, 'no' FROM people_subject AS s
WHERE s.subject <= $1::bigint AND s.subject % 29 = 0 AND s.born < DATE '1950-01-01'
