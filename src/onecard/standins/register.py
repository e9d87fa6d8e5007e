"""The household register: writes a day's file of births, deaths and moves, rightly or with one fault on purpose. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from onecard.cards.householdfile import Event, HouseholdEvent, HouseholdFile, write_household_file
from onecard.values.masked import PersonName, PersonNumber
from onecard.values.person_number import check_character

__all__ = ["FAULTS", "DayWish", "Fault", "day_bytes", "people_of"]

Fault = Literal["none", "short", "total", "encoding"]

FAULTS: Final[tuple[Fault, ...]] = ("none", "short", "total", "encoding")

_SURNAMES: Final = "王李张刘陈杨"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWish:
    """What is to have happened on a day: *deaths* and *moves* by key of a person, moves with the new region."""

    day: date
    deaths: Sequence[str] = ()
    moves: Sequence[tuple[str, str]] = ()
    births: int = 0
    births_region: str = ""  # Told where there are births …
    births_area: str = ""  # … with an area code of no place, so that no newborn of a demo is a living one.
    name: str = ""  # Of the file; blank: by the day.


def people_of(cast: Mapping[str, Any]) -> dict[str, tuple[PersonNumber, PersonName]]:
    """Return number and name by key, out of the document that `onecard cast --json` prints."""
    found = {}
    for person in cast["people"]:
        numbers = [each["value"] for each in person["credentials"] if each["kind"] == "id"]
        if numbers:
            found[str(person["key"])] = PersonNumber(numbers[0]), PersonName(person["name"])
    return found


def day_bytes(wish: DayWish, people: Mapping[str, tuple[PersonNumber, PersonName]], fault: Fault) -> bytes:
    """Return the file of a day; raises `KeyError` for a person whom the register does not know.

    `short`: the last row is missing; `total`: the tail counts one too many; `encoding`: UTF-8 under a head that says GB18030.
    """
    events = [_event("death", people[key], wish.day) for key in wish.deaths]
    events += [_event("move", people[key], wish.day, region) for key, region in wish.moves]
    assert not wish.births or (wish.births_region and wish.births_area)
    events += [_event("birth", _newborn(wish, number), wish.day, wish.births_region) for number in range(wish.births)]
    name = wish.name or f"HJ{wish.day:%Y%m%d}"
    encoding: Literal["GB18030", "UTF-8"] = "UTF-8" if fault == "encoding" else "GB18030"
    content = write_household_file(HouseholdFile(feed=name, day=wish.day, encoding=encoding, events=tuple(events)))
    if fault == "encoding":
        return content.replace(b"UTF-8  ", b"GB18030", 1)
    if fault == "short":
        lines = content.split(b"\n")
        del lines[-3]
        return b"\n".join(lines)
    return content.replace(f"T|{len(events):07d}".encode(), f"T|{len(events) + 1:07d}".encode()) if fault == "total" else content


def _event(event: Event, person: tuple[PersonNumber, PersonName], day: date, region: str = "") -> HouseholdEvent:
    return HouseholdEvent(event=event, ss_no=person[0], name=person[1], day=day, region=region)


def _newborn(wish: DayWish, number: int) -> tuple[PersonNumber, PersonName]:
    first_17 = f"{wish.births_area}{wish.day:%Y%m%d}{number % 1000:03d}"
    return PersonNumber(first_17 + check_character(first_17)), PersonName(f"{_SURNAMES[number % len(_SURNAMES)]}新生")
