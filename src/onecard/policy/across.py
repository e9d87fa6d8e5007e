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
    """Hand in LIMIT_CLASH, ORDER (a circle), CYCLE, NAME and ELSEWHERE (a note) for all *reads* together with what is *at_hand*."""
    _check_limits(reads, at_hand)
    known = {heading.name for _, _, heading, _ in reads} | {programme.name for programme in at_hand}
    for key in ("prefer_over", "on_top_of"):
        _check_circles(key, reads, at_hand)
    _check_payouts(reads, at_hand)
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


def _check_payouts(reads: Sequence[Read], at_hand: Sequence[Programme]) -> None:
    """Hand in what `not_with` and `sums` cannot mean: a programme of another cycle, of another kind, or the document itself."""
    held = [(programme.name, programme.kind, programme.payout) for programme in at_hand]
    held += [(heading.name, heading.kind, document.payout) for _, document, heading, _ in reads if document]
    for page, document, heading, desk in reads:
        ours = document.payout if document else None
        if ours is None:
            continue
        for text in _texts(page.get("not_with")):
            if text.value == heading.name:
                desk.add("ORDER.circle", text.spot, name="not_with")
            for theirs in (payout for name, _, payout in held if name == text.value):
                if theirs is None:
                    desk.add("CYCLE.kind", text.spot, name=text.value)
                elif theirs.cycle != ours.cycle:
                    desk.add("CYCLE", text.spot, name=text.value, theirs=theirs.cycle, ours=ours.cycle)
        for text in _texts(page.get("sums")):
            if any(name == text.value and kind != "use" for name, kind, _ in held):
                desk.add("NAME.sums", text.spot, name=text.value)


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
    nodes = [page.get(key) for key in ("prefer_over", "on_top_of", "sums", "not_with")]
    tests = page.get("tests")
    nodes += [case.get("with") for case in (tests.items if isinstance(tests, Rows) else ()) if isinstance(case, Table)]
    return [text for node in nodes for text in _texts(node)]


def _texts(node: Node | None) -> list[Text]:
    items = () if node is None else node.items if isinstance(node, Rows) else (node,)
    return [item for item in items if isinstance(item, Text)]
