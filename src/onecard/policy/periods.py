"""Periods for which something is paid: months, quarters, years and school terms, and on which of their days facts are read (POLICY §6)."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

__all__ = ["AS_OF", "CYCLES", "AsOf", "Cycle", "Period", "days_read", "period_of", "period_with"]

Cycle = Literal["month", "quarter", "year", "term"]
AsOf = Literal["last day", "last day before", "first day", "first or last day", "every day"]

CYCLES: Final[tuple[Cycle, ...]] = ("month", "quarter", "year", "term")
AS_OF: Final[tuple[AsOf, ...]] = ("last day", "last day before", "first day", "first or last day", "every day")

_WRITTEN: Final = re.compile(r"([1-9][0-9]{3})(?:-(0[1-9]|1[0-2])|-Q([1-4])|-(spring|autumn))?", re.ASCII)
_MONTHS: Final[dict[Cycle, int]] = {"month": 1, "quarter": 3, "year": 12, "term": 6}


@dataclass(frozen=True, slots=True)
class Period:
    """One period of a cycle, both ends included. A term is spring, 1 February to 31 July, or autumn, 1 August to 31 January."""

    cycle: Cycle
    first: date
    last: date

    @property
    def name(self) -> str:
        """How it is written: 2024-10, 2024-Q4, 2024 or 2024-autumn."""
        year, month = self.first.year, self.first.month
        names = {"month": f"-{month:02d}", "quarter": f"-Q{(month + 2) // 3}", "year": "", "term": "-spring" if month == 2 else "-autumn"}
        return f"{year}{names[self.cycle]}"

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def period_of(text: str) -> Period | None:
    """Return the period that *text* names, or None where it names none."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    year, month, quarter, term = int(found[1]), found[2], found[3], found[4]
    if month:
        return _period("month", year, int(month))
    if quarter:
        return _period("quarter", year, 3 * int(quarter) - 2)
    return _period("term", year, 2 if term == "spring" else 8) if term else _period("year", year, 1)


def period_with(cycle: Cycle, day: date) -> Period | None:
    """Return the period of *cycle* in which *day* lies; None where the calendar ends within it."""
    if cycle == "term":
        return _period("term", day.year - (day.month == 1), 2 if 2 <= day.month <= 7 else 8)
    months = _MONTHS[cycle]
    return _period(cycle, day.year, (day.month - 1) // months * months + 1)


def days_read(period: Period, as_of: AsOf) -> tuple[date, ...]:
    """Return the days of which the facts are read, rising. That of `last day before` lies before the period."""
    match as_of:
        case "last day":
            return (period.last,)
        case "last day before":
            return (period.first - timedelta(days=1),)
        case "first day":
            return (period.first,)
        case "first or last day":
            return period.first, period.last
    return tuple(period.first + timedelta(days=number) for number in range(period.days))


def _period(cycle: Cycle, year: int, month: int) -> Period | None:
    years, last_month = divmod(month + _MONTHS[cycle] - 2, 12)
    if not 1 <= year <= year + years <= date.max.year:
        return None
    last = date(year + years, last_month + 1, monthrange(year + years, last_month + 1)[1])
    return Period(cycle, date(year, month, 1), last)
