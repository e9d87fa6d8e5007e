"""The values of a bulletin: what was read, the figures made of it, and what each figure means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

__all__ = ["Area", "Bulletin", "City", "Figure", "MonthOfUses", "SiteRow", "UseRow", "Value", "Words"]

Value = int | float | bool | str | Mapping[str, int] | None
"""What a figure may be. None: the records do not hold it, which is not the same as none at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One text in Chinese and in English."""

    zh: str
    en: str

    def to(self, lang: str) -> str:
        """Return the text in *lang*, 'zh' or 'en'."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of the bulletin: `key` is its dotted place in the JSON of `onecard bulletin --json`."""

    key: str
    value: Value
    definition: Words
    numerator: int | None = None  # Only where the figure is a share.
    denominator: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UseRow:
    """Granted and full-price uses of one programme, area and month; `canteen` as in `store.sql`."""

    programme: str | None  # 'a+b' for a pile; None where no programme granted.
    region: str
    month: date
    canteen: str | None
    uses: int
    saved_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """A site and the state it had at the end of a day; None before its way began."""

    site: str
    operator: str
    kind: str
    region: str
    planned_for: date | None
    state: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfUses:
    """Uses granted by the elder pass in one month, by category."""

    month: date
    uses: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """One area of the city on the map of tiles: x and y in steps of one tile."""

    region: str
    x: float
    y: float
    name: Words
    short: Words
    city_proper: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """What a bulletin must know of its city: areas, and which programmes count as the elder pass in each category."""

    name: Words
    areas: tuple[Area, ...]
    elder_pass: Mapping[str, frozenset[str]]

    def area(self, region: str) -> Area | None:
        """Return the area that *region* is, or None where the city has no such area."""
        return next((area for area in self.areas if area.region == region), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """The figures of one day, with what words and pictures need beside them."""

    as_of: date
    scale: int  # 1:N, the size of the demo city; 1 for a real one.
    synthetic: bool
    city: City
    figures: Mapping[str, Figure]
    months: tuple[MonthOfUses, ...]
    pass_saved_fen: int | None
    campus_testing_regions: tuple[str, ...]
    campus_talks_regions: tuple[str, ...]
    stale_canteens: int  # Live by their state, but without a meal in the window.

    def to_json(self) -> dict[str, Any]:
        """Return the document of `onecard bulletin --json` (SURFACES §5): figures, definitions, the pass by month."""
        document: dict[str, Any] = {"as_of": self.as_of.isoformat(), "scale": self.scale, "synthetic": self.synthetic}
        for key, figure in self.figures.items():
            _put(document, key.split("."), figure.value)
        document["definitions"] = {key: {"zh": each.definition.zh, "en": each.definition.en} for key, each in self.figures.items()}
        document["elder_pass_by_month"] = [{"month": f"{row.month:%Y-%m}", **row.uses} for row in self.months]
        document["elder_pass_saved"] = self.pass_saved_fen
        return document

    def value(self, key: str) -> Value:
        """Return the value of the figure at *key*; KeyError where the bulletin has no such figure."""
        return self.figures[key].value

    def number(self, key: str) -> int | None:
        """Return the whole number at *key*, or None where the records do not hold it."""
        value = self.figures[key].value
        return value if isinstance(value, int) else None


def _put(document: dict[str, Any], path: list[str], value: object) -> None:
    """Put *value* into nested objects along *path*, making those that are not there yet."""
    *outer, last = path
    for name in outer:
        document = document.setdefault(name, {})
    document[last] = value
