"""Documents written in a line or two, Jiaxing's own, and people and occasions for them to be asked about."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from onecard.decision.model import BLANKS, Counter, Decision, Occasion, Subject
from onecard.decision.rulebook import RuleBook
from onecard.policy.check import check
from onecard.policy.lists import read_lists
from onecard.policy.model import CityLists, Programme, Source, Value

__all__ = ["DAY", "LISTS", "book", "counted", "day_counter", "document", "jiaxing", "occasion", "person", "programmes_of"]

DAY = date(2024, 10, 31)  # A Thursday.
_CITY = Path(__file__).parents[3] / "cities" / "jiaxing"
LISTS: CityLists = read_lists((_CITY / "lists.yaml").read_text(encoding="utf-8"))

_FRAME = """\
programme: {name}
kind: {kind}
title: {{zh: 试, en: Try}}
basis: a test
effective: {{from: 2024-01-01}}
where: {{service: ride}}
{body}tests:
  - {{list_price: 2.00, expect: {{paid: 1.00}}}}
  - {{list_price: 2.00, expect: {{reason: NOT_ELIGIBLE}}}}
"""


def document(
    name: str, pay: str | None = None, *, who: Sequence[str] = (), limits: Sequence[str] = (), funding: str = "operator: 100%",
    more: str = "",
) -> str:  # fmt: skip
    """Return a use that makes *pay* of the price, or without *pay* a gate."""
    parts = [f"who:\n{_items(who)}" if who else "", f"pay: {pay}\n" if pay else "", f"limits:\n{_lines(limits)}" if limits else ""]
    parts += [f"funding:\n  {funding}\n" if pay else "", f"{more}\n" if more else ""]
    return _FRAME.format(name=name, kind="use" if pay else "gate", body="".join(parts))


def programmes_of(*texts: str) -> tuple[Programme, ...]:
    """Return the programmes of documents without findings."""
    checked = check([Source(file=f"{place}.yaml", content=text.encode()) for place, text in enumerate(texts)], LISTS)
    assert not [found for found in checked.findings if not found.note], checked.findings
    return checked.programmes


def book(*texts: str) -> RuleBook:
    """Return the rule book of these documents; no kind of site is gated."""
    return RuleBook(programmes_of(*texts), gated=())


@cache
def jiaxing() -> RuleBook:
    """Return the rule book of the city's own documents."""
    files = sorted((_CITY / "policies").glob("*.yaml"))
    checked = check([Source(file=file.name, content=file.read_bytes()) for file in files], LISTS)
    return RuleBook(checked.programmes, gated=LISTS.gated)


def person(age: int = 65, *, barred: str | None = None, **facts: Value) -> Subject:
    """Return somebody of that *age* from Jiaxing, unless *facts* say otherwise."""
    return Subject(facts={"age": age, "home_region": "330400", **facts}, barred=barred)


def occasion(
    service: str = "ride", price: int = 200, *, day: date = DAY, site: str = "site", site_kind: str = "bus", region: str = "330400",
    slot: str = "", barred: str | None = None, **facts: Value,
) -> Occasion:  # fmt: skip
    """Return one tap at noon of a working day."""
    told: dict[str, Value] = {
        **BLANKS, "service": service, "day": day.toordinal(), "list_price": price, "price": price, "region": region,
        "site_kind": site_kind, **facts,
    }  # fmt: skip
    return Occasion(
        facts=told, day=day, service=service, site=site, site_kind=site_kind, operator="operator", region=region, slot=slot,
        list_price_fen=price, barred=barred,
    )  # fmt: skip


def day_counter(name: str, day: date = DAY) -> Counter:
    """Return the counter of a person's limit per day."""
    return Counter("", day, name, "")


def counted(decision: Decision) -> Mapping[str, int]:
    """Return what *decision* counts under each name; memos of who is inside left out."""
    sums: dict[str, int] = {}
    for count in decision.counts:
        if count.counted and not count.counter.within.startswith("inside@"):
            sums[count.counter.name] = sums.get(count.counter.name, 0) + count.counted
    return sums


def _items(lines: Sequence[str]) -> str:
    return "".join(f"  - {line}\n" for line in lines)


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"  {line}\n" for line in lines)
