"""A document as policy staff read it: each clause in Chinese and English beside what is written, figures as tables by day. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from onecard.policy.difference import written
from onecard.policy.difference_words import UNIT_WORDS, WHERE_WORDS, case_words, fund_words
from onecard.policy.document import Document, read_document
from onecard.policy.findings import Desk
from onecard.policy.heading import Heading, read_heading
from onecard.policy.limits import Limit
from onecard.policy.model import CityLists
from onecard.policy.nodes import Node, Table, Text
from onecard.policy.reader import read_page
from onecard.policy.sentences import Condition, Row
from onecard.policy.words import Words

__all__ = ["Clause", "Clauses", "FigureRow", "FigureShown", "clauses_of"]

_PER: Final = {
    "slot": ("每次开放时段", "per slot"), "day": ("每天", "per day"), "week": ("每周", "per week"), "month": ("每月", "per month"),
    "year": ("每年", "per year"), "life": ("一生", "in a lifetime"), "at_once": ("同时在内", "at once"),
}  # fmt: skip
_UNITS: Final = {"times": ("次", "times"), "persons": ("人", "persons"), "yuan": ("元", "yuan")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One sentence. *part*: the key under which it stands."""

    part: str
    zh: str
    en: str
    written: str
    reason: str = ""  # What is said where it does not hold.


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One case of a figure: in words, and its value as written."""

    zh: str
    en: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureShown:
    """One figure: what it holds from each of its days on."""

    name: str
    unit_zh: str
    unit_en: str
    source: str
    days: tuple[tuple[str, tuple[FigureRow, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """A whole document."""

    heading: Heading
    clauses: tuple[Clause, ...]
    figures: tuple[FigureShown, ...]


def clauses_of(content: bytes, lists: CityLists) -> Clauses | None:
    """Return what a document says; None for one with findings, of which nobody knows what it means, and for a claim."""
    desk = Desk("")
    page = read_page(content, desk)
    heading = read_heading(page, desk) if page is not None else None
    if page is None or heading is None or heading.kind == "claim":
        return None
    document = read_document(page, heading, lists, desk)
    if not desk.good:
        return None
    words = Words(document)
    clauses = (
        *_where(page, words), *_conditions(document, words), *_rows(document, page, words), *_limits(document, words),
        *_funding(page, lists),
    )  # fmt: skip
    return Clauses(heading=heading, clauses=clauses, figures=tuple(_figures(document, page, lists)))


def _where(page: Table, words: Words) -> Iterator[Clause]:
    table = page.get("where")
    for key, (_, value) in table.entries.items() if isinstance(table, Table) else ():
        zh, en = WHERE_WORDS.get(key, (key, key))
        names = [words.name(item.value) for item in _texts(value)]
        yield Clause(
            part="where", zh=f"{zh}：{'、'.join(name[0] for name in names)}", en=f"{en}: {', '.join(name[1] for name in names)}",
            written=f"{key}: {written(value)}",
        )  # fmt: skip


def _conditions(document: Document, words: Words) -> Iterator[Clause]:
    for condition in document.who:
        yield _condition(condition, words)


def _condition(condition: Condition, words: Words) -> Clause:
    zh, en = words.rule(condition.typed.tree)
    return Clause(part="who", zh=zh, en=en, written=condition.text, reason=condition.reason)


def _rows(document: Document, page: Table, words: Words) -> Iterator[Clause]:
    lets = page.get("let")
    for name, (_, value) in lets.entries.items() if isinstance(lets, Table) else ():
        yield Clause(part="let", zh=name, en=name, written=written(value) or "")
    part = "pay" if document.base else "amount"
    for row in document.pay:
        yield _row(part, row, words)


def _row(part: str, row: Row, words: Words) -> Clause:
    if row.condition is None:
        return Clause(part=part, zh="其余情况", en="in all other cases", written=row.text)
    zh, en = words.rule(row.condition.tree)
    return Clause(part=part, zh=zh, en=en, written=row.text)


def _limits(document: Document, words: Words) -> Iterator[Clause]:
    for limit in document.limits:
        yield _limit(limit)


def _limit(limit: Limit) -> Clause:
    rule = limit.rule
    (per_zh, per_en), (unit_zh, unit_en) = _PER[rule.per], _UNITS[rule.unit]
    cap = limit.text.partition(f" {rule.unit}")[0]
    site, part = (("，各点位分别计", ", each site by itself") if rule.of_site else ("", "")), rule.in_part
    zh = f"{per_zh}最多 {cap} {unit_zh}{site[0]}{'，余额不足时给到余额为止' if part else ''}"
    en = f"at most {cap} {unit_en} {per_en}{site[1]}{', what is left is granted' if part else ''}"
    return Clause(part="limits", zh=zh, en=en, written=f"{rule.name}: {limit.text}", reason=rule.reason)


def _funding(page: Table, lists: CityLists) -> Iterator[Clause]:
    table = page.get("funding")
    for line, (_, value) in table.entries.items() if isinstance(table, Table) else ():
        (zh, en), share = fund_words(line, lists), written(value) or ""
        told = ("其余部分", "the rest") if share == "rest" else (share, share)
        yield Clause(part="funding", zh=f"{zh}：{told[0]}", en=f"{en}: {told[1]}", written=f"{line}: {share}")


def _figures(document: Document, page: Table, lists: CityLists) -> Iterator[FigureShown]:
    table = page.get("figures")
    for name, figure in document.figures.items():
        node = table.get(name) if isinstance(table, Table) else None
        assert isinstance(node, Table), "a figure that was understood is a table"
        zh, en = UNIT_WORDS.get(figure.unit, (figure.unit, figure.unit))
        days = tuple(
            (key.removeprefix("from "), tuple(_cells(value, (), lists)))
            for key, (_, value) in node.entries.items() if key.startswith("from ")
        )  # fmt: skip
        yield FigureShown(name=name, unit_zh=zh, unit_en=en, source=figure.source, days=days)


def _cells(node: Node, cases: tuple[tuple[str, str], ...], lists: CityLists) -> Iterator[FigureRow]:
    if isinstance(node, Table):
        for key, (_, value) in node.entries.items():
            yield from _cells(value, (*cases, case_words(key, lists)), lists)
        return
    text = ", ".join(item.value for item in _texts(node))
    yield FigureRow(zh="，".join(case[0] for case in cases), en=", ".join(case[1] for case in cases), text=text)


def _texts(node: Node) -> list[Text]:
    items = (node,) if isinstance(node, Text | Table) else node.items
    return [item for item in items if isinstance(item, Text)]
