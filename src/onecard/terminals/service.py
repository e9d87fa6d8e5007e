"""Take sites and devices into the city, and read the whole directory at once."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from onecard.db.change import move_on
from onecard.terminals import store
from onecard.terminals.model import Directory, Operator, Place, Site, Terminal
from onecard.terminals.opening import opening_from, opening_to

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["allow_tokens", "device_models", "load_directory", "register_sites", "site_from", "terminal_from", "token_hash"]


def token_hash(token: str) -> bytes:
    """Return what stands for a bearer token in the store: tokens are 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()


async def load_directory(connection: "Connection", version: int) -> Directory:
    """Return every site and terminal; *version* is `db_change` 'sites' as read before, so that it can only be too old."""
    sites = {row["site"]: site_from(row) for row in await store.all_sites(connection)}
    terminals: dict[str, Place] = {}
    tokens: defaultdict[bytes, set[str]] = defaultdict(set)
    for row in await store.all_terminals(connection):
        terminal = terminal_from(row)
        terminals[terminal.terminal] = Place(terminal, sites[terminal.site])
        for hashed in row["token_hashes"] or ():
            tokens[hashed].add(terminal.terminal)
    return Directory(
        version=version, sites=sites, terminals=terminals, tokens={hashed: frozenset(names) for hashed, names in tokens.items()}
    )


async def register_sites(
    connection: "Connection", operators: Sequence[Operator], sites: Sequence[Site], terminals: Sequence[Terminal]
) -> None:
    """Take operators, sites with their way, and devices into the city, in the transaction of *connection*.

    Every process reads its directory again: `db_change` 'sites' moves on in the same transaction.
    """
    await move_on(connection, "sites")
    await store.add_operators(connection, [(operator.operator, operator.name_zh, operator.name_en) for operator in operators])
    await store.add_sites(connection, [_site_row(site) for site in sites])
    await store.add_site_states(connection, [(site.site, since, state) for site in sites for since, state in site.states])
    await store.add_terminals(
        connection, [(each.terminal, each.site, each.model, each.bound_on, each.unbound_on) for each in terminals]
    )


async def allow_tokens(connection: "Connection", tokens: Sequence[tuple[str, str]]) -> int:
    """Let each (token, terminal) speak; return how many were new. The clear tokens stay with whoever made them."""
    await move_on(connection, "sites")
    return await store.add_tokens(connection, [(token_hash(token), terminal) for token, terminal in tokens])


async def device_models(connection: "Connection") -> list[str]:
    """Return the models of all devices, each once: a demo's begin with `demo-`."""
    return await store.models(connection)


def _site_row(site: Site) -> tuple[Any, ...]:
    return (
        site.site, site.operator, site.kind, site.scene, site.region, site.name_zh, site.name_en, ",".join(site.services),
        site.capacity, site.agreed_percent, site.agreed_price_fen, site.agreed_share, json.dumps(opening_to(site.opening)),
        site.planned_for,
    )  # fmt: skip


def site_from(row: Any) -> Site:
    """Return the site that a row with its way holds."""
    return Site(
        site=row["site"],
        operator=row["operator"],
        kind=row["kind"],
        scene=row["scene"],
        region=row["region"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        services=tuple(row["services"]),
        capacity=row["capacity"],
        agreed_percent=row["agreed_percent"],
        agreed_price_fen=row["agreed_price_fen"],
        agreed_share=row["agreed_share"],
        opening=opening_from(json.loads(row["opening"])),
        planned_for=row["planned_for"],
        states=tuple(zip(row["state_days"] or (), row["states"] or (), strict=True)),
    )


def terminal_from(row: Any) -> Terminal:
    """Return the device that a row holds."""
    return Terminal(
        terminal=row["terminal"], site=row["site"], bound_on=row["bound_on"], unbound_on=row["unbound_on"], model=row["model"]
    )
