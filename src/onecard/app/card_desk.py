"""The card desk, opened: one transaction for a card's life and for what terminals must be told about it."""

import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import yaml

from onecard.app.application import DEMO_FILE
from onecard.app.hotlist import HotlistTeller
from onecard.app.opening import Store, open_store
from onecard.cards.credential import normalise
from onecard.cards.desk import Card, DeskTools, card_by_key, find_card
from onecard.cards.errors import CardUnknown, NoSuchPerson
from onecard.cards.model import Change
from onecard.cards.rules import card_rules_from
from onecard.cards.service import find_subject, keys_of_cards
from onecard.people.service import find_by_number
from onecard.settings.city_folder import find_city
from onecard.settings.clock import HomeClock, read_clock
from onecard.settings.settings import Settings
from onecard.values.masked import PersonNumber

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

    async def card(self, connection: "Connection", name: str, at: datetime) -> Card:
        """Return the card that *name* means: by its number, KIND:VALUE, or the one that a cast person holds now.

        Raises `CredentialMalformed`, `CardUnknown`.
        """
        if name not in self._cast():
            return await find_card(connection, self.tools, *self._named(name), at)
        held = [
            await card_by_key(connection, self.tools, key, at)
            for key in await keys_of_cards(connection, await self.person(connection, name))
        ]
        if not held:
            raise CardUnknown
        replaced = {card.replaces for card in held if card.social.state != "sealed"}
        return next((card for card in held if card.number_key not in replaced and card.kind == "standard"), held[0])

    async def person(self, connection: "Connection", name: str) -> int:
        """Return the subject whom *name* means: by KIND:VALUE, a card number, a person number, or a cast person's key.

        Raises `CredentialMalformed`, `NoSuchPerson`.
        """
        kind, value = self._named(name)
        subject = await find_subject(connection, self.tools.keyring, kind, value)
        if subject is None and kind == "id":
            subject = await find_by_number(connection, self.tools.keyring, PersonNumber(normalise(kind, value)))
        if subject is None:
            raise NoSuchPerson
        return subject

    def _named(self, name: str) -> tuple[str, str]:
        kind, colon, value = name.partition(":")
        return (kind, value) if colon else ("card", self._cast().get(name, name))

    def _cast(self) -> dict[str, str]:
        """Return a card number of each person of the demo's cast, by key."""
        path = self.store.home.folder / DEMO_FILE
        people = json.loads(path.read_text(encoding="utf-8")).get("cast", {}).get("people", []) if path.exists() else []
        return {person["key"]: each["value"] for person in people for each in person["credentials"] if each["kind"] == "card"}


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
