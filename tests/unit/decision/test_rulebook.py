"""Which documents an occasion asks: the version in force on its day, where it fits, in the order of preference."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onecard.decision.decide import decide
from onecard.decision.rulebook import RuleBook, in_order
from onecard.policy.check import check
from onecard.policy.model import Source
from tests.unit.decision.made import LISTS, book, document, occasion, person, programmes_of


def version_from(day: str, pay: str = "1.00", until: str = "") -> str:
    effective = f"{{from: {day}, until: {until}}}" if until else f"{{from: {day}}}"
    return document("fare", pay).replace("{from: 2024-01-01}", effective)


def held_on(rules: RuleBook, day: date) -> list[int]:
    return [programme.version for programme in rules.in_force(day)]


@pytest.mark.parametrize(
    ("day", "versions"),
    [
        pytest.param(date(2024, 2, 29), [], id="before the first"),
        pytest.param(date(2024, 3, 1), [1], id="on its first day"),
        pytest.param(date(2024, 5, 31), [1], id="until the day before the next"),
        pytest.param(date(2024, 6, 1), [2], id="the latest that has begun"),
        pytest.param(date(2024, 6, 30), [2], id="until is included"),
        pytest.param(date(2024, 7, 1), [], id="what ended does not bring the one before it back"),
        pytest.param(date(2025, 1, 1), [3], id="after a gap"),
        pytest.param(date(9999, 12, 31), [3], id="for ever"),
    ],
)
def test_of_several_versions_the_latest_begun_holds(day: date, versions: list[int]) -> None:
    rules = book(version_from("2024-03-01"), version_from("2024-06-01", until="2024-06-30"), version_from("2025-01-01"))
    assert held_on(rules, day) == versions


def test_of_two_versions_of_one_day_the_higher_holds() -> None:
    rules = book(version_from("2024-03-01", "1.00"), version_from("2024-03-01", "0.50"))
    assert held_on(rules, date(2024, 3, 1)) == [2]


_days = st.dates(date(2024, 1, 1), date(2024, 1, 20))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(_days, st.none() | st.integers(0, 10)), min_size=1, max_size=5), _days)
def test_the_version_in_force_is_the_one_that_a_search_through_all_finds(spans: list[tuple[date, int | None]], day: date) -> None:
    texts = [version_from(f"{begin}", until=f"{begin + timedelta(days=length)}" if length is not None else "") for begin, length in spans]
    checked = check([Source(file=f"{place}.yaml", content=text.encode()) for place, text in enumerate(texts)], LISTS)
    begun = sorted((p for p in checked.programmes if p.from_day <= day), key=lambda p: (p.from_day, p.version))
    wanted = [begun[-1].version] if begun and (begun[-1].until_day is None or day <= begun[-1].until_day) else []
    rules = RuleBook(checked.programmes, gated=())
    assert held_on(rules, day) == wanted == held_on(rules, day), "remembered as found"
    assert [programme.version for programme in rules.asked(occasion(day=day)).bases] == wanted


def test_an_occasion_asks_only_what_fits_its_place_and_service() -> None:
    here = document("here", "1.00").replace("{service: ride}", "{service: ride, site: [one], region: 330400}")
    there = document("there", "1.00").replace("{service: ride}", "{service: ride, site: [two]}")
    rules = book(here, there)
    asked = [[p.name for p in rules.asked(occasion(site=site, region="330481")).bases] for site in ("one", "two", "three")]
    assert asked == [["here"], ["there"], []]
    assert rules.asked(occasion(service="entry", site="one")).bases == ()
    assert rules.asked(occasion(site="one", region="341800")).bases == ()


def test_gates_bases_and_toppings_are_told_apart_and_all_their_facts_are_named() -> None:
    rules = book(
        document("door", who=["not blocked else BLOCKED"]),
        document("half", "list_price * 50%", who=["age >= 60 else NOT_ELIGIBLE_AGE"]),
        document("gift", "price - 0.10", who=["way == delivery else NOT_ELIGIBLE"], more="on_top_of: [half]"),
    )
    asked = rules.asked(occasion())
    assert [[p.name for p in programmes] for programmes in (asked.gates, asked.bases, asked.toppings)] == [["door"], ["half"], ["gift"]]
    assert {"blocked", "age", "list_price", "price", "way"} <= set(asked.facts)
    assert list(asked.facts) == sorted(set(asked.facts))


@pytest.mark.parametrize(("kind", "gates", "locked"), [("museum", False, True), ("museum", True, False), ("bus", False, False)])
def test_a_gated_kind_is_locked_only_where_no_gate_is_in_force(kind: str, gates: bool, locked: bool) -> None:
    texts = [document("half", "list_price * 50%"), *([document("door", who=["not blocked else BLOCKED"])] if gates else [])]
    rules = RuleBook(programmes_of(*texts), gated=["museum"])
    assert rules.asked(occasion(site_kind=kind)).locked == locked
    assert rules.asked(occasion(site_kind="museum", day=date(2023, 12, 31))).locked, "before any gate began"


def test_each_stands_before_those_it_is_preferred_over_else_by_name() -> None:
    a, b, c, d = "alpha", "beta", "gamma", "delta"
    programmes = programmes_of(
        document(a, "1.00"),
        document(b, "1.00"),
        document(c, "1.00", more=f"prefer_over: [{a}]"),
        document(d, "1.00", more=f"prefer_over: [{c}]"),
    )
    assert [programme.name for programme in in_order(list(programmes))] == [b, d, c, a]
    assert in_order(list(reversed(programmes))) == in_order(list(programmes)), "whatever order they came in"


def test_of_two_equal_prices_no_third_document_decides() -> None:
    """`zeta` comes before `alpha`, but grants nothing here: between `alpha` and `mu` nothing is preferred, so the name decides."""
    programmes = programmes_of(
        document("alpha", "1.00"),
        document("mu", "1.00"),
        document("zeta", "1.00", who=["age >= 99 else NOT_ELIGIBLE_AGE"], more="prefer_over: [alpha]"),
    )
    assert decide(person(65), occasion(price=200), RuleBook(programmes, gated=[]), {}).programme == "alpha"


def test_a_limit_of_persons_asks_for_the_size_of_the_group() -> None:
    times = book(document("door", limits=["visits: 9 times per day else FULL"]))
    persons = book(document("door", limits=["places: 9 persons per day else FULL"]))
    assert ["group" in rules.asked(occasion()).facts for rules in (times, persons)] == [False, True]
