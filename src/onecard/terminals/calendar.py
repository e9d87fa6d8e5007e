"""What kind of day it is, and whether a site is open: working days with their make-up days, opening hours. Pure."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

import chinese_calendar

from onecard.terminals.model import Interval, Opening

__all__ = ["DAY_KINDS", "WEEKDAYS", "DayKind", "day_kind", "is_open", "opening_interval", "overrides_from", "weekday"]

DayKind = Literal["workday", "weekend", "holiday"]

DAY_KINDS: Final[Mapping[str, DayKind]] = MappingProxyType({"workday": "workday", "weekend": "weekend", "holiday": "holiday"})

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_NO_OVERRIDES: Final[Mapping[date, DayKind]] = MappingProxyType({})
_WHOLE_DAY: Final[Interval] = (0, 1440)


def day_kind(day: date, overrides: Mapping[date, DayKind] = _NO_OVERRIDES) -> DayKind:
    """Return whether people work on *day*: a make-up Saturday is a workday, a National Day Tuesday a holiday.

    *overrides* are the city's own (`calendar.yaml`): they come first, and are all there is past the last year that the
    State Council's published lists, as `chinesecalendar` carries them, reach; there a bare weekday decides.
    """
    return overrides.get(day) or _published_kind(day)


def overrides_from(written: Mapping[str, str]) -> dict[date, DayKind]:
    """Return the city's own word on days (`overrides` of `calendar.yaml`: ISO day → kind); raises ValueError on another word."""
    overrides: dict[date, DayKind] = {}
    for day, kind in written.items():
        if kind not in DAY_KINDS:
            raise ValueError(f"{day}: a day is workday, weekend or holiday, not {kind}")
        overrides[date.fromisoformat(day)] = DAY_KINDS[kind]
    return overrides


def weekday(day: date) -> str:
    """Return `mon` … `sun`, the names that policies use."""
    return WEEKDAYS[day.weekday()]


def opening_interval(opening: Opening, day: date, kind: DayKind, minute: int) -> Interval | None:
    """Return the opening interval that holds *minute* of *day*, or None while the site is closed.

    Ends are not included. It is also what tells one slot of a site from the next (POLICY §5).
    """
    if day in opening.closed or _closed_by_weekday(opening, day, kind):
        return None
    if opening.weekly is None:
        return _WHOLE_DAY
    for interval in opening.weekly.get(kind, ()):
        if interval[0] <= minute < interval[1]:
            return interval
    return None


def is_open(opening: Opening, day: date, kind: DayKind, minute: int) -> bool:
    """Tell whether a site with this *opening* lets people in at *minute* (of the day) on *day*."""
    return opening_interval(opening, day, kind, minute) is not None


def _closed_by_weekday(opening: Opening, day: date, kind: DayKind) -> bool:
    # A museum that rests on Mondays opens on a Monday of the national holidays.
    return kind != "holiday" and day.weekday() in opening.closed_weekdays


@lru_cache(maxsize=4096)
def _published_kind(day: date) -> DayKind:
    try:
        off, holiday = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return "weekend" if day.weekday() >= 5 else "workday"
    if not off:
        return "workday"
    return "holiday" if holiday else "weekend"
