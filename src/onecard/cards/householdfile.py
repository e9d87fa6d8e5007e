"""The daily file of the household register: who was born, who died, who moved. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from onecard.values.fixed_columns import Column, Encoding, problem_at
from onecard.values.masked import PersonName, PersonNumber
from onecard.values.person_number import is_person_number
from onecard.values.regions import is_region
from onecard.values.sealed_file import SealedForm, read_sealed, write_sealed

__all__ = ["EVENTS", "HOUSEHOLD_FORM", "Event", "HouseholdEvent", "HouseholdFile", "read_household_file", "write_household_file"]

Event = Literal["birth", "death", "move"]

EVENTS: Final[tuple[Event, ...]] = ("birth", "death", "move")

HOUSEHOLD_FORM: Final = SealedForm(
    head=(Column(name="feed", width=20), Column(name="day", width=8)),
    row=(
        Column(name="event", width=5), Column(name="ss_no", width=18), Column(name="name", width=60), Column(name="day", width=8),
        Column(name="region", width=6),
    ),
)  # fmt: skip
_DAY: Final = re.compile(r"[0-9]{8}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdEvent:
    """One event; *region* is where the person is registered from that day on, blank for a death."""

    event: Event
    ss_no: PersonNumber
    name: PersonName
    day: date
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdFile:
    """A day of the register; *feed* names the file for good."""

    feed: str
    day: date
    encoding: Encoding
    events: tuple[HouseholdEvent, ...]


def write_household_file(file: HouseholdFile) -> bytes:
    """Return the bytes of *file*, at least one event; raises `FileProblem` where a value does not fit."""
    head = {"feed": file.feed, "day": f"{file.day:%Y%m%d}"}
    return write_sealed(HOUSEHOLD_FORM, head, _rows(file.events), file.encoding)


def read_household_file(content: bytes) -> HouseholdFile:
    """Return what the file says; raises `FileProblem` with row and byte for the first thing that is wrong."""
    told = read_sealed(HOUSEHOLD_FORM, content)
    day = _day(told.head["day"])
    if day is None:
        raise problem_at(HOUSEHOLD_FORM.head_form, "day", 1, ("日期 YYYYMMDD", "a day YYYYMMDD is expected"))
    events = tuple(_event(row, number, day) for number, row in enumerate(told.rows, 2))
    return HouseholdFile(feed=told.head["feed"], day=day, encoding=told.encoding, events=events)


def _event(told: Mapping[str, str], number: int, file_day: date) -> HouseholdEvent:
    form, event, day = HOUSEHOLD_FORM.row_form, told["event"], _day(told["day"])
    if event not in EVENTS:
        raise problem_at(form, "event", number, (" birth、death 或 move", "birth, death or move is expected"))
    if not is_person_number(told["ss_no"]):
        raise problem_at(form, "ss_no", number, ("校验码正确的证件号码", "a person number with its check character is expected"))
    if not told["name"]:
        raise problem_at(form, "name", number, ("姓名", "a name is expected"))
    if day is None or day > file_day:
        raise problem_at(form, "day", number, ("不晚于文件日期的日期 YYYYMMDD", "a day YYYYMMDD up to the file's own is expected"))
    if (told["region"] != "") is (event == "death") or (told["region"] and not is_region(told["region"])):
        raise problem_at(form, "region", number, ("六位区划代码（死亡为空白）", "six digits are expected, blank for a death"))
    return HouseholdEvent(event=event, ss_no=PersonNumber(told["ss_no"]), name=PersonName(told["name"]), day=day, region=told["region"])


def _rows(events: Iterable[HouseholdEvent]) -> Iterable[dict[str, str | int]]:
    for event in events:
        yield {
            "event": event.event, "ss_no": event.ss_no.reveal(), "name": event.name.reveal(), "day": f"{event.day:%Y%m%d}",
            "region": event.region,
        }  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
