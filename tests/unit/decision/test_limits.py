"""Limits at their edges: what counts, how much is left, whose cap it is, and what leaving gives back (POLICY §6)."""

import pytest

from onecard.decision.decide import decide
from onecard.decision.limits import counter_of
from onecard.decision.model import EVER, EVERYWHERE, Counter, Decision, Used
from onecard.decision.rulebook import RuleBook
from tests.unit.decision.made import book, counted, day_counter, document, occasion, person

HALF = document("half", "list_price * 50%", who=["age >= 60 else NOT_ELIGIBLE_AGE"])
RIDES = "rides: 2 times per day else LIMIT_DAY"


@pytest.mark.parametrize(("used", "reason", "counts"), [(0, "OK_FREE", {"rides": 1}), (1, "OK_FREE", {"rides": 1}), (2, "LIMIT_DAY", {})])
def test_a_limit_holds_to_the_last_time(used: int, reason: str, counts: dict[str, int]) -> None:
    decision = decide(person(), occasion(), book(document("a", "free", limits=[RIDES])), {day_counter("rides"): used})
    assert (decision.reason, counted(decision)) == (reason, counts)
    assert decision.counts[0].used_before == used, "what was asked is told, counted or not"


def test_a_use_counts_only_when_it_is_chosen_and_saves_something() -> None:
    rules = book(document("a", "free", limits=[RIDES]), document("b", "free", limits=["others: 9 times per day else LIMIT_DAY"]))
    assert counted(decide(person(), occasion(), rules, {})) == {"rides": 1}
    assert counted(decide(person(), occasion(price=0), rules, {})) == {}


def test_a_gate_counts_every_use_it_lets_through_and_none_it_stops() -> None:
    door = document("door", limits=["visits: 2 times per day else FULL", "spent: 9.00 yuan per day else FULL"])
    assert counted(decide(person(), occasion(), book(door), {})) == {"visits": 1, "spent": 200}
    assert counted(decide(person(), occasion(price=0), book(door), {})) == {"visits": 1}
    other = document("other", who=["age >= 99 else BLOCKED"])
    stopped = decide(person(), occasion(), book(door, other), {})
    assert (stopped.reason, counted(stopped)) == ("BLOCKED", {})
    assert counted(decide(person(50), occasion(), book(door, HALF), {})) == {"visits": 1, "spent": 200}, "also at full price"


@pytest.mark.parametrize(
    ("used", "group", "outcome"), [(0, 5, "accepted"), (0, 6, "refused"), (3, 2, "accepted"), (3, 3, "refused"), (5, 1, "refused")]
)
def test_persons_are_counted_by_the_size_of_the_group_and_all_together(used: int, group: int, outcome: str) -> None:
    rules = book(document("door", limits=["places: 5 persons per day of site else FULL"]))
    here = occasion(group=group)
    counter = counter_of(rules.programmes[0].limits[0], here)
    assert counter.site == "site"
    assert decide(person(), here, rules, {counter: used}).outcome == outcome


@pytest.mark.parametrize(
    ("used", "paid", "reason", "counts"),
    [
        pytest.param(0, 0, "OK_FREE", 200, id="room for all"),
        pytest.param(800, 0, "OK_FREE", 200, id="room for exactly all"),
        pytest.param(850, 50, "OK_DISCOUNT", 150, id="what is left is granted"),
        pytest.param(999, 199, "OK_DISCOUNT", 1, id="one fen is left"),
        pytest.param(1000, 200, "LIMIT_DAY", 0, id="nothing is left"),
    ],
)
def test_in_part_grants_what_is_left(used: int, paid: int, reason: str, counts: int) -> None:
    rules = book(document("a", "free", limits=["pot: 10.00 yuan per day in part else LIMIT_DAY"]))
    decision = decide(person(), occasion(), rules, {day_counter("pot"): used})
    assert (decision.paid_fen, decision.reason, counted(decision).get("pot", 0)) == (paid, reason, counts)


def test_without_in_part_it_is_all_or_nothing() -> None:
    rules = book(document("a", "free", limits=["pot: 10.00 yuan per day else LIMIT_DAY"]))
    assert decide(person(), occasion(), rules, {day_counter("pot"): 850}).paid_fen == 200
    assert decide(person(), occasion(), rules, {day_counter("pot"): 800}).paid_fen == 0


def test_the_tightest_of_two_pots_decides_what_is_saved_and_both_count_it() -> None:
    limits = ["month: 10.00 yuan per day in part else LIMIT_DAY", "pot: 5.00 yuan per day in part else LIMIT_DAY"]
    decision = decide(person(), occasion(), book(document("a", "free", limits=limits)), {day_counter("pot"): 450})
    assert (decision.paid_fen, counted(decision)) == (150, {"month": 50, "pot": 50})


def shared(gate_cap: int, use_cap: int, topping_cap: int = 9) -> RuleBook:
    """Three documents that name one limit, each with its own cap."""
    names = [f"rides: {cap} times per day else LIMIT_DAY" for cap in (gate_cap, use_cap, topping_cap)]
    return book(
        document("door", limits=names[:1]),
        document("half", "list_price * 50%", limits=names[1:2]),
        document("gift", "price - 0.30", limits=names[2:], more="on_top_of: [half]"),
    )


def test_a_name_counts_a_use_once_whoever_names_it() -> None:
    assert counted(decide(person(), occasion(), shared(9, 9), {})) == {"rides": 1}


@pytest.mark.parametrize(
    ("rules", "used", "outcome", "paid"),
    [
        pytest.param(shared(9, 9), 8, "accepted", 70, id="the ninth is let through and counted by all three"),
        pytest.param(shared(9, 9), 9, "refused", 0, id="the door's cap"),
        pytest.param(shared(9, 5), 7, "accepted", 200, id="the use's own cap, though the door has counted it"),
        pytest.param(shared(9, 9, 5), 7, "accepted", 100, id="the topping's own cap"),
    ],
)
def test_the_cap_is_each_documents_own(rules: RuleBook, used: int, outcome: str, paid: int) -> None:
    decision = decide(person(), occasion(), rules, {day_counter("rides"): used})
    assert (decision.outcome, decision.paid_fen) == (outcome, paid)


def test_yuan_of_one_name_add_up_within_a_pile() -> None:
    pot = "pot: 1.20 yuan per day in part else LIMIT_DAY"
    rules = book(
        document("half", "list_price * 50%", limits=[pot]), document("gift", "price - 0.30", limits=[pot], more="on_top_of: [half]")
    )
    decision = decide(person(), occasion(), rules, {})
    assert (decision.paid_fen, counted(decision)) == (80, {"pot": 120})


def test_a_pile_that_is_not_chosen_counts_nothing_and_tells_where_its_limits_stood() -> None:
    """Else the record, decided again over an empty pot, would choose the other pile."""
    rules = book(
        document("half", "list_price * 50%", limits=[RIDES]),
        document("gift", "free", limits=["pot: 10.00 yuan per day in part else LIMIT_DAY"]),
    )
    decision = decide(person(), occasion(), rules, {day_counter("pot"): 950})
    assert (decision.programme, decision.paid_fen, counted(decision)) == ("half", 100, {"rides": 1})
    told = {count.counter: count.used_before for count in decision.counts}
    assert told == {day_counter("rides"): 0, day_counter("pot"): 950}
    assert decide(person(), occasion(), rules, told) == decision
    assert decide(person(), occasion(), rules, {}).programme == "gift"


def test_a_limit_that_both_piles_name_is_told_once() -> None:
    rules = book(document("a", "list_price * 50%", limits=[RIDES]), document("b", "free", limits=[RIDES]))
    decision = decide(person(), occasion(), rules, {})
    assert [(count.programme, count.counted) for count in decision.counts] == [("b", 1)]


GROUND = document("ground", limits=["places: 3 persons at once of site else FULL"])


def after(used: Used, decision: Decision) -> dict[Counter, int]:
    """Return where counters stand after *decision*."""
    stands = dict(used)
    for count in decision.counts:
        stands[count.counter] = stands.get(count.counter, 0) + count.counted
    return stands


def test_who_leaves_gives_back_what_he_took_at_that_site_and_nobody_elses() -> None:
    rules = book(GROUND)
    used = after({}, decide(person(), occasion(group=2, site="ground"), rules, {}))
    used = after(used, decide(person(), occasion(group=3, site="hall"), rules, used))
    ground, hall = Counter("ground", EVER, "places", ""), Counter("hall", EVER, "places", "")
    assert (used[ground], used[hall]) == (2, 3)
    used = after(used, decide(person(), occasion("exit", 0, site="ground"), rules, used))
    assert (used[ground], used[hall]) == (0, 3)
    assert after(used, decide(person(), occasion("exit", 0, site="ground"), rules, used)) == used, "leaving again gives back nothing"


def test_at_once_without_a_site_counts_all_sites_together_and_leaving_one_ends_only_its_part() -> None:
    rules = book(document("ground", limits=["places: 3 persons at once else FULL"]))
    used = after({}, decide(person(), occasion(group=1, site="ground"), rules, {}))
    used = after(used, decide(person(), occasion(group=2, site="hall"), rules, used))
    together = Counter(EVERYWHERE, EVER, "places", "")
    assert used[together] == 3
    assert decide(person(), occasion(site="third"), rules, used).reason == "FULL"
    assert after(used, decide(person(), occasion("exit", 0, site="ground"), rules, used))[together] == 2


def test_who_is_refused_holds_no_place() -> None:
    rules = book(GROUND)
    decision = decide(person(), occasion(group=4), rules, {})
    assert (decision.reason, counted(decision)) == ("FULL", {})
    assert not any(count.counted for count in decision.counts)
