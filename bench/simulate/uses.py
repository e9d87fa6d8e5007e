"""Recorded uses decided again for a draft of the elder pass, beside the same uses read in the same order and left alone."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from typing import Final

from bench.order import Order
from bench.rounds import Compared, Contender, Row, compare, interleave
from onecard.app.application import city_rules
from onecard.app.opening import Store
from onecard.app.simulating import Simulator
from onecard.policy.model import Source
from onecard.releases.service import load_rule_book, take_documents
from onecard.releases.simulated import Question
from onecard.releases.store import SQL
from onecard.settings.city_folder import find_city
from onecard.uses.replay_store import day_of
from onecard.values.days import CITY_ZONE

__all__ = ["ROW", "rides", "uses_again"]

ROW: Final = "simulate.uses"

_FILL: Final = (Path(__file__).parent / "uses.sql").read_text("utf-8")
_DAYS: Final = (date(2024, 10, 1), date(2024, 10, 30))
_LONG_AGO: Final = datetime(2024, 1, 1, tzinfo=CITY_ZONE)
_PAGE: Final = 10_000


async def rides(store: Store, many: int) -> None:
    """Take the city's documents into force, and write *many* rides of October under them."""
    folder = find_city("jiaxing")
    sources = [Source(file=name, content=text.encode()) for name, text in folder.texts("policies/*.yaml").items()]
    lists = city_rules(folder).lists
    async with store.database.acquire("desk") as connection:
        await take_documents(connection, sources, lists, _LONG_AGO)
        number = (await load_rule_book(connection, lists)).number
    fill, analyze = _FILL.split("\n\n")[1:]
    async with store.database.acquire("migrate") as connection:
        await connection.execute(fill, many, number, timeout=600)
        await connection.execute(analyze, timeout=600)


async def uses_again(store: Store, order: Order) -> list[Row]:
    """Decide all rides again by the pass as it is and by a draft with other prices, and read them."""
    ways = {"decided-again": lambda: _decided(store), "read": lambda: _read(store)}
    contenders = {name: _timed(way) for name, way in ways.items()}
    wanted = [Compared(row=ROW, unit="uses/s", ours="decided-again", peer="read")]
    return compare(await interleave(contenders, order.rounds, order.told), wanted)


def _timed(way: Callable[[], Awaitable[int]]) -> Contender:
    async def contender() -> Mapping[str, float]:
        start = perf_counter()
        many = await way()
        return {"rate": many / (perf_counter() - start)}

    return contender


async def _decided(store: Store) -> int:
    folder = find_city("jiaxing")
    text = folder.text("policies/elder-pass-bus.yaml")
    draft = text.replace("list_price * 50%", "list_price * 25%").replace("30 times per day", "2 times per day")
    simulator = Simulator(database=store.database, keyring=store.keyring, city=city_rules(folder))
    found = await simulator.simulate(Question(drafts=(Source(file="draft.yaml", content=draft.encode()),), day=_DAYS[1], uses=_DAYS))
    assert found.unknown == 0 and found.new_fen > found.old_fen > 0, (found.unknown, found.old_fen, found.new_fen)
    return found.examined


async def _read(store: Store) -> int:
    many = 0
    async with store.database.acquire("desk") as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        span = day_of(*_DAYS)
        places = [row[:5] for row in await connection.fetch(SQL.places_of_uses, *span)]
        cursor = await connection.cursor(SQL.uses_to_decide, *span, *map(list, zip(*places, strict=True)), ["CARD_LOST"], True)
        while page := await cursor.fetch(_PAGE):
            many += len(page)
    return many
