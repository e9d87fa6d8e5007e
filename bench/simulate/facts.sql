-- Everybody with his facts as they stood on a day, for those who reckon outside the database. ($1: the day.)
SELECT s.born, COALESCE(r.value, '') AS registered_region, COALESCE(a.value <> 'no', true) AS alive
FROM people_subject AS s
LEFT JOIN (SELECT DISTINCT ON (subject) subject, value FROM people_fact
           WHERE fact = 'registered_region' AND since <= $1::date ORDER BY subject, since DESC) AS r USING (subject)
LEFT JOIN (SELECT DISTINCT ON (subject) subject, value FROM people_fact
           WHERE fact = 'alive' AND since <= $1::date ORDER BY subject, since DESC) AS a USING (subject)
