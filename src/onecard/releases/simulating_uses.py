"""Recorded uses decided again by the rules in force and by a draft, both alike, person by person; of each page nothing stays."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from onecard.decision.model import BLANKS, Counter
from onecard.decision.reasons import OF_TERMINALS, is_of_credentials, load_reasons
from onecard.decision.rulebook import RuleBook
from onecard.people.model import facts_on
from onecard.policy.model import Value
from onecard.releases.concerned import Concern, Lacking, concern_of, open_windows
from onecard.releases.person import Person
from onecard.releases.plan import OF_PEOPLE, told_by_record
from onecard.releases.redeciding import Place, Redeciding, Standing, Use
from onecard.releases.simulated import Told
from onecard.releases.store import SQL
from onecard.releases.tallying import Tally
from onecard.terminals.calendar import DayKind
from onecard.uses.replay_store import day_of
from onecard.values.days import age_on

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["Books", "Decided", "decide_uses_again"]

_PAGE_USES: Final = 10_000

_BARRING: Final = sorted({reason for reason in load_reasons() if is_of_credentials(reason)} | OF_TERMINALS)
"""Who was turned away for his card or for the terminal is so under any document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The rules in force, the same with the draft in them, and what was asked when a record was made."""

    old: RuleBook
    new: RuleBook
    at: Callable[[int], RuleBook]  # By the number that a record bears.
    names: frozenset[str]  # Programmes that the draft and its package change.


@dataclass(slots=True)
class Decided:
    """What came of it."""

    tally: Tally
    examined: int = 0
    unknown: int = 0
    missing: set[str] = field(default_factory=set)


async def decide_uses_again(
    connection: "Connection", books: Books, days: tuple[date, date], day_kinds: Mapping[date, DayKind], told: Told
) -> Decided:
    """Decide the uses of *days* (both included) again wherever the draft may move them, in the transaction of *connection*.

    Memory holds one page of uses and its people, and what was decided before about alike uses; where a limit counts all persons
    together, uses come in order of time and everybody who had one is held.
    """
    span = day_of(*days)
    rows = await connection.fetch(SQL.places_of_uses, *span)
    concern = concern_of([Place(*row[:5]) for row in rows], (books.old, books.new), books.names)
    there = set(concern.places)
    expected = sum(row["uses"] for row in rows if Place(*row[:5]) in there)
    together = await _together_before(connection, concern, days[0])
    sides = Redeciding(books.old, dict(together)), Redeciding(books.new, dict(together))
    work = _Work(connection, books, day_kinds, days, concern, sides)
    async for page in _pages(connection, span, concern):
        await work.take(page)
        if work.decided.examined < expected:  # Those taken back are expected and do not come.
            told(work.decided.examined, expected)
    work.settle(work.people)
    told(expected, expected)
    return work.decided


class _Work:
    """The uses as they come."""

    def __init__(
        self, connection: "Connection", books: Books, day_kinds: Mapping[date, DayKind], days: tuple[date, date], concern: Concern,
        sides: tuple[Redeciding, Redeciding],
    ) -> None:  # fmt: skip
        self.decided = Decided(Tally(days[1]))
        self.people: dict[int, Person] = {}
        self._connection, self._books, self._day_kinds, self._concern, self._sides = connection, books, day_kinds, concern, sides
        self._first = days[0]
        self._places = [concern.alike(place) for place in concern.places]
        self._lacking: dict[tuple[int, Place, date, bool], Lacking] = {}

    async def take(self, page: Sequence[Any]) -> None:
        """Decide a page; where persons come one after another, all but its last one are done with."""
        await self._meet({row["subject"] for row in page} - self.people.keys())
        for row in page:
            self._decide(row)
        self.decided.examined += len(page)
        if self._concern.by_person:
            self.settle({subject: each for subject, each in self.people.items() if subject != page[-1]["subject"]})

    def settle(self, people: Mapping[int, Person]) -> None:
        """Add *people* up and forget them."""
        for subject, person in list(people.items()):
            region = facts_on(person.facts, self.decided.tally.day).get("registered_region") or person.home_region
            funds = {fund: (old, new) for fund, (old, new) in person.funds.items()}
            self.decided.tally.add(subject, person.born, str(region), funds, person.better)
            del self.people[subject]

    def _decide(self, row: Any) -> None:
        subject, day, slot = row["subject"], row["day"], row["slot"]
        place = self._places[row["place"] - 1]
        key = (row["rules"], place, day, bool(slot))
        lacking = self._lacking.get(key)
        if lacking is None:
            lacking = self._lacking[key] = Lacking.between(self._books.at(row["rules"]), self._sides, place, day, slot)
        if lacking.missing:
            self.decided.unknown += 1
            self.decided.missing |= lacking.missing
            return
        person = self.people[subject]
        more = self._looked_up(row, place, person, lacking) if lacking.of_people or lacking.of_record else ()
        use = Use(place, day, slot, row["list_price_fen"], row["facts"], more)
        old, new = self._sides
        person.add(old.take(use, person.old), new.take(use, person.new))

    def _looked_up(self, row: Any, place: Place, person: Person, lacking: Lacking) -> tuple[tuple[str, Value], ...]:
        day = row["day"]
        record = {**row, "region": place.region, "service": place.service, "site_kind": place.site_kind}
        told = {**told_by_record(record, lacking.of_record, self._day_kinds)}
        known: dict[str, Value] = {**facts_on(person.facts, day), "age": age_on(person.born, day), "home_region": person.home_region}
        told.update({fact: known.get(fact, BLANKS[fact]) for fact in lacking.of_people})
        return tuple(sorted(told.items()))

    async def _meet(self, subjects: Iterable[int]) -> None:
        """Read who *subjects* are, and where their limits stood before the first day."""
        wanted = sorted(subjects)
        facts: dict[int, list[tuple[str, date, str]]] = {}
        for subject, *fact in await self._connection.fetch(SQL.facts_of_uses, wanted, sorted(OF_PEOPLE)):
            facts.setdefault(subject, []).append((fact[0], fact[1], fact[2]))
        stood: dict[int, Standing] = {}
        names, starts = open_windows(self._concern.limits, self._first)
        if names:
            (since, _), first = day_of(self._first), starts[0]
            for subject, *counter, used in await self._connection.fetch(SQL.counted_before, since, first, names, starts, wanted):
                stood.setdefault(subject, {})[Counter(*counter)] = used
        for subject, born, home_region in await self._connection.fetch(SQL.people_of_uses, wanted):
            old = stood.get(subject, {})
            self.people[subject] = Person(born, home_region, facts.get(subject, []), dict(old), dict(old))


async def _pages(connection: "Connection", span: tuple[Any, Any], concern: Concern) -> AsyncIterator[Sequence[Any]]:
    columns = [list(column) for column in zip(*concern.places, strict=True)] or [[], [], [], [], []]
    cursor = await connection.cursor(SQL.uses_to_decide, *span, *columns, _BARRING, concern.by_person)
    while page := await cursor.fetch(_PAGE_USES):
        yield page


async def _together_before(connection: "Connection", concern: Concern, first: date) -> Standing:
    names, starts = open_windows([rule for rule in concern.limits if rule.unit == "persons"], first)
    if not names:
        return {}
    rows = await connection.fetch(SQL.counted_together_before, day_of(first)[0], starts[0], names, starts)
    return {Counter(*row[:4]): row["used"] for row in rows}
