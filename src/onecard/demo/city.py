"""The city's own data that the demo builds on, read from `places.yaml` and the files beside it. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from onecard.cards.rules import CardRules, card_rules_from
from onecard.demo.particulars import Particulars, particulars_from
from onecard.terminals.calendar import DayKind, overrides_from
from onecard.terminals.model import ALWAYS_OPEN, Opening
from onecard.terminals.opening import opening_from

__all__ = ["FILES", "Area", "DemoCity", "read_city"]

FILES = ("places.yaml", "regions.yaml", "calendar.yaml", "cast.yaml", "demo.yaml", "lists.yaml", "cards.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One county, town or district with its people at 1:1 (FIELD §9)."""

    region: str
    numbers_from: str  # The area code, of no real place, with which its person numbers begin.
    elders_from: str | None  # The same for most of its elders, whose real numbers carry codes of the county's time.
    residents: int
    elders: int  # 60 and over.
    elders_80: int
    letters: str  # With which the numbers of its cards begin.


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoCity:
    """Everything that a demo city is made of."""

    region: str  # The city itself.
    areas: tuple[Area, ...]
    counts: Mapping[str, Mapping[str, int]]  # Kind of site → region → how many.
    places: Mapping[str, Any]  # The lists of named places, operators and words, as written.
    a_day: Mapping[str, int]  # How often something happens on a usual day at 1:1.
    openings: Mapping[str, Opening]  # By site kind; a kind that is absent is open around the clock.
    exam_days: frozenset[date]
    visitor_weights: Sequence[tuple[str, float]]  # Home cities of the delta, this one left out.
    elsewhere: tuple[str, ...]  # Home regions outside the delta.
    area_names: Mapping[str, tuple[str, str]]  # Region → (zh, en).
    day_kinds: Mapping[date, DayKind]
    festivals: frozenset[date]
    cast: Mapping[str, Any]  # `cast.yaml` as written.
    particulars: Particulars
    card_rules: CardRules
    digest: str  # SHA-256 of the files it was read from.

    def residents_at(self, scale: int) -> int:
        """Return how many people live in the city at 1:*scale*."""
        return sum(round(area.residents / scale) for area in self.areas)

    def a_day_at(self, scale: int) -> dict[str, float]:
        """Return how often something happens on a usual day of the city at 1:*scale*."""
        return {counted: number / scale for counted, number in self.a_day.items()}

    def grounds(self) -> frozenset[str]:
        """Return the areas in which school grounds are tried out."""
        return frozenset(school["region"] for school in self.places["schools_testing"])

    def opening(self, kind: str) -> Opening:
        """Return the usual opening hours of a kind of site."""
        return self.openings.get(kind, ALWAYS_OPEN)


def read_city(texts: Mapping[str, str]) -> DemoCity:
    """Return the city that *texts* (by file name, `FILES`) describe; a missing key is a KeyError: city data is our own."""
    places, regions, calendar, cast, demo, lists, cards = (yaml.safe_load(texts[name]) for name in FILES)
    region = str(lists["region"])
    delta_outside = {home for home in regions["elsewhere"] if home[:2] in {code[:2] for code in regions["provinces"]}}
    return DemoCity(
        region=region,
        areas=tuple(_area(row) for row in places["areas"]),
        counts=places["counts"],
        places=places,
        a_day=places["a_day"],
        openings={kind: opening_from(written) for kind, written in places["opening"].items()},
        exam_days=frozenset(date.fromisoformat(day) for day in places["exam_days"]),
        visitor_weights=[(home, float(places["visitors"].get(home, 1))) for home in regions["delta"] if home != region],
        elsewhere=tuple(home for home in regions["elsewhere"] if home not in delta_outside),
        area_names={region: (name["zh"], name["en"]) for region, name in regions["areas"].items()},
        day_kinds=overrides_from(calendar["overrides"]),
        festivals=frozenset(date.fromisoformat(day) for day in calendar["festivals"]),
        cast=cast,
        particulars=particulars_from(demo),
        card_rules=card_rules_from(cards),
        digest=hashlib.sha256("\0".join(texts[name] for name in FILES).encode()).hexdigest(),
    )


def _area(row: Mapping[str, Any]) -> Area:
    return Area(
        region=row["region"],
        numbers_from=row["numbers_from"],
        elders_from=row.get("elders_from"),
        residents=row["residents"],
        elders=row["elders"],
        elders_80=row["elders_80"],
        letters=row["letters"],
    )
