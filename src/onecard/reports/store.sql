--: granted_uses(as_of date, meals_from date, meals_until date) -> programme, region, month, canteen, uses, saved_fen
-- The ledger read once: accepted uses of live sites up to a day, without those taken back.
-- `canteen` names the site of a meal eaten within the window that proves a canteen alive, and is null for all else.
SELECT u.programme,
       u.region,
       u.day - (extract(day FROM u.day)::integer - 1) AS month,
       CASE WHEN u.site_kind = 'canteen' AND u.service IN ('breakfast', 'lunch', 'dinner') AND u.day BETWEEN $2 AND $3
            THEN u.site END AS canteen,
       count(*) AS uses,
       sum(u.list_price_fen - u.paid_fen)::bigint AS saved_fen
FROM ledger_use_v1 AS u
WHERE u.day <= $1
  AND u.outcome = 'accepted'
  AND u.counted
  AND NOT EXISTS (SELECT FROM ledger_reversal_v1 AS r WHERE r.terminal = u.terminal AND r.seq = u.seq)
GROUP BY 1, 2, 3, 4;

--: site_states(as_of date) -> site, operator, kind, region, planned_for, state
-- Every site in the state it had at the end of a day; state is null where its way had not begun.
SELECT s.site, s.operator, s.kind, s.region, s.planned_for, latest.state
FROM terminals_site_v1 AS s
LEFT JOIN LATERAL (
    SELECT t.state FROM terminals_site_state_v1 AS t
    WHERE t.site = s.site AND t.since <= $1 ORDER BY t.since DESC LIMIT 1
) AS latest ON true;
