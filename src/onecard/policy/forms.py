"""How a value is written: each function returns the whole number or text that is kept, or None where the form is wrong."""

import re
from datetime import date
from typing import Final

from onecard.values.money import fen_of
from onecard.values.regions import is_region

__all__ = [
    "DAY_MINUTES",
    "LARGEST",
    "age_of",
    "day_of",
    "hours_of",
    "minute_of",
    "money_hint",
    "money_of",
    "number_of",
    "percent_points_of",
    "region_of",
    "time_hint",
]

LARGEST: Final = 2**52  # Nothing passes it, so JavaScript's numbers stay exact (POLICY §10).
DAY_MINUTES: Final = 24 * 60

_YEAR_DAYS: Final = 366
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)
_PERCENT: Final = re.compile(r"(0|[1-9][0-9]{0,9})(?:\.([0-9]{1,2}))?%", re.ASCII)
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_AGE: Final = re.compile(r"([0-9]{1,3})(?:y([0-9]{1,3})d)?", re.ASCII)


def money_of(text: str) -> int | None:
    """Return the fen of `2.00` or `free`."""
    return 0 if text == "free" else fen_of(text)


def percent_points_of(text: str) -> int | None:
    """Return the 1/10,000 of `50%` or `12.5%`."""
    found = _PERCENT.fullmatch(text)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else None


def number_of(text: str) -> int | None:
    """Return the whole number `60`; no sign, no leading zero."""
    return int(text) if _NUMBER.fullmatch(text) else None


def minute_of(text: str) -> int | None:
    """Return the minute of the day of `17:30`."""
    found = _TIME.fullmatch(text)
    return int(found[1]) * 60 + int(found[2]) if found else None


def day_of(text: str) -> date | None:
    """Return the day `2024-10-01`, where the calendar has it."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def region_of(text: str) -> str | None:
    """Return the six digits of a region."""
    return text if is_region(text) else None


def hours_of(text: str) -> tuple[int, int] | None:
    """Return the two minutes of `08:00-11:30`; the end may be `24:00`."""
    begin, dash, end = text.partition("-")
    first, last = minute_of(begin), DAY_MINUTES if end == "24:00" else minute_of(end)
    return (first, last) if dash and first is not None and last is not None else None


def age_of(text: str) -> tuple[int, int] | None:
    """Return years and days of `65` or `59y364d`."""
    found = _AGE.fullmatch(text)
    return (int(found[1]), int(found[2] or 0)) if found and int(found[2] or 0) < _YEAR_DAYS else None


def money_hint(text: str) -> str:
    """Return *text* as money with two decimals, where one can guess what was meant."""
    found = re.match(r"([0-9]{1,10})(?:\.([0-9]?[0-9]?))?", text, re.ASCII)
    return f"{int(found[1])}.{(found[2] or '').ljust(2, '0')}" if found else "2.00"


def time_hint(text: str) -> str:
    """Return *text* as a time with two digits each, where that is possible."""
    found = re.match(r"([0-9]{1,2}):([0-9]{1,2})", text, re.ASCII)
    padded = f"{int(found[1]):02d}:{int(found[2]):02d}" if found else ""
    return padded if _TIME.fullmatch(padded) else "17:30"
