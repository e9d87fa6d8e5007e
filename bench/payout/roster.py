"""A roster planned: lines computed by the rule, explained by code, digested and on disk, beside a raw COPY of the same lines."""

import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Final

from bench.order import Order
from bench.rounds import Compared, Contender
from onecard.app.application import city_rules
from onecard.app.opening import Store, open_store
from onecard.db.pool import Connection
from onecard.payouts.model import Roster
from onecard.payouts.plan import Planned, planned
from onecard.payouts.service import Asked, plan_roster
from onecard.policy.check import check
from onecard.policy.model import Source
from onecard.settings.city_folder import find_city
from onecard.settings.home import Home
from onecard.settings.settings import Settings

__all__ = ["ROSTER_ROWS", "ROSTER_WANTED", "roster_contenders"]

ROSTER_ROWS: Final = ("payout.roster",)
ROSTER_WANTED: Final = (Compared(row="payout.roster", unit="lines/s", ours="planned", peer="copy"),)

_PROGRAMME: Final = "high-age-allowance"
_TODAY: Final = date(2034, 1, 1)  # Every round pays another month.
_PEOPLE: Final = (Path(__file__).parent / "pensioners.sql").read_text("utf-8").split("\n\n")[1:]
_COPIED: Final = "CREATE TABLE copied AS SELECT * FROM payouts_line WHERE false"


@asynccontextmanager
async def roster_contenders(order: Order) -> AsyncIterator[Mapping[str, Contender]]:
    """Fill a store with people, plan a month once, and lend what plans further months and what copies the lines of the first."""
    folder = find_city("jiaxing")
    sources = [Source(file=name, content=text.encode()) for name, text in folder.texts(f"policies/{_PROGRAMME}.yaml").items()]
    documents = check(sources, city_rules(folder).lists).programmes
    months = (f"{2024 + number // 12}-{number % 12 + 1:02d}" for number in count())

    def following() -> Planned:
        return planned(documents, _PROGRAMME, next(months), _TODAY, with_file=False)

    settings = Settings(home=Home(folder=order.home / "roster"), postgres_binaries=order.binaries)
    async with open_store(settings) as store, store.database.acquire("migrate") as owner:
        for statement in _PEOPLE:
            await owner.execute(statement, order.size.roster, timeout=600)
        await owner.execute("VACUUM ANALYZE people_subject, people_fact, payouts_account", timeout=600)
        first = await _plan(store, following())
        assert first.lines == order.size.roster, first
        lines = await _lines(owner, first)
        await owner.execute(_COPIED)
        yield {"planned": _planning(store, following, first.lines), "copy": _copying(owner, lines, first.lines)}


def _planning(store: Store, following: Callable[[], Planned], many: int) -> Contender:
    async def contender() -> Mapping[str, float]:
        plan = following()
        start = perf_counter()
        roster = await _plan(store, plan)
        took = perf_counter() - start
        assert roster.lines == many, roster
        return {"rate": many / took}

    return contender


def _copying(owner: Connection, lines: bytes, many: int) -> Contender:
    async def contender() -> Mapping[str, float]:
        await owner.execute("TRUNCATE copied")
        start = perf_counter()
        await owner.copy_to_table("copied", source=_chunks(lines), format="binary", timeout=600)
        return {"rate": many / (perf_counter() - start)}

    return contender


async def _plan(store: Store, plan: Planned) -> Roster:
    asked = Asked(region="330481", supplements=None, evidence=None, at=datetime(2034, 1, 1, tzinfo=UTC), by="bench")
    async with store.database.acquire("batch") as connection:
        roster, new = await plan_roster(connection, store.keyring, plan, asked, secrets.token_bytes)
    assert new
    return roster


async def _lines(owner: Connection, roster: Roster) -> bytes:
    """Return the roster's lines as COPY writes them."""
    parts: list[bytes] = []

    async def keep(part: bytes) -> None:
        parts.append(bytes(part))

    wanted = "SELECT * FROM payouts_line WHERE roster = $1 ORDER BY seq"
    await owner.copy_from_query(wanted, roster.roster, output=keep, format="binary", timeout=600)
    return b"".join(parts)


async def _chunks(lines: bytes, size: int = 1 << 18) -> AsyncIterator[bytes]:
    for begin in range(0, len(lines), size):
        yield lines[begin : begin + size]
