"""Read a roster file strictly: who, in which village, with which evidence; mistakes with row and column, nothing by halves. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from onecard.payouts.roster_problems import Problem
from onecard.payouts.roster_table import Row, read_table
from onecard.policy.facts import FACTS, Fact, vocabulary
from onecard.policy.model import CityLists
from onecard.values.masked import PersonName, PersonNumber
from onecard.values.person_number import check_character, is_person_number
from onecard.values.regions import is_region

__all__ = ["PROBLEMS_MAX", "RosterRow", "numbers_meant", "plain_name", "read_roster_file"]

PROBLEMS_MAX: Final = 100
"""So many are told; more would tell nothing new."""

_COLUMNS: Final = ("person_no", "name", "village")
_NAME_MAX: Final = 50
_VILLAGE_MAX: Final = 40
_OLD_NUMBER: Final = re.compile(r"[0-9]{15}", re.ASCII)
_WHOLE: Final = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)
_HUNDREDTHS: Final = re.compile(r"(0|[1-9][0-9]{0,8})(?:\.([0-9]{1,2}))?", re.ASCII)
_DOTS: Final = str.maketrans(dict.fromkeys("•・‧･∙⋅．", "·"))
_FORMS: Final[Mapping[str, tuple[str, str]]] = {
    "money": ("金额，如 1500.00", "money such as 1500.00"), "mu": ("亩数，如 2.50", "mu such as 2.50"),
    "number": ("整数", "a whole number"), "yes_no": ("yes 或 no", "yes or no"), "region": ("六位行政区划代码", "a region of six digits"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """One person of the file, not yet looked up."""

    row: int
    number: PersonNumber
    name: PersonName
    village: str
    facts: Mapping[str, int | str | bool | list[str]]  # As `policy.model.Value` says, sets as lists.


def read_roster_file(content: bytes, evidence: Sequence[str], lists: CityLists) -> tuple[list[RosterRow], list[Problem]]:
    """Return the rows of a file that brings *evidence* (names of facts), or what is wrong with it: never both."""
    table, problems = read_table(content)
    if problems:
        return [], problems
    places, problems = _header(table, (*_COLUMNS, *evidence))
    if problems:
        return [], problems
    rows: list[RosterRow] = []
    seen: dict[str, int] = {}
    for number, cells in table[1:]:
        told = {name: cells[place] if place < len(cells) else "" for name, place in places.items()}
        found = _row(number, told, [FACTS[name] for name in evidence], lists, problems)
        if found is not None:
            first = seen.setdefault(found.number.reveal(), number)
            if first != number:
                zh, en = f"与第 {first} 行重复", f"row {first} names the same person"
                problems.append(Problem(number, "person_no", str(found.number), zh, en))
            rows.append(found)
        if len(problems) >= PROBLEMS_MAX:
            break
    if not rows and not problems:
        problems.append(Problem(1, "", "", "没有人员", "there is nobody in it"))
    return ([], problems) if problems else (rows, [])


def plain_name(name: str) -> str:
    """Return *name* as names are compared: one kind of dot, no blanks."""
    return "".join(name.translate(_DOTS).split())


def numbers_meant(number: str) -> tuple[str, ...]:
    """Return the person numbers by which somebody may be known: an old one of 15 digits also by its form of 18."""
    if len(number) != len("330491400101123"):
        return (number,)
    first_17 = f"{number[:6]}19{number[6:]}"
    return number, first_17 + check_character(first_17)


def _header(table: Sequence[Row], wanted: Sequence[str]) -> tuple[dict[str, int], list[Problem]]:
    """Return where each column stands: all that are wanted, each once, and no other."""
    cells = table[0][1] if table and table[0][0] == 1 else []
    problems = [
        Problem(1, name, "", f"缺少列 {name}；应有 {'、'.join(wanted)}", f"column {name} is missing; there should be {', '.join(wanted)}")
        for name in wanted
        if cells.count(name) != 1
    ]
    problems += [
        Problem(1, cell[:32], cell[:32], "没有要求这一列，或它出现了两次", "this column is not asked for, or stands twice")
        for cell in cells
        if cell and cell not in wanted
    ]
    return {name: cells.index(name) for name in wanted if name in cells}, problems


def _row(row: int, told: Mapping[str, str], evidence: Sequence[Fact], lists: CityLists, problems: list[Problem]) -> RosterRow | None:
    before = len(problems)
    number, name, village = told["person_no"].upper(), told["name"], told["village"]
    if not _is_number(number):
        shown = str(PersonNumber(number[:18]))
        zh, en = "身份证号的位数、日期或校验码不对", "form, date or check digit of the number is wrong"
        problems.append(Problem(row, "person_no", shown, zh, en))
    if not 1 <= len(name) <= _NAME_MAX or not plain_name(name).isprintable():
        zh, en = f"姓名应为 1 到 {_NAME_MAX} 个可见字符", f"a name has 1 to {_NAME_MAX} visible characters"
        problems.append(Problem(row, "name", "", zh, en))
    if not 1 <= len(village) <= _VILLAGE_MAX or not village.isprintable():
        zh, en = f"村社应为 1 到 {_VILLAGE_MAX} 个可见字符", f"a village has 1 to {_VILLAGE_MAX} visible characters"
        problems.append(Problem(row, "village", "", zh, en))
    facts = {fact.name: _value(row, fact, told[fact.name], lists, problems) for fact in evidence}
    if len(problems) > before:
        return None
    return RosterRow(row=row, number=PersonNumber(number), name=PersonName(name), village=village, facts=facts)


def _value(row: int, fact: Fact, text: str, lists: CityLists, problems: list[Problem]) -> int | str | bool | list[str]:
    """Return the value of *fact* that *text* stands for; hands in a problem where it stands for none."""
    base = fact.type.base
    if base in ("name", "set"):
        names = text.split(";") if base == "set" and text else [text]
        words = vocabulary(fact.type, lists)
        if all(name in words for name in names):
            return names[0] if base == "name" else sorted(names)
        known = " ".join(words)
        problems.append(Problem(row, fact.name, text[:32], f"应为其中之一：{known}", f"it should be one of {known}"))
        return ""
    value = _plain(base, text)
    if value is not None and (isinstance(value, str | bool) or fact.low <= value <= fact.high):
        return value
    zh, en = _FORMS.get(base, ("可用的值", "a value"))
    problems.append(Problem(row, fact.name, text[:32], f"应为{zh}，且不超出范围", f"it should be {en}, within bounds"))
    return 0


def _plain(base: str, text: str) -> int | str | bool | None:
    match base:
        case "yes_no":
            return {"yes": True, "no": False}.get(text)
        case "region":
            return text if is_region(text) else None
        case "number":
            return int(text) if _WHOLE.fullmatch(text) else None
        case "money" | "mu":
            found = _HUNDREDTHS.fullmatch(text)
            return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else None
    return None


def _is_number(number: str) -> bool:
    if not _OLD_NUMBER.fullmatch(number):
        return is_person_number(number)
    try:
        date(1900 + int(number[6:8]), int(number[8:10]), int(number[10:12]))
    except ValueError:
        return False
    return True
