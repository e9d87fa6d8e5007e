"""A draft simulated: checked with all that is released, held against the version in force, its cost told by fund and region."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from onecard.db.pool import Database
from onecard.decision.model import EVER
from onecard.decision.rulebook import RuleBook
from onecard.people.service import open_identities
from onecard.policy.model import Programme
from onecard.policy.periods import period_with
from onecard.releases.drafting import Together, check_drafts
from onecard.releases.simulated import Affected, Question, Simulated, Told
from onecard.releases.simulating_payouts import pay_again
from onecard.releases.simulating_uses import Books, decide_uses_again
from onecard.releases.simulation_errors import DaysWrong, DraftTwice, KindsDiffer, NotSimulated
from onecard.releases.tallying import Moved, Tally
from onecard.settings.keys import Keyring
from onecard.uses.occasion import CityRules

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["DAYS_MAX", "Simulator"]

DAYS_MAX: Final = 366
"""Of so many days at most uses are decided again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulator:
    """Simulates drafts in a city. It reads all of it and writes nothing; whoever calls it has asked whether that person may."""

    database: Database
    keyring: Keyring
    city: CityRules

    async def simulate(self, question: Question, told: Told = lambda _done, _all: None) -> Simulated:
        """Return what the drafts would have changed; the same records give the same answer.

        Everything is read as it stood at one moment, by a transaction that only reads: stopped anywhere, it leaves nothing. A draft that
        begins later is asked as if it held already. Raises `DaysWrong`, `DraftTwice`, `KindsDiffer`, `NotSimulated`, and what
        `check_drafts` raises.
        """
        first, last = question.days_of_uses
        if not 0 <= (last - first).days < DAYS_MAX:
            raise DaysWrong(most=DAYS_MAX)
        async with self.database.acquire("desk") as connection, connection.transaction(isolation="repeatable_read", readonly=True):
            together = await check_drafts(connection, question.drafts, self.city.lists, begun=EVER, until=last)
            _refuse(together.drafts)
            if together.drafts[0].kind == "payout":
                return await self._of_payouts(connection, together, question.day, told)
            return await self._of_uses(connection, together, (first, last), told)

    async def _of_payouts(self, connection: "Connection", together: Together, day: date, told: Told) -> Simulated:
        payout = together.drafts[0].payout
        assert payout is not None
        period = period_with(payout.cycle, day)
        if period is None:
            raise DaysWrong(most=DAYS_MAX)
        old = self._in_force(together, period.last, period.first)
        tally, residents = await pay_again(connection, old, together.drafts, period, told)
        more = {"source": "population", "first": period.first, "last": period.last, "examined": residents, "unknown": 0, "missing": ()}
        return await self._found(connection, together, old, tally, more)

    async def _of_uses(self, connection: "Connection", together: Together, days: tuple[date, date], told: Told) -> Simulated:
        gated, names = self.city.lists.gated, frozenset(each.name for each in together.drafts)
        others = [each for each in together.released if each.name not in names]

        @cache
        def at(number: int) -> RuleBook:
            held = [each for each in together.released if together.rules[each.name, each.version] <= number]
            return RuleBook(held, gated=gated, number=number)

        new = RuleBook([*others, *together.drafts], gated=gated)
        books = Books(old=RuleBook(together.released, gated=gated), new=new, at=at, names=names)
        decided = await decide_uses_again(connection, books, days, self.city.day_kinds, told)
        more = {
            "source": "uses", "first": days[0], "last": days[1], "examined": decided.examined, "unknown": decided.unknown,
            "missing": tuple(sorted(decided.missing)),
        }  # fmt: skip
        return await self._found(connection, together, self._in_force(together, days[1], days[0]), decided.tally, more)

    def _in_force(self, together: Together, *days: date) -> list[Programme]:
        """Return the versions of the drafts' programmes that hold on the first of *days* when one does."""
        book = RuleBook(together.released, gated=self.city.lists.gated)
        held = [{each.name: each for each in book.in_force(day)} for day in days]
        found = [next((by_name[draft.name] for by_name in held if draft.name in by_name), None) for draft in together.drafts]
        return [each for each in found if each is not None]

    async def _found(
        self, connection: "Connection", together: Together, old: Sequence[Programme], tally: Tally, more: dict[str, Any]
    ) -> Simulated:  # fmt: skip
        draft, whole = together.drafts[0], tally.whole
        against = next((each.version for each in old if each.name == draft.name), None)
        return Simulated(
            programme=draft.name, title_zh=draft.title_zh, title_en=draft.title_en, against=against, digest=draft.digest,
            version=together.held.get((draft.name, draft.digest)) or together.next_version(draft.name),
            together=tuple(each.name for each in together.drafts[1:]), gain=whole.gain, lose=whole.lose, same=whole.same,
            old_fen=whole.old_fen, new_fen=whole.new_fen, regions=tally.regions(), rows=tally.rows(),
            most_affected=await self._named(connection, tally.most()), **more,
        )  # fmt: skip

    async def _named(self, connection: "Connection", moved: Sequence[Moved]) -> tuple[Affected, ...]:
        known = await open_identities(connection, self.keyring, [each.subject for each in moved])
        names = {subject: str(identity.name) for subject, identity in known.items()}
        return tuple(
            Affected(name=names.get(each.subject, ""), region=each.region, old_fen=each.old_fen, new_fen=each.new_fen) for each in moved
        )


def _refuse(drafts: Sequence[Programme]) -> None:
    """Raise what keeps *drafts* from being simulated as one package."""
    first, names = drafts[0], set[str]()
    for draft in drafts:
        if draft.name in names:
            raise DraftTwice(programme=draft.name)
        names.add(draft.name)
        if draft.payout is not None and draft.payout.to_operator:
            raise NotSimulated(programme=draft.name)
        ours, theirs = (each.payout.cycle if each.payout else "" for each in (first, draft))
        if ours != theirs:
            raise KindsDiffer(programme=draft.name, other=first.name)
