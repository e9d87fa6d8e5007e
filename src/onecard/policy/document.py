"""Read one gate, use or payout whole: everything it says, understood and typed, with every finding on the way."""

from dataclasses import dataclass

from onecard.policy.cases import check_tested, read_cases
from onecard.policy.expression import wanted
from onecard.policy.figure import Figure
from onecard.policy.figures import declared_name, read_figures
from onecard.policy.findings import Desk, Refused
from onecard.policy.funding import WHOLE, Part, check_fund, check_places, read_funding
from onecard.policy.heading import Heading, read_names, read_where
from onecard.policy.limits import Limit, read_limits
from onecard.policy.model import Case, CityLists, Payout, Tree, Where
from onecard.policy.nodes import Node, Rows, Table
from onecard.policy.operators import bounded
from onecard.policy.payouts import is_to_operator, read_payout
from onecard.policy.reach import Reach, State
from onecard.policy.scope import Scope, Typed
from onecard.policy.sentences import Condition, Row, read_condition, read_rows
from onecard.policy.shapes import entries_of, text_of
from onecard.policy.trees import depth_of
from onecard.policy.types import MONEY, NUMBER

__all__ = ["Document", "read_document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A gate, use or payout as it was understood: the source of its three targets."""

    heading: Heading
    where: Where
    figures: dict[str, Figure]
    lets: dict[str, Tree]
    who: tuple[Condition, ...]
    pay: tuple[Row, ...]  # Of `amount` in a payout; empty in a gate, and in a payout that only sums.
    base: str  # The fact that `pay` may not pass: list_price, or price where it stands on top of others; '' in a payout.
    limits: tuple[Limit, ...]
    funding: tuple[Part, ...]
    prefer_over: tuple[str, ...]
    on_top_of: tuple[str, ...]
    in_error: str
    payout: Payout | None
    facts: tuple[str, ...]
    cases: tuple[Case, ...]
    lists: CityLists


def read_document(page: Table, heading: Heading, lists: CityLists, desk: Desk) -> Document:
    """Return what *page* says; what is wrong is handed in to *desk*, and then the document is of no use."""
    where = read_where(page.get("where"), lists, desk)
    on_top_of = read_names(page.get("on_top_of"), "on_top_of", desk)
    scope = Scope(heading.kind, lists, desk, stacked=bool(on_top_of), to_operator=heading.kind == "payout" and is_to_operator(page))
    scope.later = _declared(page)
    payout = read_payout(page, scope) if heading.kind == "payout" else None
    base = "" if heading.kind == "payout" else "price" if on_top_of else "list_price"
    read_figures(page.get("figures"), where, heading.from_day, heading.basis, scope)
    _read_lets(page.get("let"), scope)
    who = _read_who(page.get("who"), scope)
    pay = _read_pay(page, "pay" if base else "amount", scope)
    limits = read_limits(page.get("limits"), scope)
    funding = read_funding(page.get("funding"), page.spot_of("funding"), scope)
    in_error = _in_error(page, scope)
    facts = tuple(sorted(scope.facts | {base} - {""}))
    _follow(heading, where, scope, who, pay, limits, funding)
    _check_unused(page, scope)
    before = len(desk.findings)
    cases = read_cases(page.get("tests"), limits, payout, scope)
    if len(desk.findings) == before and page.get("tests") is not None:
        check_tested(cases, bool(who or limits), page, scope)
    return Document(
        heading=heading,
        where=where,
        figures=scope.figures,
        lets={name: typed.tree for name, typed in scope.lets.items()},
        who=tuple(who),
        pay=tuple(pay),
        base=base,
        limits=tuple(limits),
        funding=tuple(funding),
        prefer_over=read_names(page.get("prefer_over"), "prefer_over", desk),
        on_top_of=on_top_of,
        in_error=in_error,
        payout=payout,
        facts=facts,
        cases=cases,
        lists=lists,
    )


def _declared(page: Table) -> frozenset[str]:
    tables = (page.get("let"), page.get("figures"))
    return frozenset(name for table in tables if isinstance(table, Table) for name in table.entries)


def _read_lets(node: Node | None, scope: Scope) -> None:
    for _, key, value in entries_of(node, "let", scope.desk, "let: {reduction: max(age_part, need_part)}"):
        scope.refused.add(key.value)
        try:
            name = declared_name(key, scope)
            rows = read_rows(value, key.value, scope)
            if rows is not None:
                scope.lets[name] = _as_one(rows, value)
                scope.refused.discard(name)
                trees = [typed.tree for row in rows for typed in (row.value, row.condition) if typed]
                scope.depths[name] = 1 + max(depth_of(tree, scope.depths) for tree in trees)
        except Refused as refused:
            scope.desk.take(refused)


def _as_one(rows: list[Row], node: Node) -> Typed:
    """Return the rows of a `let` as one expression. Raises `Refused` (TYPE) where they differ in type."""
    first = rows[0].value
    for row in rows[1:]:
        wanted(row.value, first.type)
    if first.type.base in ("regions", "hours", "dates"):
        raise Refused(
            "TYPE.want",
            first.spot,
            want="one value",
            zh_want="一个值",
            got=first.type.en,
            zh_got=first.type.zh,
            hint="home_region in delta",
        )
    if len(rows) == 1:
        return first
    tree: Tree = ["rows", [[row.condition.tree if row.condition else None, row.value.tree] for row in rows]]
    return Typed(tree, first.type, node.spot, min(row.value.low for row in rows), max(row.value.high for row in rows))


def _read_who(node: Node | None, scope: Scope) -> list[Condition]:
    if node is not None and not isinstance(node, Rows):
        example = "- age >= 60 else NOT_ELIGIBLE_AGE"
        scope.desk.add("KEY.shape", node.spot, key="who", zh_shape="一列条件", en_shape="a list of conditions", example=example)
        return []
    conditions = [read_condition(item, scope) for item in (node.items if node else ())]
    return [condition for condition in conditions if condition is not None]


def _read_pay(page: Table, key: str, scope: Scope) -> list[Row]:
    node = page.get(key)
    rows = read_rows(node, key, scope) if node is not None else None
    try:
        for row in rows or ():
            number = row.value.type == NUMBER and row.value.literal
            wanted(row.value, MONEY, f"write {row.value.literal}.00" if number else "list_price * 50%" if key == "pay" else "60.00")
            if key == "amount":  # No price holds it down, and funding takes percentages of it.
                bounded(row.value, 2 * WHOLE * row.value.high + WHOLE)
    except Refused as refused:
        scope.desk.take(refused)
    return rows or []


def _in_error(page: Table, scope: Scope) -> str:
    text = text_of(page.get("in_error"), "in_error", scope.desk)
    if text is None:
        return "operator"
    try:
        return check_fund(text, text.value, 0, scope)
    except Refused as refused:
        scope.desk.take(refused)
        return "operator"


def _follow(
    heading: Heading, where: Where, scope: Scope, who: list[Condition], pay: list[Row], limits: list[Limit], funding: list[Part]
) -> None:
    """Walk through the document as a case would, and hand in what no case reaches or what may be unknown or blank there."""
    last = heading.until_day.toordinal() if heading.until_day else 3_652_059
    domains: dict[str, tuple[int, int] | frozenset[str]] = {"day": (heading.from_day.toordinal(), last)}
    domains |= {name: frozenset(names) for name, names in (("service", where.service), ("site_kind", where.site_kind)) if names}
    reach, state = Reach(scope), State(domains) if last >= heading.from_day.toordinal() else None
    for condition in who:
        reach.guard(condition.typed.tree, state)
        after = reach.refine(condition.typed.tree, True, state)
        if after is None and state is not None:
            scope.desk.add("UNREACHABLE", condition.typed.spot)
            return
        state = after
    if state is None:
        return
    reach.rows(pay, state)
    for limit in limits:
        reach.guard(limit.cap.tree, state)
    for part in funding:
        reach.guard(part.tree, state)
    check_places(funding, state, scope)


def _check_unused(page: Table, scope: Scope) -> None:
    """Hand in what is never read, where every sentence was understood: a refused one may have read it."""
    if not scope.desk.good:
        return
    for name in (*scope.figures, *scope.lets):
        if name not in scope.read:
            table = page.get("figures" if name in scope.figures else "let")
            scope.desk.add("UNUSED", table.spot_of(name) if isinstance(table, Table) else page.spot, name=name)
