"""Devices for tests of the chain: each signs with a key of its own, and may be copied with its key and its last link."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from onecard.settings.suites import INTL
from onecard.terminals.chain import CHAIN_START, linked
from onecard.terminals.sign_in import key_id_of, standing
from onecard.uses.model import Tap
from tests.database.town import Town


@dataclass
class Device:
    """A device's key, and the link of its last use."""

    seed: bytes
    terminal: str = "BUS-1"
    previous: bytes = CHAIN_START

    @property
    def public_key(self) -> bytes:
        """What it shows when it signs in."""
        return INTL.public_key(INTL.private_key(self.seed))

    @property
    def key_id(self) -> str:
        """The name of its key."""
        return key_id_of(self.public_key)

    def copied(self) -> "Device":
        """Return the device that somebody makes by copying this one's disk."""
        return Device(self.seed, self.terminal, self.previous)

    def use(self, town: Town, who: str, seq: int, **more: Any) -> Tap:
        """Take the next use into the chain."""
        tap = town.tap(who, self.terminal, seq, **more)
        link = linked(wire(tap), self.previous, self.key_id, INTL.signer(INTL.private_key(self.seed)))
        self.previous = link.link
        return replace(tap, chain=link)

    async def sign_in(self, town: Town) -> str:
        """Show the key; return what the device is told that it is."""
        async with town.store.database.acquire("desk") as connection:
            return (await standing(connection, self.terminal, self.public_key, town.moment[0])).device


def wire(tap: Tap) -> dict[str, Any]:
    """Return *tap* as its device sends it."""
    at: datetime = tap.occurred_at
    return {
        "terminal": tap.terminal, "seq": tap.seq, "credential": {"kind": tap.kind, "value": tap.value}, "service": tap.service,
        "list_price": tap.list_price_fen, "occurred_at": at.isoformat(),
    }  # fmt: skip
