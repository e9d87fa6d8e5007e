"""The card desk, opened: one transaction for a card's life and for what terminals must be told about it."""

import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import yaml

from onecard.app.application import DEMO_FILE
from onecard.app.hotlist import HotlistTeller
from onecard.app.opening import Store, open_store
from onecard.cards.desk import DeskTools
from onecard.cards.model import Change
from onecard.cards.rules import card_rules_from
from onecard.settings.city_folder import find_city
from onecard.settings.clock import HomeClock, read_clock
from onecard.settings.settings import Settings

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["CardDesk", "Hotlist", "open_card_desk"]


class Hotlist(Protocol):
    """Whoever keeps the list of credentials that terminals refuse."""

    async def take(self, connection: "Connection", changes: Sequence[Change]) -> None:
        """Write *changes* in the transaction of *connection*: a new version of the list, seen by all when it commits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDesk:
    """One home's card desk."""

    store: Store
    tools: DeskTools
    clock: HomeClock
    hotlist: Hotlist

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["Connection"]:
        """Lend a connection in a transaction that is on disk when it is over (DESIGN §4, invariant 4: durable by default)."""
        async with self.store.database.acquire("desk") as connection, connection.transaction():
            yield connection

    async def tell(self, connection: "Connection", changes: Sequence[Change]) -> None:
        """Let the hotlist know, in the same transaction."""
        if changes:
            await self.hotlist.take(connection, changes)

    def named(self, name: str) -> tuple[str, str]:
        """Return kind and value of the credential that *name* means: KIND:VALUE, a card number, or a cast person's present card."""
        kind, colon, value = name.partition(":")
        if colon:
            return kind, value
        path = self.store.home.folder / DEMO_FILE
        people = json.loads(path.read_text(encoding="utf-8")).get("cast", {}).get("people", []) if path.exists() else []
        cards = [each["value"] for person in people if person["key"] == name for each in person["credentials"] if each["kind"] == "card"]
        return "card", cards[-1] if cards else name


@asynccontextmanager
async def open_card_desk(settings: Settings, *, hotlist: Hotlist | None = None) -> AsyncIterator[CardDesk]:
    """Open the card desk of one home, without rule book and lanes. Raises what `open_store` raises, and `CardRulesWrong`.

    Without a *hotlist* it is this home's own.
    """
    async with open_store(settings) as store:
        folder = find_city(settings.city, settings.cities)
        rules = card_rules_from(yaml.safe_load(folder.text("cards.yaml")))
        tools = DeskTools(keyring=store.keyring, rules=rules, chance=os.urandom)
        told = hotlist or HotlistTeller(store.keyring.terminals_key)
        yield CardDesk(store=store, tools=tools, clock=read_clock(settings.home.folder), hotlist=told)
