-- The change as somebody writes it who knows PostgreSQL, the rule and the tables: cut-offs of birth worked out by hand, one pass, facts
-- looked up along their key and only for those old enough. ($1: the day of the facts.)
SELECT region, count(*) FILTER (WHERE new > old) AS gain, count(*) FILTER (WHERE new < old) AS lose, count(*) FILTER (WHERE new = old) AS same,
       sum(old)::bigint AS old, sum(new)::bigint AS new
FROM (
    SELECT r.value AS region,
           CASE WHEN s.born <= DATE '1924-10-31' THEN 60000 WHEN s.born <= DATE '1934-10-31' THEN 15000
                WHEN s.born <= DATE '1944-10-31' THEN 6000 ELSE 0 END AS old,
           CASE WHEN s.born <= DATE '1924-10-31' THEN 60000 WHEN s.born <= DATE '1934-10-31' THEN 15000
                WHEN s.born <= DATE '1939-10-31' THEN 10000 WHEN s.born <= DATE '1944-10-31' THEN 6000 ELSE 5000 END AS new
    FROM people_subject AS s
    CROSS JOIN LATERAL (SELECT value FROM people_fact AS f WHERE f.subject = s.subject AND f.fact = 'registered_region' AND f.since <= $1::date
                        ORDER BY since DESC LIMIT 1) AS r
    LEFT JOIN LATERAL (SELECT value FROM people_fact AS f WHERE f.subject = s.subject AND f.fact = 'alive' AND f.since <= $1::date
                       ORDER BY since DESC LIMIT 1) AS a ON true
    WHERE s.born <= DATE '1949-10-31' AND r.value LIKE '3304%' AND a.value IS DISTINCT FROM 'no'
) AS paid
GROUP BY region
ORDER BY region
