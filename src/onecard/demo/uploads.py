"""Bus records that come in late or twice: kept back where they arise, delivered with a later morning's upload. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from msgspec.structs import replace

from onecard.demo.chance import Chance
from onecard.demo.clock import DEMO_DAY
from onecard.demo.draft import Draft
from onecard.demo.particulars import Particulars
from onecard.demo.trouble import Trouble
from onecard.uses.model import Offline, Tap
from onecard.values.days import age_on

__all__ = ["Uploads"]

_LATE: Final = 0.003  # Of bus records (FIELD §9).
_TWICE: Final = 0.0005
_MORNINGS: Final = (2, 9)  # The second morning is more than a day after the last bus; on the ninth whoever waits is done.


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """A record in the memory of a bus."""

    tap: Tap
    since: date
    until: date


class Uploads:
    """Sorts a day's records into those that arrive at once and those that a later upload brings."""

    def __init__(self, particulars: Particulars, chance: Chance, numbers: Mapping[str, int]) -> None:
        """*numbers*: the last number that each terminal gave; whoever owns it counts on."""
        self._particulars = particulars
        self._chance = chance
        self._numbers = numbers
        self._waiting: list[_Waiting] = []
        self._twice: defaultdict[date, list[Tap]] = defaultdict(list)

    def of_morning(self, day: date) -> list[Tap]:
        """Return what is uploaded before the first bus of *day*, oldest first; ask before the day's own records are numbered.

        A late record comes with the first upload from its second morning on that finds it overtaken by a higher number.
        """
        arriving = [waiting for waiting in self._waiting if self._arrives(waiting, day)]
        self._waiting = [waiting for waiting in self._waiting if not self._arrives(waiting, day)]
        taps = [waiting.tap for waiting in arriving] + self._twice.pop(day, [])
        return sorted(taps, key=lambda tap: (tap.occurred_at, tap.terminal))

    def sort(self, day: date, numbered: Iterable[tuple[Draft, Tap]], troubles: list[Trouble]) -> list[Tap]:
        """Return what arrives on *day* itself, and add to *troubles* what was marked or is late or sent twice.

        Every record that is kept back arrives by the demo's last morning, so the pass is counted in full.
        """
        at_once = []
        for draft, tap in numbered:
            kept_back = draft.trouble == "hotlist_race" or self._turns_late(draft, day)
            kind = draft.trouble or ("late" if kept_back else None)
            if kept_back:
                self._keep(day, draft, tap)
            else:
                at_once.append(tap)
                if kind is None and self._is_sent_twice(draft, day):
                    kind = "duplicate"
                    self._twice[day + timedelta(days=1)].append(tap)
            if kind is not None:
                troubles.append(Trouble(kind, tap.terminal, tap.seq))
        return at_once

    def _arrives(self, waiting: _Waiting, day: date) -> bool:
        overtaken = self._numbers[waiting.tap.terminal] > waiting.tap.seq
        return day >= waiting.until or (overtaken and day >= waiting.since)

    def _turns_late(self, draft: Draft, day: date) -> bool:
        in_time = day + timedelta(days=_MORNINGS[0]) <= DEMO_DAY
        return draft.holder is not None and in_time and self._chance.random() < _LATE

    def _is_sent_twice(self, draft: Draft, day: date) -> bool:
        return draft.holder is not None and day < DEMO_DAY and self._chance.random() < _TWICE

    def _keep(self, day: date, draft: Draft, tap: Tap) -> None:
        assert draft.holder is not None
        first, last = (day + timedelta(days=mornings) for mornings in _MORNINGS)
        paid_fen = self._particulars.fare_alone_fen(age_on(draft.holder.born, day), tap.list_price_fen)
        alone = Offline(outcome="accepted", paid_fen=paid_fen)
        self._waiting.append(_Waiting(tap=replace(tap, offline=alone), since=first, until=min(last, DEMO_DAY)))
