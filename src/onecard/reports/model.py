"""The values of a bulletin: what was read, the figures made of it, and what each figure means."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

__all__ = ["Area", "Bulletin", "City", "Figure", "Kpi", "MonthOfUses", "SiteRow", "UseRow", "Value", "Words"]

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
class Kpi:
    """What a figure is, whatever its value: `key` is its dotted place in the JSON of `onecard bulletin --json`."""

    key: str
    label: Words
    unit: Words
    says: Words  # What it counts.
    numerator: Words | None = None  # What is divided by what, where it is a share.
    denominator: Words | None = None
    records: Literal["", "uses", "sites"] = ""  # What it is counted from, where those can be listed.
    in_bulletin: bool = True

    @property
    def scene(self) -> str:
        """Return the first part of its key."""
        return self.key.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of one day."""

    kpi: Kpi
    value: Value
    numerator: int | None = None  # Only where the figure is a share.
    denominator: int | None = None
    sites: tuple[str, ...] | None = None  # Which sites it counts, where it counts sites.

    @property
    def key(self) -> str:
        """Return the key of what it is."""
        return self.kpi.key


@dataclass(frozen=True, slots=True, kw_only=True)
class UseRow:
    """Granted and full-price uses of one programme, area and month."""

    programme: str | None  # 'a+b' for a pile; None where no programme granted.
    region: str
    month: date
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

    def programmes_of(self, figure: str) -> tuple[str, ...]:
        """Return which programmes the uses of a figure were granted by; none where it is no figure of the elder pass."""
        scene, _, category = figure.partition(".")
        return tuple(sorted(self.elder_pass.get(category, ()))) if scene == "elder_pass" else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """The figures of one day, with what words and pictures need beside them."""

    as_of: date
    scale: int  # 1:N, the size of the demo city; 1 for a real one.
    synthetic: bool
    city: City
    figures: Mapping[str, Figure]
    further: Mapping[str, Figure]  # Figures that stand in no bulletin: the console alone shows them.
    months: tuple[MonthOfUses, ...]
    campus_testing_regions: tuple[str, ...]
    campus_talks_regions: tuple[str, ...]
    stale_canteens: int  # Live by their state, but without a meal in the window.

    def to_json(self) -> dict[str, Any]:
        """Return the document of `onecard bulletin --json` (SURFACES §5): figures, definitions, the pass by month."""
        document: dict[str, Any] = {"as_of": self.as_of.isoformat(), "scale": self.scale, "synthetic": self.synthetic}
        for key, figure in self.figures.items():
            _put(document, key.split("."), figure.value)
        document["definitions"] = {key: {"zh": each.kpi.says.zh, "en": each.kpi.says.en} for key, each in self.figures.items()}
        document["elder_pass_by_month"] = [{"month": f"{row.month:%Y-%m}", **row.uses} for row in self.months]
        document["elder_pass_saved"] = self.pass_saved_fen
        return document

    @property
    def pass_saved_fen(self) -> int | None:
        """Return what the elder pass took off prices; None where no use is on record."""
        saved_fen = self.further["elder_pass.saved"].value
        return saved_fen if isinstance(saved_fen, int) else None

    def figure(self, key: str) -> Figure | None:
        """Return any figure, of the bulletin or further; None where there is none of that name."""
        return self.figures.get(key) or self.further.get(key)

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
