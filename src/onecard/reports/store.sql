--: granted_uses(as_of date, meals_from date, meals_until date) -> programme, region, month, canteen, uses, saved_fen
-- Accepted uses of live sites up to a day, without those taken back, from the sums that are kept of them.
-- `canteen` names the site of a meal eaten within the window that proves a canteen alive, and is null for all else.
WITH kept AS (
    SELECT s.day, s.region, s.site_kind, s.site, s.service, s.programme, s.uses, s.list_price_fen - s.paid_fen AS saved_fen
    FROM uses_sum_v1 AS s WHERE s.day <= $1::date AND s.outcome = 'accepted' AND s.counted
    UNION ALL
    SELECT u.day, u.region, u.site_kind, u.site, u.service, coalesce(u.programme, ''), -1, u.paid_fen - u.list_price_fen
    FROM ledger_reversal_v1 AS r
        CROSS JOIN LATERAL (SELECT * FROM ledger_use_v1 AS w WHERE w.terminal = r.terminal AND w.seq = r.seq LIMIT 1) AS u
    WHERE r.day <= $1::date AND u.outcome = 'accepted' AND u.counted
)
SELECT nullif(k.programme, '') AS programme,
       k.region,
       k.day - (extract(day FROM k.day)::integer - 1) AS month,
       CASE WHEN k.site_kind = 'canteen' AND k.service IN ('breakfast', 'lunch', 'dinner') AND k.day BETWEEN $2::date AND $3::date
            THEN k.site END AS canteen,
       sum(k.uses)::bigint AS uses,
       sum(k.saved_fen)::bigint AS saved_fen
FROM kept AS k
GROUP BY 1, 2, 3, 4
HAVING sum(k.uses) > 0;

--: site_states(as_of date) -> site, operator, kind, region, planned_for, state
-- Every site in the state it had at the end of a day; state is null where its way had not begun.
SELECT s.site, s.operator, s.kind, s.region, s.planned_for, latest.state
FROM terminals_site_v1 AS s
LEFT JOIN LATERAL (
    SELECT t.state FROM terminals_site_state_v1 AS t
    WHERE t.site = s.site AND t.since <= $1 ORDER BY t.since DESC LIMIT 1
) AS latest ON true;
