"""How long does a page of the console take among a million uses, and what does it cost to find one of millions by number?"""

import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Final

import httpx

from bench.console.cabinet import DAYS, Cabinet
from bench.order import Order
from bench.rounds import Compared, Contender, Row, compare, interleave
from bench.town import Town, open_town
from onecard.db.walled import walled
from onecard.people.service import find_by_number, number_hash
from onecard.web.server import web_app

__all__ = ["ROWS", "run"]

ROWS: Final = ("console.page.p95", "console.find")

_LIMIT_MS: Final = {"p95_ms": 100.0}
_PAGES_A_RUN: Final = 60
_PRIMARY_KEY: Final = "SELECT subject FROM people_number WHERE number_hash = $1::bytea"

_WANTED: Final = (
    Compared(row="console.page.p95", unit="ms", ours="console", peer="limit", measure="p95_ms", better="lower"),
    Compared(row="console.find", unit="µs", ours="by-number", peer="primary-key-read", measure="us", better="lower"),
)


async def run(order: Order) -> list[Row]:
    """Fill a town's cabinet, then open pages and look people up in turns."""
    async with open_town(order, 0) as town, _contenders(order, town) as contenders:
        return compare(await interleave(contenders, order.rounds, order.told), _WANTED)


@asynccontextmanager
async def _contenders(order: Order, town: Town) -> AsyncIterator[dict[str, Contender]]:
    cabinet = Cabinet(town)
    await cabinet.fill(uses=order.size.elders * 50, people=order.size.elders * 275)  # A million; 5.5 million.
    transport = httpx.ASGITransport(app=web_app(town.app))
    cookie = {"cookie": f"onecard_session={cabinet.token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://city.test", headers=cookie, timeout=60) as browser:
        pages = itertools.cycle(await _addresses(browser, cabinet, town))
        yield {
            "console": lambda: _opened(browser, list(itertools.islice(pages, _PAGES_A_RUN))),
            "limit": lambda: _constant(_LIMIT_MS),
            "by-number": lambda: _found(town, cabinet),
            "primary-key-read": lambda: _read(town, cabinet),
        }


async def _addresses(browser: httpx.AsyncClient, cabinet: Cabinet, town: Town) -> list[str]:
    """Return what a day at the desk opens: today, weeks, the whole month and its rare ones, a person, next pages, explanations, figures."""
    today, week, month = cabinet.day(), cabinet.day(6), cabinet.day(DAYS - 1)
    resident = next(elder.subject for elder in town.elders if elder.is_local)
    lists = [
        "/console/uses", f"/console/uses?from={week}&until={today}", f"/console/uses?from={week}&until={today}&region=330481&kind=bus",
        f"/console/uses?from={month}&until={today}&result=refused&region=330483", f"/console/uses?from={month}&until={today}",
        f"/console/uses?from={month}&until={today}&resident={resident}", f"/console/uses?from={cabinet.day(3)}&until={cabinet.day(3)}",
    ]  # fmt: skip
    first = (await browser.get(lists[0])).text
    following = first.partition('id="page-next" href="')[2].partition('"')[0].replace("&amp;", "&")
    use = first.partition('data-explain="')[2].partition('"')[0]
    assert following and use
    figure = f"/console/uses?from={month}&until={today}&figure=elder_pass.bus"
    return [*lists, following, use, use, "/console", "/console/me", "/console/bulletin", "/console/bulletin/elder_pass.bus", figure]


async def _opened(browser: httpx.AsyncClient, pages: list[str]) -> Mapping[str, float]:
    taken_ms = []
    for page in pages:
        begun = perf_counter()
        answer = await browser.get(page)
        taken_ms.append(1000 * (perf_counter() - begun))
        assert answer.status_code == 200, (page, answer.status_code)
    return {"p95_ms": sorted(taken_ms)[len(taken_ms) * 95 // 100]}


async def _found(town: Town, cabinet: Cabinet) -> Mapping[str, float]:
    """Look people up by number, behind the wall, as a desk does."""
    async with walled(town.app.database, ("3304",)) as connection:
        begun = perf_counter()
        found = [await find_by_number(connection, town.app.keyring, number) for number in cabinet.numbers]
        taken = perf_counter() - begun
    assert None not in found
    return {"us": 1e6 * taken / len(found)}


async def _read(town: Town, cabinet: Cabinet) -> Mapping[str, float]:
    """Read as many rows by their primary key, with nothing around it."""
    keys = [number_hash(town.app.keyring, number) for number in cabinet.numbers]
    async with town.app.database.acquire("desk") as connection:
        begun = perf_counter()
        found = [await connection.fetchval(_PRIMARY_KEY, key) for key in keys]
        taken = perf_counter() - begun
    assert None not in found
    return {"us": 1e6 * taken / len(found)}


async def _constant(measures: Mapping[str, float]) -> Mapping[str, float]:
    return measures
