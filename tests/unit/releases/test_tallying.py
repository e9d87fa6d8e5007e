"""Persons before and after: each counted once, fund by fund as often as funds pay, and nobody lost on the way."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.releases.simulated import AGE_BANDS, MOST_AFFECTED, age_band
from onecard.releases.tallying import NOBODY, Tally

DAY = date(2024, 10, 31)
BORN = date(1950, 1, 1)

fen = st.integers(0, 1_000)
funds_of_one = st.dictionaries(st.sampled_from("abc"), st.tuples(fen, fen))
people = st.lists(st.tuples(st.sampled_from(["330481", "330421"]), funds_of_one, st.integers(-3, 3)), max_size=40)


def tallied(persons: list[tuple[str, dict[str, tuple[int, int]], int]]) -> Tally:
    tally = Tally(DAY)
    for subject, (region, funds, better) in enumerate(persons, start=1):
        tally.add(subject, BORN, region, funds, better)
    return tally


@given(people)
def test_everybody_is_counted_once_in_all_and_once_in_his_region(persons) -> None:
    tally = tallied(persons)
    for sums in ([tally.whole], tally.regions()):
        assert sum(each.gain + each.lose + each.same for each in sums) == len(persons)


@given(people)
def test_rows_regions_and_the_whole_bear_the_same_fen(persons) -> None:
    tally = tallied(persons)
    for sums in (tally.regions(), tally.rows()):
        assert sum(each.old_fen for each in sums) == tally.whole.old_fen
        assert sum(each.new_fen for each in sums) == tally.whole.new_fen


@given(people)
def test_those_named_are_moved_most_and_are_those_of_any_order(persons) -> None:
    tally = tallied(persons)
    changes = [abs(sum(new - old for old, new in funds.values())) for _, funds, _ in persons]
    most = [abs(each.new_fen - each.old_fen) for each in tally.most()]
    assert most == sorted((change for change in changes if change), reverse=True)[:MOST_AFFECTED]
    backwards = Tally(DAY)
    for subject, (region, funds, better) in reversed(list(enumerate(persons, start=1))):
        backwards.add(subject, BORN, region, funds, better)
    assert backwards.most() == tally.most()


@pytest.mark.parametrize(
    ("funds", "better", "counted"),
    [
        pytest.param({"a": (1, 2)}, -1, "gain", id="money comes first"),
        pytest.param({"a": (1, 1)}, 1, "gain", id="the same money, let in once more"),
        pytest.param({}, -2, "lose", id="a gate that shuts"),
        pytest.param({"a": (5, 0), "b": (0, 5)}, 0, "same", id="another fund pays the same"),
    ],
)
def test_who_gains_and_who_loses(funds: dict[str, tuple[int, int]], better: int, counted: str) -> None:
    tally = tallied([("330481", funds, better)])
    assert getattr(tally.whole, counted) == 1
    assert {row.fund for row in tally.rows()} == (set(funds) or {NOBODY})


def test_bands_end_the_day_before_the_birthday() -> None:
    ages = {age: age_band(age) for age in (0, 59, 60, 69, 70, 79, 80, 89, 90, 120)}
    assert [*dict.fromkeys(ages.values())] == list(AGE_BANDS)
    assert (ages[59], ages[60], ages[89], ages[90]) == ("0-59", "60-69", "80-89", "90+")
