"""What documents say about each other: limits counted in one way, preferences without a circle, names that are at hand (POLICY §9)."""

from collections.abc import Iterable, Mapping, Sequence

from onecard.policy.document import Document
from onecard.policy.findings import Desk
from onecard.policy.heading import Heading
from onecard.policy.limits import counted_as
from onecard.policy.model import Programme
from onecard.policy.nodes import Node, Rows, Table, Text

__all__ = ["check_across"]

Read = tuple[Table, Document | None, Heading, Desk]


def check_across(reads: Sequence[Read], at_hand: Sequence[Programme]) -> None:
    """Hand in LIMIT_CLASH, ORDER (a circle) and ELSEWHERE (a note) for all *reads* together with what is *at_hand*."""
    _check_limits(reads, at_hand)
    known = {heading.name for _, _, heading, _ in reads} | {programme.name for programme in at_hand}
    for key in ("prefer_over", "on_top_of"):
        _check_circles(key, reads, at_hand)
    for page, document, _, desk in reads:
        for text in _named(page) if document else ():
            if text.value not in known:
                desk.add("ELSEWHERE", text.spot, name=text.value)


def _check_limits(reads: Sequence[Read], at_hand: Sequence[Programme]) -> None:
    seen = {rule.name: (counted_as(rule), programme.name) for programme in at_hand for rule in programme.limits}
    for _, document, heading, desk in reads:
        for limit in document.limits if document else ():
            ours = counted_as(limit.rule)
            theirs, other = seen.setdefault(limit.rule.name, (ours, heading.name))
            if theirs != ours:
                desk.add("LIMIT_CLASH", limit.key.spot, name=limit.rule.name, theirs=theirs, ours=ours, other=other)


def _check_circles(key: str, reads: Sequence[Read], at_hand: Sequence[Programme]) -> None:
    after: dict[str, set[str]] = {}
    for programme in at_hand:
        after.setdefault(programme.name, set()).update(getattr(programme, key))
    for _, document, heading, _ in reads:
        after.setdefault(heading.name, set()).update(getattr(document, key) if document else ())
    for page, document, heading, desk in reads:
        if document is not None and heading.name in _reached(after[heading.name], after):
            desk.add("ORDER.circle", page.spot_of(key), name=key)


def _reached(names: Iterable[str], after: Mapping[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(after.get(name, ()))
    return reached


def _named(page: Table) -> list[Text]:
    """Return the programmes that a document names, in its preferences and in the cases of its tests."""
    nodes: list[Node | None] = [page.get("prefer_over"), page.get("on_top_of")]
    tests = page.get("tests")
    nodes += [case.get("with") for case in (tests.items if isinstance(tests, Rows) else ()) if isinstance(case, Table)]
    items = [item for node in nodes if node is not None for item in (node.items if isinstance(node, Rows) else (node,))]
    return [item for item in items if isinstance(item, Text)]
