"""Days, ages and the city's civil clock. Every function is told what day it is."""

from datetime import UTC, date, datetime, timedelta, timezone

__all__ = ["CITY_ZONE", "age_on", "birthday_cut_off", "civil", "epoch_milliseconds", "instant_of", "minute_of_day"]

CITY_ZONE = timezone(timedelta(hours=8), "UTC+08:00")
"""China keeps one time for the whole country, without summer time since 1991."""


def civil(instant: datetime) -> datetime:
    """Return *instant* (aware) on the city's clock."""
    return instant.astimezone(CITY_ZONE)


def minute_of_day(instant: datetime) -> int:
    """Return the minutes since the city's midnight, 0 to 1439."""
    local = instant.astimezone(CITY_ZONE)
    return local.hour * 60 + local.minute


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def age_on(born: date, day: date) -> int:
    """Return full years at *day*; who is born on 29 February turns on 1 March in common years (POLICY §4)."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def birthday_cut_off(day: date, years: int) -> date:
    """Return the latest birth date that makes somebody *years* old on *day* (POLICY §10)."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February, and no 29th that many years ago
        return date(day.year - years, 2, 28)


def epoch_milliseconds(instant: datetime) -> int:
    """Return whole milliseconds since 1970 UTC, fractions cut: how instants are compared for sameness."""
    return (instant - _EPOCH) // _MILLISECOND


def instant_of(milliseconds: int) -> datetime:
    """Return the instant of whole *milliseconds* since 1970, in UTC: the inverse of `epoch_milliseconds`."""
    return _EPOCH + milliseconds * _MILLISECOND
