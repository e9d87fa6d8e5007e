"""Which recorded uses a draft may move: where its programmes are asked, and wherever a limit is counted that is counted there too. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from onecard.decision.decide import EXIT
from onecard.decision.limits import window_start
from onecard.decision.rulebook import RuleBook
from onecard.policy.matching import fits
from onecard.policy.model import LimitRule, Programme
from onecard.releases.plan import OF_PEOPLE, OF_THE_RECORD
from onecard.releases.redeciding import Place, Redeciding

__all__ = ["Concern", "Lacking", "concern_of", "open_windows"]

_OF_THE_CARD: Final = frozenset({"age", "home_region"})
"""What a card proves, so that it is known of everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """Where uses are decided again, and which limits are counted there."""

    places: tuple[Place, ...]
    limits: tuple[LimitRule, ...]
    by_site: bool  # Whether it matters at which of several like sites a use was.

    @property
    def by_person(self) -> bool:
        """Whether each person's uses may be decided by themselves: no limit counts all persons together."""
        return all(rule.unit != "persons" for rule in self.limits)

    def alike(self, place: Place) -> Place:
        """Return *place* without what does not matter, so that what is found for it holds for all that are like it."""
        return place if self.by_site else place._replace(site="", operator="")


def concern_of(places: Sequence[Place], books: Iterable[RuleBook], names: Collection[str]) -> Concern:
    """Return where the programmes *names* may move a use, in any of their versions: there, and where their limits lead to."""
    programmes = [each for book in books for each in book.programmes if each.kind in ("use", "gate")]
    asked = [each for each in programmes if each.name in names]
    hit: list[Place] = []
    limits: dict[str, LimitRule] = {}
    while True:
        found = [place for place in places if _fits_any(asked, place)]
        if found == hit:
            break
        hit = found
        here = [each for each in programmes if any(_fits(each, place) for place in hit)]
        limits = {rule.name: rule for each in here for rule in each.limits}
        asked = [each for each in programmes if each.name in names or any(rule.name in limits for rule in each.limits)]
    sites = {place.site for place in hit} if any(rule.per == "at_once" for rule in limits.values()) else set()
    left = [place for place in places if place.service == EXIT and place.site in sites]
    named = any(each.where.site or each.where.operator for each in programmes)
    counted = any(rule.of_site or rule.unit == "persons" or rule.per == "at_once" for rule in limits.values())
    return Concern(places=(*hit, *left), limits=tuple(limits.values()), by_site=named or counted)


def open_windows(limits: Iterable[LimitRule], first: date) -> tuple[list[str], list[date]]:
    """Return the names of limits with a window that was open before *first* already, and when those windows began."""
    begun = {(rule.name, start) for rule in limits if (start := window_start(rule.per, first)) < first}
    return sorted({name for name, _ in begun}), sorted({start for _, start in begun})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lacking:
    """What a record does not tell of what is asked now."""

    missing: frozenset[str]  # Known to nobody any more.
    of_people: frozenset[str]  # To be looked up.
    of_record: frozenset[str]

    @classmethod
    def between(cls, kept_by: RuleBook, sides: Sequence[Redeciding], place: Place, day: date, slot: str) -> "Lacking":
        """Compare what was asked under *kept_by* with what any of *sides* asks at a place on a day."""
        before = kept_by.asked(place.occasion(day))
        kept = frozenset() if before.locked else frozenset(before.facts)
        now = [side.asked(place, day) for side in sides]
        unkept = frozenset(fact for asked in now for fact in asked.facts) - kept
        documents = [each for asked in now for each in (*asked.gates, *asked.bases, *asked.toppings)]
        by_slot = any(rule.per == "slot" for each in documents for rule in each.limits)
        missing = unkept - OF_THE_RECORD - OF_PEOPLE - _OF_THE_CARD
        return cls(
            missing=missing | {"slot"} if by_slot and not slot else missing, of_people=unkept & (OF_PEOPLE | _OF_THE_CARD),
            of_record=unkept & OF_THE_RECORD,
        )  # fmt: skip


def _fits_any(programmes: Iterable[Programme], place: Place) -> bool:
    return any(_fits(each, place) for each in programmes)


def _fits(programme: Programme, place: Place) -> bool:
    return fits(
        programme.where, region=place.region, service=place.service, site_kind=place.site_kind, operator=place.operator, site=place.site
    )
