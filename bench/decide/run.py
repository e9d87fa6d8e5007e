"""How fast is a policy document, once it is Python, beside the same rule by hand, in zen-engine and in CEL?"""

from collections.abc import Callable, Mapping, Sequence
from time import perf_counter
from typing import Any, Final

from bench.decide.rule import Ask, by_cel, by_generated, by_hand, by_zen
from bench.decide.subjects import Rider, bus_rule_book, pass_of, riders
from bench.order import Order
from bench.rounds import Compared, Contender, Row, compare, interleave
from onecard.decision.decide import decide
from onecard.decision.rulebook import RuleBook
from onecard.policy.model import Programme

__all__ = ["ROWS", "ask_all_alike", "run"]

ROWS: Final = ("decide", "decide.whole")

_UNIT: Final = "decisions/s"
_CEL_ASKS_ONE_IN: Final = 20  # What is so much slower is asked less often: a run of each takes about as long.
_ZEN_ASKS_ONE_IN: Final = 100

_WANTED: Final = (
    Compared(row="decide", unit=_UNIT, ours="onecard", peer="handwritten-python"),
    Compared(row="decide", unit=_UNIT, ours="onecard", peer="zen-engine"),
    Compared(row="decide", unit=_UNIT, ours="onecard", peer="cel"),
    Compared(row="decide.whole", unit=_UNIT, ours="onecard.whole", peer="handwritten-python"),
)


async def run(order: Order) -> list[Row]:
    """Ask every contender about the same riders, once they have given the same answers."""
    rules = bus_rule_book()
    programme = pass_of(rules)
    people = riders(order.size.subjects)
    zen, cel = by_zen(), by_cel()
    ask_all_alike(people, by_generated(programme), [(by_hand, "facts"), (zen, "asked"), (cel, "asked")])
    facts = [rider.facts for rider in people]
    asked = [rider.asked for rider in people]
    many = order.size.asked
    contenders: Mapping[str, Contender] = {
        "onecard": _timed(lambda: _generated(programme, facts, many), many),
        "handwritten-python": _timed(lambda: _each(by_hand, facts, many), many),
        "zen-engine": _timed(lambda: _each(zen, asked, many // _ZEN_ASKS_ONE_IN), many // _ZEN_ASKS_ONE_IN),
        "cel": _timed(lambda: _each(cel, asked, many // _CEL_ASKS_ONE_IN), many // _CEL_ASKS_ONE_IN),
        "onecard.whole": _timed(lambda: _whole(rules, people, many // _CEL_ASKS_ONE_IN), many // _CEL_ASKS_ONE_IN),
    }
    return compare(await interleave(contenders, order.rounds, order.told), _WANTED)


def ask_all_alike(people: Sequence[Rider], ours: Ask, peers: Sequence[tuple[Ask, str]]) -> None:
    """Assert that each of *peers* answers about each rider what *ours* does; beside it which form of the facts it takes."""
    for rider in people:
        expected = ours(rider.facts)
        for ask, form in peers:
            got = ask(getattr(rider, form))
            assert got == expected, f"{got} is not {expected} for {rider.asked}"


def _timed(work: Callable[[], None], many: int) -> Contender:
    async def contender() -> Mapping[str, float]:
        start = perf_counter()
        work()
        return {"rate": many / (perf_counter() - start)}

    return contender


def _generated(programme: Programme, facts: Sequence[Mapping[str, Any]], many: int) -> None:
    """Judge, then share what was saved: what `decide` does with a programme."""
    judge, share = programme.judge, programme.share
    for start in range(0, many, len(facts)):
        for each in facts[: many - start]:
            verdict = judge(each)
            if not isinstance(verdict, str):
                share(each, each["list_price"] - verdict[0])


def _each(ask: Ask, facts: Sequence[Mapping[str, Any]], many: int) -> None:
    for start in range(0, many, len(facts)):
        for each in facts[: many - start]:
            ask(each)


def _whole(rules: RuleBook, people: Sequence[Rider], many: int) -> None:
    for start in range(0, many, len(people)):
        for rider in people[: many - start]:
            decide(rider.subject, rider.occasion, rules, {})
