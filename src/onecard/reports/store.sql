--: granted_uses(month date, as_of date) -> programme, region, month, uses, saved_fen
-- Accepted uses of live sites up to a day, without those taken back: of the months before the one that begins on *month* from the
-- sums by month, of its days from those by day. What is not added up yet is in the second; here it is asked for the months before.
WITH kept AS (
    SELECT m.month, m.region, m.programme, m.uses, m.saved_fen FROM uses_month_v1 AS m WHERE m.month < $1::date
    UNION ALL
    SELECT w.day - (extract(day FROM w.day)::integer - 1), w.region, w.programme, w.uses, w.list_price_fen - w.paid_fen
    FROM uses_waiting_v1 AS w WHERE w.day < $1::date AND w.outcome = 'accepted' AND w.counted
    UNION ALL
    SELECT $1::date, s.region, s.programme, s.uses, s.list_price_fen - s.paid_fen
    FROM uses_sum_v1 AS s WHERE s.day BETWEEN $1::date AND $2::date AND s.outcome = 'accepted' AND s.counted
    UNION ALL
    SELECT u.day - (extract(day FROM u.day)::integer - 1), u.region, coalesce(u.programme, ''), -1, u.paid_fen - u.list_price_fen
    FROM ledger_reversal_v1 AS r
        CROSS JOIN LATERAL (SELECT * FROM ledger_use_v1 AS w WHERE w.terminal = r.terminal AND w.seq = r.seq LIMIT 1) AS u
    WHERE r.day <= $2::date AND u.outcome = 'accepted' AND u.counted
)
SELECT nullif(k.programme, '') AS programme, k.region, k.month, sum(k.uses)::bigint AS uses, sum(k.saved_fen)::bigint AS saved_fen
FROM kept AS k GROUP BY 1, 2, 3 HAVING sum(k.uses) > 0;

--: fed_canteens(meals_from date, meals_until date) -> site
-- Canteens where a meal was eaten by card within some days, and not taken back: those are alive.
WITH meals AS (
    SELECT s.site, s.service, s.uses
    FROM uses_sum_v1 AS s
    WHERE s.day BETWEEN $1::date AND $2::date AND s.site_kind = 'canteen' AND s.outcome = 'accepted' AND s.counted
    UNION ALL
    SELECT u.site, u.service, -1
    FROM ledger_reversal_v1 AS r
        CROSS JOIN LATERAL (SELECT * FROM ledger_use_v1 AS w WHERE w.terminal = r.terminal AND w.seq = r.seq LIMIT 1) AS u
    WHERE r.day BETWEEN $1::date AND $2::date AND u.site_kind = 'canteen' AND u.outcome = 'accepted' AND u.counted
)
SELECT m.site FROM meals AS m WHERE m.service IN ('breakfast', 'lunch', 'dinner') GROUP BY m.site HAVING sum(m.uses) > 0;

--: site_states(as_of date) -> site, operator, kind, region, planned_for, state
-- Every site in the state it had at the end of a day; state is null where its way had not begun.
SELECT s.site, s.operator, s.kind, s.region, s.planned_for, latest.state
FROM terminals_site_v1 AS s
LEFT JOIN LATERAL (
    SELECT t.state FROM terminals_site_state_v1 AS t
    WHERE t.site = s.site AND t.since <= $1 ORDER BY t.since DESC LIMIT 1
) AS latest ON true;
