"""The card desk for somebody who signed in: losses at once, formal releases and cancellations by a second person."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from onecard.app.hotlist import HotlistTeller
from onecard.app.staff_executors import card_thing, note_moves
from onecard.app.staff_views import card_view, request_view
from onecard.app.staff_work import NOBODY, StaffWork, tail
from onecard.cards.credential import CredentialMalformed, credential_key
from onecard.cards.desk import Card, Channel, DeskTools, Order, card_by_key, move_card
from onecard.cards.errors import CardUnknown
from onecard.cards.history import history_of
from onecard.cards.life import Act, Function, next_step
from onecard.db.pool import Connection
from onecard.staff.model import Acting, Waiting

__all__ = ["StaffCards", "thing_of"]

_HANDLE: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NOBODYS_CARD: Final = bytes(32)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffCards:
    """What may be done to cards. Every method's first argument is who acts; a card is named by its `id` or its number."""

    work: StaffWork
    tools: DeskTools
    hotlist: HotlistTeller

    async def one(self, acting: Acting, name: str) -> dict[str, Any]:
        """Return one card as it stands, with its history. Raises `NotThere`, `NotAllowed`."""
        async with self.work.doing(acting, "cards.read", thing_of(name)) as connection:
            card, region = await self.inside(connection, acting, name, "cards.read")
            await self.work.noted(connection, acting, "cards.read", thing_of(name), region=region, subject=card.subject)
            return card_view(card, region, await history_of(connection, card.subject, card.number_key))

    async def lose(
        self, acting: Acting, name: str, kind: Literal["temp", "formal"], function: Function, reason: str, channel: Channel = "desk"
    ) -> dict[str, Any]:
        """Report a card lost: it stops at once. Raises `NotThere`, `NotAllowed`, `MoveRefused`."""
        act: Act = "temp_loss" if kind == "temp" and function == "social" else "formal_loss"
        async with self.work.doing(acting, "cards.loss", thing_of(name)) as connection:
            card, region = await self.inside(connection, acting, name, "cards.loss")
            order = Order(act=act, reason=reason, at=self.work.staff.now(), function=function, channel=channel)
            return await self._moved(connection, acting, card, region, order)

    async def release(self, acting: Acting, name: str, function: Function, reason: str) -> dict[str, Any]:
        """A lost card was found. An oral loss is released at once; a formal one is prepared for a second person.

        Raises `NotThere`, `NotAllowed`, `MoveRefused`, `ReleaseRefused`.
        """
        async with self.work.doing(acting, "cards.release", thing_of(name)) as connection:
            card, region = await self.inside(connection, acting, name, "cards.release")
            order = Order(act="release", reason=reason, at=self.work.staff.now(), function=function)
            standing = card.standing(function)
            if standing.state == "temp_loss" or not next_step(standing, "release", order.at).changed:
                return await self._moved(connection, acting, card, region, order)
            return await self._prepared(connection, acting, card, region, "loss-release", {"function": function}, reason)

    async def cancel(self, acting: Acting, name: str, reason: str) -> dict[str, Any]:
        """Prepare that a card be cancelled for good. Raises `NotThere`, `NotAllowed`, `MoveRefused`."""
        async with self.work.doing(acting, "cards.cancel", thing_of(name)) as connection:
            card, region = await self.inside(connection, acting, name, "cards.cancel")
            if not next_step(card.social, "cancel", self.work.staff.now()).changed:
                return await self._moved(connection, acting, card, region, Order(act="cancel", reason=reason, at=self.work.staff.now()))
            return await self._prepared(connection, acting, card, region, "card-cancel", {}, reason)

    async def _prepared(
        self, connection: Connection, acting: Acting, card: Card, region: str, kind: str, more: Mapping[str, Any], reason: str
    ) -> dict[str, Any]:
        thing = card_thing(card)
        await self.work.noted(connection, acting, f"{kind}.prepare", thing, region=region, subject=card.subject, result="waiting")
        payload = {"card": card.number_key.hex(), "shown": str(card.number), **more}
        waiting = Waiting(kind=kind, object=thing, region=region, subject=card.subject, payload=payload, reason=reason)
        return request_view(await self.work.staff.approvals.prepare(connection, acting, waiting))

    async def _moved(self, connection: Connection, acting: Acting, card: Card, region: str, order: Order) -> dict[str, Any]:
        done = await move_card(connection, self.tools, card, order)
        await note_moves(connection, self.hotlist, acting, card, order, done.changes, region)
        moved = await card_by_key(connection, self.tools, card.number_key, order.at)
        shown = card_view(moved, region, await history_of(connection, card.subject, card.number_key))
        return {**shown, "changed": done.step.changed}

    async def inside(self, connection: Connection, acting: Acting, name: str, permission: str) -> tuple[Card, str]:
        """Return a card and where its holder belongs; his place is asked also where there is no card. Raises `NotThere`, `NotAllowed`."""
        at = self.work.staff.now()
        try:
            key = bytes.fromhex(name) if _HANDLE.fullmatch(name) else credential_key(self.tools.keyring.hash_key, "card", name)
        except CredentialMalformed:
            key = _NOBODYS_CARD
        try:
            card = await card_by_key(connection, self.tools, key, at)
        except CardUnknown:
            card = None
        region = await self.work.person_inside(connection, acting, NOBODY if card is None else card.subject, permission)
        assert card is not None
        return card, region


def thing_of(name: str) -> str:
    """Return how a card is called on record: by its handle, or by the last characters of what came in."""
    return f"card {name}" if _HANDLE.fullmatch(name) else f"card *{tail(name)}"
