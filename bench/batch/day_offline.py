"""What buses hand in after a day without a network: in order of each bus, a few late, a few twice, a few of cards that were lost."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from msgspec.structs import replace

from bench.town import FARE_FEN, Elder, Ride, Town
from onecard.cards.model import NewCard, StateChange
from onecard.cards.service import register_cards
from onecard.people.model import NewPerson
from onecard.people.service import register_people
from onecard.uses.lane import Outcome
from onecard.uses.model import Answer, Offline, Tap
from onecard.values.days import CITY_ZONE, age_on
from onecard.values.error import OnecardError
from onecard.values.masked import CardNumber

__all__ = ["Handed", "LostCards", "hand_in", "verdicts"]

_LATE_ONE_IN: Final = 33  # A bus that stood in the yard: these come weeks late.
_TWICE_ONE_IN: Final = 50  # The answer was lost on the way, so the bus sent it again.
_LOST_ONE_IN: Final = 100  # On the hotlist since before, but the bus had an old one and let the card ride.
_LATE_DAYS_MAX: Final = 20
_LONG_AGO: Final = date(2020, 1, 1)
_SUBJECT: Final = 2_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What is handed in, and how many of it must come out as what."""

    taps: Sequence[Tap]
    expected: Counter[str]


class LostCards:
    """Cards that are lost, of elders who ride no more in this bench; they rarely come twice on one day."""

    def __init__(self, many: int) -> None:
        self._many = many
        self._next = 0

    async def register(self, town: Town) -> None:
        """Let the town have them."""
        lost_at = town.app.now() - timedelta(days=60)
        numbers = range(self._many)
        async with town.app.database.acquire("batch") as connection, connection.transaction():
            await register_people(connection, town.app.keyring, [_person(number) for number in numbers], lost_at)
            await register_cards(connection, town.app.keyring, [_card(number, lost_at) for number in numbers])

    def number(self) -> str:
        """Return the number of the next of them, round and round."""
        self._next = (self._next + 1) % self._many
        return _number(self._next)


def hand_in(town: Town, many: int, lost: LostCards) -> Handed:
    """Return *many* records, bus after bus, each in the order in which it happened, those that come twice right at the bus's end."""
    chance = random.Random(many)
    rides = sorted(town.rides(many - many // _TWICE_ONE_IN), key=lambda ride: (ride.terminal, ride.seq))
    taps = list(_happened(rides, town.app.now() - timedelta(days=1), lost, chance))
    again = sorted(chance.sample(taps, many // _TWICE_ONE_IN), key=lambda tap: (tap.terminal, tap.seq))
    expected = Counter("accepted_in_error" if _is_lost(tap) else "agreed" for tap in taps) + Counter(duplicate=len(again))
    both = [(tap.terminal, 0, tap) for tap in taps] + [(tap.terminal, 1, tap) for tap in again]
    return Handed(taps=[tap for *_, tap in sorted(both, key=lambda each: each[:2])], expected=expected)


def verdicts(outcomes: Sequence[Outcome | OnecardError]) -> Counter[str]:
    """Return how many came out as what."""
    return Counter(str(outcome.upload) if isinstance(outcome, Answer) else type(outcome).__name__ for outcome in outcomes)


def _happened(rides: Sequence[Ride], day: datetime, lost: LostCards, chance: random.Random) -> Iterator[Tap]:
    first = {ride.terminal: ride.seq for ride in reversed(rides)}
    for place, ride in enumerate(rides):
        at = day + timedelta(minutes=ride.seq - first[ride.terminal])
        if place % _LATE_ONE_IN == 0:
            at -= timedelta(days=chance.randint(1, _LATE_DAYS_MAX))
        alone = Offline(outcome="accepted", paid_fen=_fare_fen(ride.elder, at.astimezone(CITY_ZONE).date()))
        tap = replace(ride.tap(), occurred_at=at, offline=alone)
        yield replace(tap, value=lost.number()) if place % _LOST_ONE_IN == 0 else tap


def _fare_fen(elder: Elder, day: date) -> int:
    """Return what the ride cost him on that day: some turned 70 since."""
    return 0 if age_on(elder.born, day) >= 70 else FARE_FEN // 2


def _is_lost(tap: Tap) -> bool:
    return tap.value.startswith("L")


def _number(number: int) -> str:
    return f"L{number:08d}"


def _person(number: int) -> NewPerson:
    subject = _SUBJECT + number
    return NewPerson(subject=subject, born=date(1950, 1, 1), home_region="320500", salt=subject.to_bytes(16, "big"))


def _card(number: int, lost_at: datetime) -> NewCard:
    return NewCard(
        subject=_SUBJECT + number, number=CardNumber(_number(number)), chip=CardNumber(f"{_SUBJECT + number:032x}"), issue_region="320500",
        issued_on=_LONG_AGO, valid_until=date(2030, 1, 1), states=(StateChange(since=lost_at, state="formal_loss"),), foreign=True,
    )  # fmt: skip
