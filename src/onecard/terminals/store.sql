--: add_operators(operators text[], names_zh text[], names_en text[]) -> operator
-- Who is paid; one that is known keeps its name.
INSERT INTO terminals_operator (operator, name_zh, name_en)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
ON CONFLICT DO NOTHING
RETURNING operator;

--: add_sites(sites text[], operators text[], kinds text[], scenes text[], regions text[], names_zh text[], names_en text[], services text[], capacities bigint[], percents integer[], prices_fen bigint[], shares integer[], openings text[], planned_for date[]) -> site
-- Sites with what was agreed; services come joined by commas, the opening as JSON text.
INSERT INTO terminals_site (site, operator, kind, scene, region, name_zh, name_en, services, capacity, agreed_percent,
    agreed_price_fen, agreed_share, opening, planned_for)
SELECT s.site, s.operator, s.kind, s.scene, s.region, s.name_zh, s.name_en, string_to_array(s.services, ','), s.capacity,
    s.agreed_percent, s.agreed_price_fen, s.agreed_share, s.opening::jsonb, s.planned_for
FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bigint[],
    $10::integer[], $11::bigint[], $12::integer[], $13::text[], $14::date[]
) AS s (site, operator, kind, scene, region, name_zh, name_en, services, capacity, agreed_percent, agreed_price_fen,
    agreed_share, opening, planned_for)
RETURNING site;

--: add_site_states(sites text[], since date[], states text[]) -> site
-- A site's way is only ever added to; two states of one day come back as no row.
INSERT INTO terminals_site_state (site, since, state)
SELECT * FROM unnest($1::text[], $2::date[], $3::text[])
ON CONFLICT DO NOTHING
RETURNING site;

--: add_terminals(terminals text[], sites text[], models text[], bound_on date[], unbound_on date[]) -> terminal
-- Devices, bound to their sites.
INSERT INTO terminals_terminal (terminal, site, model, bound_on, unbound_on)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::date[], $5::date[])
RETURNING terminal;

--: add_tokens(token_hashes bytea[], terminals text[]) -> terminal
-- Which token speaks for which terminal, by the token's SHA-256.
INSERT INTO terminals_token (token_hash, terminal)
SELECT * FROM unnest($1::bytea[], $2::text[])
ON CONFLICT DO NOTHING
RETURNING terminal;

--: drop_token(token_hash bytea) -> terminal
-- A token that was withdrawn speaks for nobody.
DELETE FROM terminals_token WHERE token_hash = $1::bytea RETURNING terminal;

--: all_sites() -> site, operator, kind, scene, region, name_zh, name_en, services, capacity, agreed_percent, agreed_price_fen, agreed_share, opening, planned_for, state_days, states
-- Every site with its way, the opening as JSON text.
SELECT s.site, s.operator, s.kind, s.scene, s.region, s.name_zh, s.name_en, s.services, s.capacity, s.agreed_percent,
    s.agreed_price_fen, s.agreed_share, s.opening::text AS opening, s.planned_for,
    array_agg(t.since ORDER BY t.since) FILTER (WHERE t.since IS NOT NULL) AS state_days,
    array_agg(t.state ORDER BY t.since) FILTER (WHERE t.since IS NOT NULL) AS states
FROM terminals_site AS s LEFT JOIN terminals_site_state AS t USING (site)
GROUP BY s.site;

--: all_terminals() -> terminal, site, model, bound_on, unbound_on, token_hashes
-- Every device with the tokens that speak for it.
SELECT t.terminal, t.site, t.model, t.bound_on, t.unbound_on,
    array_agg(k.token_hash) FILTER (WHERE k.token_hash IS NOT NULL) AS token_hashes
FROM terminals_terminal AS t LEFT JOIN terminals_token AS k USING (terminal)
GROUP BY t.terminal;

--: models() -> model
-- What kinds of device there are.
SELECT DISTINCT model FROM terminals_terminal ORDER BY model LIMIT 1000;
