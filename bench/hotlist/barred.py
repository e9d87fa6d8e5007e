"""Many cards that are lost, their hotlist in a town's store, and the terminal that follows it change by change."""

import random
from datetime import date, datetime, timedelta
from time import perf_counter
from typing import Final

from bench.town import Town
from onecard.app.hotlist import HotlistBook, tell_hotlist
from onecard.cards.credential import credential_key
from onecard.cards.model import Change, NewCard, StateChange
from onecard.cards.service import register_cards
from onecard.terminals.barred import hotlist_message
from onecard.terminals.hotlist import EMPTY, Hotlist, HotlistDelta, read_message, updated
from onecard.values.masked import CardNumber

__all__ = ["CARDS_CHANGED", "BarredCards"]

CARDS_CHANGED: Final = 250
"""In one version: half of them are found, half are lost. A card is its number and its chip: 500 entries."""

_SUBJECT: Final = 1_000_000_000  # Whose they are is nobody's question here.
_AT_ONCE: Final = 20_000
_LONG_AGO: Final = date(2020, 1, 1)


class BarredCards:
    """So many cards that are lost, and as many more that are not yet."""

    def __init__(self, town: Town, many: int) -> None:
        self._town = town
        self._lost = list(range(many))
        self._sound = list(range(many, many + max(CARDS_CHANGED, many // 100)))
        self._chance = random.Random(3)
        self._at = town.app.now() - timedelta(days=30)
        self.version = 0
        self.held: Hotlist = EMPTY
        self.full = b""

    async def fill(self) -> None:
        """Register all cards, let the list be mended by them, and give it to the terminal."""
        lost = StateChange(since=self._at, state="formal_loss")
        cards = [_card(number, (lost,)) for number in self._lost] + [_card(number, ()) for number in self._sound]
        database, keyring = self._town.app.database, self._town.app.keyring
        for start in range(0, len(cards), _AT_ONCE):
            async with database.acquire("batch") as connection, connection.transaction():
                await register_cards(connection, keyring, cards[start : start + _AT_ONCE])
        version = await HotlistBook(database).mend(self._town.app.now())
        assert version is not None
        self.version = version
        async with database.acquire("migrate") as connection:
            await connection.execute("VACUUM ANALYZE")
            self.full = await hotlist_message(connection, 0, version)
        self.held = updated(EMPTY, self.full)

    def now(self) -> datetime:
        """Return the town's instant."""
        return self._town.app.now()

    async def change(self) -> float:
        """Commit one version, cards' states and all; return the instant at which it was."""
        self._at += timedelta(seconds=1)
        half = CARDS_CHANGED // 2
        found, lost = self._chance.sample(self._lost, half), self._chance.sample(self._sound, half)
        self._lost, self._sound = _moved(self._lost, found, lost), _moved(self._sound, lost, found)
        changes = [each for number in found for each in self._changes(number, False)]
        changes += [each for number in lost for each in self._changes(number, True)]
        states = [(each.key, each.since, "formal_loss" if each.barred else "active") for each in changes]
        async with self._town.app.database.acquire("desk") as connection:
            async with connection.transaction():
                await connection.executemany("INSERT INTO cards_state (key, since, state) VALUES ($1, $2, $3)", states)
                version = await tell_hotlist(connection, self._town.app.keyring.terminals_key, changes)
            committed_at = perf_counter()
        assert version == self.version + 1, "somebody else changed the list"
        self.version = version
        return committed_at

    async def apply(self) -> tuple[float, float]:
        """Let the terminal take the change; return how many milliseconds that took, and how many with a set of numbers."""
        async with self._town.app.database.acquire("desk") as connection:
            delta = await hotlist_message(connection, self.held.version, self.version)
        before = frozenset(self.held.entries)
        start = perf_counter()
        self.held = updated(self.held, delta)
        took = perf_counter() - start
        told = read_message(delta)
        assert isinstance(told, HotlistDelta)
        start = perf_counter()
        after = (before - frozenset(told.removes)) | frozenset(told.adds)
        peer_took = perf_counter() - start
        assert after == frozenset(self.held.entries)
        return 1000 * took, 1000 * peer_took

    def _changes(self, number: int, barred: bool) -> tuple[Change, Change]:
        card, hash_key = _card(number, ()), self._town.app.keyring.hash_key
        number_key, chip_key = credential_key(hash_key, "card", card.number.reveal()), credential_key(hash_key, "chip", card.chip.reveal())
        return (
            Change(kind="card", value=card.number, key=number_key, barred=barred, since=self._at),
            Change(kind="chip", value=card.chip, key=chip_key, barred=barred, since=self._at),
        )


def _moved(cards: list[int], out: list[int], come: list[int]) -> list[int]:
    gone = set(out)
    return [number for number in cards if number not in gone] + come


def _card(number: int, states: tuple[StateChange, ...]) -> NewCard:
    return NewCard(
        subject=_SUBJECT + number, number=CardNumber(f"H{number:08d}"), chip=CardNumber(f"{_SUBJECT + number:032x}"), issue_region="330400",
        issued_on=_LONG_AGO, valid_until=date(2035, 1, 1), states=states, foreign=True,
    )  # fmt: skip
