"""The catalogue as it is: every table, constraint, trigger, policy and grant in words, to be held against what the migrations make."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from onecard.db.pool import Connection

__all__ = ["Thing", "catalogue_of", "differences"]


class Thing(NamedTuple):
    """What a line of the catalogue is about."""

    kind: str
    name: str


# Whatever belongs to an extension is not ours. Names of what PostgreSQL itself makes for a foreign key hold numbers that differ
# from one database to the next: there the constraint's name and the function stand for it.
_THINGS: Final = r"""
WITH mine AS (
    SELECT c.oid, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity, c.relpersistence, c.reloptions
    FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
), routines AS (
    SELECT p.* FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace AND p.prokind IN ('f', 'p')
        AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
)
SELECT 'relation' AS kind, relname::text AS name, concat_ws(' ', relkind, relpersistence, pg_get_userbyid(relowner),
    'row security', relrowsecurity, relforcerowsecurity, reloptions) AS said FROM mine WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
UNION ALL
SELECT 'column', m.relname || '.' || a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated,
    a.attidentity, pg_get_expr(d.adbin, d.adrelid))
FROM mine AS m JOIN pg_attribute AS a ON a.attrelid = m.oid LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE m.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint', m.relname || '.' || c.conname, concat_ws(' ', pg_get_constraintdef(c.oid), c.convalidated, c.condeferrable)
FROM mine AS m JOIN pg_constraint AS c ON c.conrelid = m.oid
UNION ALL
SELECT 'index', i.indexrelid::regclass::text, concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisready, i.indislive)
FROM mine AS m JOIN pg_index AS i ON i.indrelid = m.oid
UNION ALL
SELECT 'trigger', m.relname || '.' || CASE WHEN t.tgisinternal THEN coalesce(c.conname, '') || ' ' || t.tgfoid::regproc ELSE t.tgname END,
    concat_ws(' ', t.tgenabled, CASE WHEN NOT t.tgisinternal THEN pg_get_triggerdef(t.oid) END)
FROM mine AS m JOIN pg_trigger AS t ON t.tgrelid = m.oid LEFT JOIN pg_constraint AS c ON c.oid = t.tgconstraint
UNION ALL
SELECT 'rule', m.relname || '.' || r.rulename, concat_ws(' ', r.ev_enabled, pg_get_ruledef(r.oid))
FROM mine AS m JOIN pg_rewrite AS r ON r.ev_class = m.oid
UNION ALL
SELECT 'policy', m.relname || '.' || p.polname, concat_ws(' ', p.polcmd, p.polpermissive,
    (SELECT string_agg(coalesce(pg_get_userbyid(nullif(r, 0)), 'public'), ',' ORDER BY 1) FROM unnest(p.polroles) AS r),
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
FROM mine AS m JOIN pg_policy AS p ON p.polrelid = m.oid
UNION ALL
SELECT 'function', p.oid::regprocedure::text, concat_ws(' ', pg_get_userbyid(p.proowner), pg_get_functiondef(p.oid)) FROM routines AS p
UNION ALL
SELECT 'grant', m.relname || ' to ' || coalesce(pg_get_userbyid(nullif(g.grantee, 0)), 'public'),
    string_agg(g.privilege_type || CASE WHEN g.is_grantable THEN '*' ELSE '' END, ',' ORDER BY g.privilege_type)
FROM mine AS m CROSS JOIN LATERAL aclexplode(m.relacl) AS g GROUP BY m.relname, g.grantee
UNION ALL
SELECT 'grant', m.relname || '.' || a.attname || ' to ' || coalesce(pg_get_userbyid(nullif(g.grantee, 0)), 'public'),
    string_agg(g.privilege_type, ',' ORDER BY g.privilege_type)
FROM mine AS m JOIN pg_attribute AS a ON a.attrelid = m.oid CROSS JOIN LATERAL aclexplode(a.attacl) AS g
GROUP BY m.relname, a.attname, g.grantee
UNION ALL
SELECT 'grant', p.oid::regprocedure::text || ' to ' || coalesce(pg_get_userbyid(nullif(g.grantee, 0)), 'public'),
    string_agg(g.privilege_type, ',' ORDER BY g.privilege_type)
FROM routines AS p CROSS JOIN LATERAL aclexplode(p.proacl) AS g GROUP BY p.oid, g.grantee
UNION ALL
SELECT 'event trigger', evtname::text, concat_ws(' ', evtevent, evtfoid::regproc, evtenabled) FROM pg_event_trigger
WHERE NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_event_trigger'::regclass AND d.objid = pg_event_trigger.oid
    AND d.deptype = 'e')
"""


async def catalogue_of(connection: Connection) -> dict[Thing, str]:
    """Return what the database of *connection* holds, by kind and name. Names of Citus's own making are left out with it."""
    return {Thing(row["kind"], row["name"]): row["said"] for row in await connection.fetch(_THINGS)}


def differences(wanted: Mapping[Thing, str], found: Mapping[Thing, str]) -> list[str]:
    """Return a sentence for each thing that is missing, that nobody made, or that is another, by name."""
    said = []
    for thing in sorted(wanted.keys() | found.keys()):
        if thing not in found:
            said.append(f"{thing.kind} {thing.name} is gone")
        elif thing not in wanted:
            said.append(f"{thing.kind} {thing.name} was made by no migration: {_short(found[thing])}")
        elif wanted[thing] != found[thing]:
            said.append(f"{thing.kind} {thing.name} is {_short(found[thing])}, and should be {_short(wanted[thing])}")
    return said


def _short(text: str) -> str:
    return " ".join(text.split())[:160]
