"""This room's tables: the directory, the hotlist by versions, devices with their keys and what they told last."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from onecard.db.statements import statements_of

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "add_hotlist", "add_operators", "add_passes", "add_site_states", "add_sites", "add_terminals", "add_tokens", "alarmed", "alarms",
    "alarms_among", "all_sites", "all_terminals", "arrivals", "bind_key", "drop_token", "expect", "expected", "fleet", "health",
    "health_counts", "heartbeat", "hotlist_delta", "hotlist_due", "hotlist_full", "hotlist_knows", "hotlist_newest", "hotlist_strays",
    "hotlist_told", "known_keys", "models", "open_alarms", "passes_of", "presence_of", "raise_alarm", "registered_at", "see_key",
    "seen_at", "settle_alarms", "sign_in", "site_counts", "sites_within", "standing", "terminals_at", "used_on_trial", "withdraw_key",
]  # fmt: skip

SQL = statements_of(__package__)


async def add_operators(connection: "Connection", rows: Sequence[tuple[str, str, str]]) -> int:
    """Add operators; return how many were new."""
    return len(await connection.fetch(SQL.add_operators, *_columns(rows, 3)))


async def add_sites(connection: "Connection", rows: Sequence[tuple[Any, ...]]) -> None:
    """Add sites; one that is there already fails the whole."""
    await connection.fetch(SQL.add_sites, *_columns(rows, 14))


async def add_site_states(connection: "Connection", rows: Sequence[tuple[Any, ...]]) -> int:
    """Add (site, since, state); return how many were new."""
    return len(await connection.fetch(SQL.add_site_states, *_columns(rows, 3)))


async def add_terminals(connection: "Connection", rows: Sequence[tuple[Any, ...]]) -> None:
    """Add devices; one that is there already fails the whole."""
    await connection.fetch(SQL.add_terminals, *_columns(rows, 5))


async def add_tokens(connection: "Connection", rows: Sequence[tuple[bytes, str]]) -> int:
    """Let tokens, by their hash, speak for terminals; return how many were new."""
    return len(await connection.fetch(SQL.add_tokens, *_columns(rows, 2)))


async def drop_token(connection: "Connection", token_hash: bytes) -> int:
    """Withdraw a token; return for how many terminals it spoke."""
    return len(await connection.fetch(SQL.drop_token, token_hash))


async def all_sites(connection: "Connection") -> Sequence[Any]:
    """Return every site with its way."""
    rows: Sequence[Any] = await connection.fetch(SQL.all_sites)
    return rows


async def all_terminals(connection: "Connection") -> Sequence[Any]:
    """Return every device with its tokens' hashes."""
    rows: Sequence[Any] = await connection.fetch(SQL.all_terminals)
    return rows


async def models(connection: "Connection") -> list[str]:
    """Return the models of all devices, each once."""
    return [row["model"] for row in await connection.fetch(SQL.models)]


async def add_hotlist(connection: "Connection", version: int, at: datetime, rows: Sequence[tuple[Any, ...]]) -> int:
    """Write (key, key4, added, until) as one version of the hotlist; return how many of them were news."""
    return len(await connection.fetch(SQL.add_hotlist, version, at, *_columns(rows, 4)))


async def hotlist_strays(connection: "Connection", at: datetime, day: date, lasts: timedelta) -> list[tuple[Any, ...]]:
    """Return (key, key4, added, until) wherever the hotlist is not what the cards' states say."""
    return [tuple(row) for row in await connection.fetch(SQL.hotlist_strays, at, day, lasts)]


async def hotlist_newest(connection: "Connection") -> Any:
    """Return version and instant of the newest rows, None where there are none, and the number that terminals are told."""
    return await connection.fetchrow(SQL.hotlist_newest)


async def hotlist_due(connection: "Connection", after: datetime, at: datetime) -> list[tuple[Any, ...]]:
    """Return (key, key4) of who leaves by himself between two instants."""
    return [tuple(row) for row in await connection.fetch(SQL.hotlist_due, after, at)]


async def hotlist_full(connection: "Connection", version: int) -> bytes:
    """Return the entries of the whole list, joined."""
    entries: bytes = await connection.fetchval(SQL.hotlist_full, version)
    return entries


async def hotlist_knows(connection: "Connection", version: int) -> bool:
    """Tell whether the list ever stood at *version*."""
    return bool(await connection.fetchval(SQL.hotlist_knows, version))


async def hotlist_delta(connection: "Connection", since: int, version: int, most: int) -> list[tuple[bytes, bool, bool]]:
    """Return (entry, was there, is there) for up to *most* touched entries."""
    return [(row["key4"], row["was"], row["is_there"]) for row in await connection.fetch(SQL.hotlist_delta, since, version, most)]


async def hotlist_told(connection: "Connection", version: int) -> Any:
    """Return how many credentials the list holds, and when it last changed."""
    return await connection.fetchrow(SQL.hotlist_told, version)


async def standing(connection: "Connection", terminal: str) -> tuple[str | None, int, bool]:
    """Return the id of the key bound to a terminal, None without one; its highest number, 0 without one; whether it is cloned."""
    row = await connection.fetchrow(SQL.standing, terminal)
    assert row is not None
    return row["key_id"], row["last_seq"] or 0, row["cloned"]


async def see_key(connection: "Connection", terminal: str, key_id: str, public_key: bytes, at: datetime) -> bool:
    """Remember a key beside the one that is bound; return whether it is a new one."""
    return await connection.fetchval(SQL.see_key, terminal, key_id, public_key, at) is not None


async def known_keys(connection: "Connection", terminals: Sequence[str] | None) -> dict[tuple[str, str], bytes]:
    """Return every device key that *terminals* ever showed, None: that any did, by terminal and key id."""
    rows = await connection.fetch(SQL.known_keys, list(terminals or ()), terminals is None)
    return {(row["terminal"], row["key_id"]): row["public_key"] for row in rows}


async def bind_key(connection: "Connection", terminal: str, key_id: str, public_key: bytes, at: datetime) -> bool:
    """Bind a device key; return whether it is bound now by this very call."""
    return await connection.fetchval(SQL.bind_key, terminal, key_id, public_key, at) is not None


async def withdraw_key(connection: "Connection", terminal: str, at: datetime) -> str | None:
    """Withdraw the key that is bound; return its id, None where none was."""
    key_id: str | None = await connection.fetchval(SQL.withdraw_key, terminal, at)
    return key_id


async def sign_in(connection: "Connection", rows: Sequence[tuple[Any, ...]]) -> None:
    """Write down sign-ins, each terminal once."""
    await connection.fetch(SQL.sign_in, *_columns(rows, 7))


async def heartbeat(connection: "Connection", rows: Sequence[tuple[Any, ...]]) -> set[str]:
    """Write down heartbeats, each terminal once; return the terminals that had signed in before."""
    return {row["terminal"] for row in await connection.fetch(SQL.heartbeat, *_columns(rows, 8))}


async def arrivals(connection: "Connection", terminal: str, newest: int) -> Sequence[Any]:
    """Return gaps and duplicates among a terminal's *newest* uses."""
    rows: Sequence[Any] = await connection.fetch(SQL.arrivals, terminal, newest)
    return rows


async def raise_alarm(connection: "Connection", terminal: str, kind: str, digest: bytes, at: datetime, evidence: str) -> bool:
    """Keep an alarm; return whether it is a new one."""
    return await connection.fetchval(SQL.raise_alarm, terminal, kind, digest, at, evidence) is not None


async def alarms(connection: "Connection", terminals: Sequence[str] | None, *, settled: bool) -> Sequence[Any]:
    """Return the alarms of *terminals*, None: of all; newest first; those that are settled too where *settled* is true."""
    rows: Sequence[Any] = await connection.fetch(SQL.alarms, list(terminals or ()), terminals is None, settled)
    return rows


async def alarms_among(connection: "Connection", prefixes: Sequence[str], *, settled: bool, most: int) -> Sequence[Any]:
    """Return the newest alarms of devices in some regions."""
    rows: Sequence[Any] = await connection.fetch(SQL.alarms_among, list(prefixes), settled, most)
    return rows


async def alarmed(connection: "Connection") -> set[tuple[str, str]]:
    """Return of which terminals an alarm of which kind was ever raised."""
    return {(row["terminal"], row["kind"]) for row in await connection.fetch(SQL.alarmed)}


async def open_alarms(connection: "Connection") -> dict[str, int]:
    """Return how many alarms of each kind are not settled."""
    return {row["kind"]: row["alarms"] for row in await connection.fetch(SQL.open_alarms)}


async def settle_alarms(connection: "Connection", terminal: str, at: datetime, reason: str) -> bool:
    """Settle what is open of a terminal; return whether anything was."""
    return await connection.fetchval(SQL.settle_alarms, terminal, at, reason) is not None


async def presence_of(connection: "Connection", terminal: str) -> Any:
    """Return what a terminal told last, None where it never signed in."""
    return await connection.fetchrow(SQL.presence_of, terminal)


async def fleet(connection: "Connection", seen_since: datetime, hotlist: int) -> Any:
    """Return how many terminals are online, behind the *hotlist*, and how many uses wait on them."""
    return await connection.fetchrow(SQL.fleet, seen_since, hotlist)


async def seen_at(connection: "Connection", terminal: str, newest: int) -> list[bytes]:
    """Return the credentials of a terminal's *newest* uses."""
    return [row["credential"] for row in await connection.fetch(SQL.seen_at, terminal, newest)]


async def registered_at(connection: "Connection", site: str, most: int) -> list[bytes]:
    """Return the credentials in a site's own register."""
    return [row["credential"] for row in await connection.fetch(SQL.registered_at, site, most)]


async def expected(connection: "Connection", credentials: Sequence[bytes], day: date) -> list[tuple[bytes, date, str, str]]:
    """Return (alias, born, home region, registered region) of *credentials*, by alias."""
    return [tuple(row) for row in await connection.fetch(SQL.expected, list(credentials), day)]


async def expect(connection: "Connection", site: str, credentials: Sequence[bytes], since: datetime) -> int:
    """Put credentials into a site's register; return how many were new."""
    return len(await connection.fetch(SQL.expect, site, list(credentials), since))


async def add_passes(connection: "Connection", terminal: str, test_cases: Sequence[str], at: datetime) -> None:
    """Write down which test cases a device passed."""
    await connection.fetch(SQL.add_passes, terminal, list(test_cases), at)


async def passes_of(connection: "Connection", terminals: Sequence[str]) -> Sequence[Any]:
    """Return which test cases devices passed, and when last."""
    rows: Sequence[Any] = await connection.fetch(SQL.passes_of, list(terminals))
    return rows


async def used_on_trial(connection: "Connection", terminal: str, since: date) -> bool:
    """Tell whether a device took a real use since its site is on trial."""
    return bool(await connection.fetchval(SQL.used_on_trial, terminal, since))


async def site_counts(connection: "Connection", among: tuple[Any, ...], day: date) -> Sequence[Any]:
    """Return how many sites stand where, by region."""
    rows: Sequence[Any] = await connection.fetch(SQL.site_counts, *among, day)
    return rows


async def sites_within(connection: "Connection", among: tuple[Any, ...], asked: tuple[Any, ...]) -> Sequence[Any]:
    """Return sites of some regions and scenes, each with its way."""
    rows: Sequence[Any] = await connection.fetch(SQL.sites_within, *among, *asked)
    return rows


async def late_sites(connection: "Connection", among: tuple[Any, ...], inside: str, day: date) -> list[str]:
    """Return the sites behind their plan, by name."""
    return [row["site"] for row in await connection.fetch(SQL.late_sites, *among, inside, day)]


async def terminals_at(connection: "Connection", sites: Sequence[str]) -> Sequence[Any]:
    """Return the devices of some sites."""
    rows: Sequence[Any] = await connection.fetch(SQL.terminals_at, list(sites))
    return rows


async def health(connection: "Connection", among: tuple[Any, ...], asked: tuple[Any, ...]) -> Sequence[Any]:
    """Return how devices of some regions and scenes do."""
    rows: Sequence[Any] = await connection.fetch(SQL.health, *among, *asked)
    return rows


async def health_counts(connection: "Connection", among: tuple[Any, ...], asked: tuple[Any, ...]) -> Any:
    """Return how many of them need what."""
    return await connection.fetchrow(SQL.health_counts, *among, *asked)


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    if not rows:
        return [[] for _ in range(width)]
    columns = [list(column) for column in zip(*sorted(rows, key=lambda row: row[:2]), strict=True)]
    assert len(columns) == width
    return columns
