"""The small town behind a real server: every door open, on a port of its own, the watch running."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from onecard.app.application import App, city_params, city_rules
from onecard.app.code_keys import CodeKeys, code_rules
from onecard.app.fleet import fleet_of
from onecard.app.hotlist import tell_hotlist
from onecard.app.log_keeper import LogKeeper
from onecard.app.opening import Store
from onecard.app.staff_desk import staff_desk_of
from onecard.cards.credential import credential_alias
from onecard.cards.desk import DeskTools, Order, find_card, move_card
from onecard.cards.life import Act
from onecard.cards.rules import CARD_RULES
from onecard.settings.city_folder import find_city
from onecard.settings.clock import HomeClock
from onecard.settings.settings import Settings
from onecard.web.server import Server, bind
from tests.database.town import CARDS, TOKEN, Town, open_town

HEADERS = {"Authorization": f"Bearer {TOKEN}"}


class TownClock(HomeClock):
    """The town's moment, which a test may move."""

    def __init__(self, moment: list[datetime]) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """Return it."""
        return self._moment[0]


@dataclass
class Served:
    """A server with a client that holds the town's token."""

    town: Town
    app: App
    http: httpx.AsyncClient
    url: str

    def now(self) -> datetime:
        """Return the town's instant."""
        return self.town.moment[0]

    async def sign_in(self, terminal: str = "BUS-1", **more: object) -> httpx.Response:
        """Sign a terminal in, its clock right unless told otherwise."""
        return await self.http.post("/v1/terminals/sign-in", json={"terminal": terminal, "clock": self.now().isoformat(), **more})

    async def heartbeat(self, terminal: str = "BUS-1", **more: object) -> httpx.Response:
        """Let a terminal tell how it does."""
        told = {"terminal": terminal, "clock": self.now().isoformat(), "waiting": 0, "hotlist": 0, "bundle": "", "storage_ok": True}
        return await self.http.post("/v1/terminals/heartbeat", json={**told, **more})


@asynccontextmanager
async def serve_town(store: Store) -> AsyncIterator[Served]:
    """Build the town and serve it."""
    folder, numbers = find_city("jiaxing"), itertools.count(1)
    city = city_rules(folder)
    async with open_town(store) as town:
        clock = TownClock(town.moment)
        code_keys = CodeKeys(store.home, store.keyring, code_rules(folder).suite, clock)
        fleet = fleet_of(
            store.database, store.keyring, town.masters, city, city_params(folder), clock=clock.now,
            new_session=lambda: f"session-{next(numbers)}", issuers=lambda: code_keys.told(clock.now()),
        )  # fmt: skip
        app = App(
            settings=Settings(home=store.home), database=store.database, keyring=store.keyring, folder=folder, city=city, clock=clock,
            masters=town.masters, uses=town.uses, fleet=fleet, code_keys=code_keys,
            desk=staff_desk_of(store, folder, clock), log=LogKeeper(store, code_rules(folder).suite, clock.now),
        )  # fmt: skip
        bound = bind("127.0.0.1", 0)
        server = Server(app, bound)
        url = f"http://127.0.0.1:{bound.getsockname()[1]}"
        running = asyncio.create_task(server.run())
        while await fleet.watch.hotlist_version() == 0:  # The town's lost card is found in the first moment.
            await asyncio.sleep(0.02)
        try:
            async with httpx.AsyncClient(base_url=url, headers=HEADERS, timeout=20) as http:
                yield Served(town=town, app=app, http=http, url=url)
        finally:
            server.stop()
            await running


async def at_desk(served: Served, who: str, act: Act) -> int | None:
    """Let the card desk do something to the card of one of the town's persons; return the hotlist's new version, if it has one."""
    store = served.town.store
    served.town.moment[0] += timedelta(seconds=1)
    tools = DeskTools(keyring=store.keyring, rules=CARD_RULES, chance=bytes)
    async with store.database.acquire("desk") as connection, connection.transaction():
        card = await find_card(connection, tools, "card", CARDS[who], served.now())
        done = await move_card(connection, tools, card, Order(act=act, reason="for a test", at=served.now()))
        return await tell_hotlist(connection, store.keyring.terminals_key, done.changes)


def alias(served: Served, who: str) -> bytes:
    """Return the name by which terminals know the card of one of the town's persons."""
    return credential_alias(served.town.store.keyring.terminals_key, "card", CARDS[who])
