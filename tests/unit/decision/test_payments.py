"""What a person is paid for a period: births and deaths at every edge of it, halves of fen, caps, exclusions, sums (POLICY §6)."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.decision.limits import window_start
from onecard.decision.model import Counter
from onecard.decision.payments import Payment, VersionOn, explained, pay, taken_together
from onecard.policy.facts import blanks
from onecard.policy.model import Facts, Programme, Value
from onecard.policy.periods import AS_OF, Period, period_of
from onecard.values.days import age_on
from tests.unit.decision.made import programmes_of

FRAME = """\
programme: {name}
kind: payout
title: {{zh: 试, en: Try}}
basis: a test
effective: {{from: {begin}}}
cycle: {cycle}
as_of: {as_of}
{more}who:
  - alive else BENEFIT_INACTIVE
  - age >= 80 else NOT_ELIGIBLE_AGE
amount: {amount}
funding:
  civil-affairs of home_region: 70%
  city-budget: rest
tests:
  - {{age: 90, expect: {{amount: 1.00}}}}
  - {{expect: {{amount: 0.00}}}}
"""


def payout(as_of: str = "last day", amount: str = "60.00", *, name: str = "try", cycle: str = "month", begin: str = "2020-01-01",
           more: str = "") -> Programme:  # fmt: skip
    text = FRAME.format(name=name, begin=begin, cycle=cycle, as_of=as_of, amount=amount, more=more and f"{more}\n")
    return programmes_of(text)[0]


def period(text: str = "2024-10") -> Period:
    found = period_of(text)
    assert found is not None
    return found


def always(programme: Programme) -> VersionOn:
    return lambda day: programme if day >= programme.from_day else None


def paid(
    programme: Programme, *, born: date = date(1930, 1, 1), died: date | None = None, of: str = "2024-10",
    used: Mapping[Counter, int] | None = None, **told: Value,
) -> Payment:  # fmt: skip
    def facts_on(day: date) -> Facts:
        own: dict[str, Value] = {"age": age_on(born, day), "home_region": "330481", "alive": died is None or day < died}
        return {**blanks("payout"), **own, **told}

    return pay(always(programme), facts_on, period(of), used=used)


@pytest.mark.parametrize(
    ("as_of", "on_the_1st", "in_the_month", "on_the_last"),
    [
        ("last day", True, True, True),
        ("last day before", False, False, False),
        ("first day", True, False, False),
        ("first or last day", True, True, True),
        ("every day", True, True, True),
    ],
)
def test_the_first_month_is_that_of_the_table(as_of, on_the_1st, in_the_month, on_the_last):
    programme = payout(as_of)
    for day, starts in ((1, on_the_1st), (15, in_the_month), (31, on_the_last)):
        born = date(1944, 10, day)
        assert (paid(programme, born=born).amount_fen > 0) == starts, day
        assert paid(programme, born=born, of="2024-11").amount_fen == 6000
        assert paid(programme, born=born, of="2024-09").reason == "NOT_ELIGIBLE_AGE"


@pytest.mark.parametrize(
    ("as_of", "on_the_1st", "in_the_month"),
    [
        ("last day", 0, 0),
        ("last day before", 6000, 6000),
        ("first day", 0, 6000),
        ("first or last day", 0, 6000),
        ("every day", 0, 2710),  # 14 of 31 days: 2709.68 fen.
    ],
)
def test_the_month_of_death_is_that_of_the_table(as_of, on_the_1st, in_the_month):
    programme = payout(as_of)
    assert paid(programme, died=date(2024, 10, 1)).amount_fen == on_the_1st
    assert paid(programme, died=date(2024, 10, 15)).amount_fen == in_the_month
    assert paid(programme, died=date(2024, 10, 15), of="2024-11").reason == "BENEFIT_INACTIVE"


@given(st.sampled_from(AS_OF), st.dates(date(1930, 1, 1), date(1950, 12, 31)), st.dates(date(2024, 9, 1), date(2024, 12, 1)))
def test_a_line_balances_and_is_no_more_than_the_whole(as_of, born, died):
    line = paid(payout(as_of, "33.33"), born=born, died=died)
    assert line.amount_fen == sum(fen for _, fen in line.payers) and 0 <= line.amount_fen <= 3333
    assert (line.reason == "OK") == (line.amount_fen > 0)


def test_every_day_is_summed_first_and_rounded_once():
    line = paid(payout("every day", "1.00"), born=date(1944, 10, 31))
    assert line.amount_fen == 3  # 1 of 31 days: 3.2 fen; the day that gives most says who pays.
    assert line.day == date(2024, 10, 31)


def test_facts_of_the_day_before_meet_the_figures_of_the_period():
    begins = payout("last day before", begin="2024-10-01")
    assert paid(begins).amount_fen == 6000
    assert paid(begins, of="2024-09").programme is None
    assert paid(begins, of="2024-09").reason == "BENEFIT_INACTIVE"


def test_what_begins_within_the_period_counts_from_then_on():
    assert paid(payout("first or last day", begin="2024-10-16")).day == date(2024, 10, 31)
    assert paid(payout("every day", begin="2024-10-16")).amount_fen == 3097  # 16 of 31 days: 3096.77 fen.


def test_leap_days_are_birthdays_on_the_1st_of_march():
    born = date(1944, 2, 29)
    assert paid(payout(), born=born, of="2024-02").amount_fen == 6000
    programme = payout(amount="\n  - 60.00 if age >= 81\n  - 10.00")
    assert [paid(programme, born=born, of=of).amount_fen for of in ("2025-02", "2025-03")] == [1000, 6000]


def limited(line: str, amount: str = "60.00") -> Programme:
    return payout(amount=amount, more=f"limits:\n  grants: {line}")


def counter(per: str, day: date = date(2024, 10, 31)) -> Counter:
    return Counter("", window_start(per, day), "grants", "")


def test_a_cap_counts_in_its_window_and_a_full_one_pays_nothing():
    once = limited("1 times per life else LIMIT_LIFE")
    assert paid(once).counts == {counter("life"): 1}
    assert paid(once, used={counter("life"): 1}).reason == "LIMIT_LIFE"


def test_yuan_in_part_leave_what_is_left():
    whole, part = (limited(f"100.00 yuan per year{words} else LIMIT_YEAR") for words in ("", " in part"))
    before = {counter("year"): 9000}
    assert (paid(whole, used=before).reason, paid(whole, used=before).counts) == ("LIMIT_YEAR", {})
    assert (paid(part, used=before).amount_fen, paid(part, used=before).counts) == (1000, {counter("year"): 1000})
    assert paid(part, used={counter("year"): 10_000}).reason == "LIMIT_YEAR"


def names(*programmes: Programme) -> list[str]:
    lines = taken_together([paid(programme) for programme in programmes])
    return [line.programme.name for line in lines if line.programme]


def test_exclusions_are_taken_from_the_largest_down_and_one_side_is_enough():
    small, middle = payout(name="small", amount="10.00"), payout(name="middle", amount="20.00", more="not_with: [large, small]")
    large = payout(name="large", amount="30.00")
    assert names(small, middle, large) == ["large", "small"]
    assert names(small, middle) == ["middle"]


def test_of_equal_amounts_the_preferred_comes_first_then_the_name():
    one, two = payout(name="one", more="not_with: [two]"), payout(name="two")
    assert names(two, one) == ["one"]
    assert names(one, payout(name="two", more="prefer_over: [one]")) == ["two"]


SUM = """\
programme: sum
kind: payout
title: {zh: 试, en: Try}
basis: a test
effective: {from: 2020-01-01}
cycle: month
as_of: last day
to: operator
sums: [meals]
who:
  - not suspended else BENEFIT_INACTIVE
amount: 0.20 * granted_count
funding:
  civil-affairs of region: 70%
  city-budget: rest
tests:
  - {granted_count: 5, expect: {amount: 1.00}}
  - {suspended: yes, expect: {amount: 0.00}}
"""


def summed(recorded: Mapping[str, int], *, suspended: bool = False, count: int = 1000) -> Payment:
    programme = programmes_of(SUM)[0]
    facts = {**blanks("payout"), "region": "330481", "suspended": suspended, "granted_count": count}
    return pay(always(programme), lambda day: facts, period(), recorded=recorded)


def test_a_sum_is_paid_from_the_payers_recorded_and_the_amount_on_top():
    line = summed({"civil-affairs-330481": 3000, "city-budget": 2001, "donors": 0})
    assert line.amount_fen == 25_001
    assert line.recorded == (("city-budget", 2001), ("civil-affairs-330481", 3000))
    assert line.payers == (("civil-affairs-330481", 14_000), ("city-budget", 6000))


def test_a_sum_below_zero_is_carried_on_and_one_refused_is_not_paid():
    below = summed({"city-budget": -300, "donors": 100})
    assert (below.amount_fen, below.recorded, below.carried) == (20_000, (), (("city-budget", -300), ("donors", 100)))
    refused = summed({"city-budget": 300}, suspended=True)
    assert (refused.amount_fen, refused.reason, refused.recorded) == (0, "BENEFIT_INACTIVE", ())


def test_a_line_is_explained_from_what_it_keeps():
    line = paid(payout("first or last day"), born=date(1944, 10, 15))
    trace = explained(line)
    assert trace is not None and line.day == date(2024, 10, 31)
    assert [(asked.held, asked.en) for asked in trace.conditions] == [(True, "is living: yes"), (True, "aged 80 or over: aged 80")]
    assert (trace.verdict, trace.row) == ((6000,), "60.00")
    assert explained(paid(payout(begin="2025-01-01"))) is None


@given(st.dates(date(1940, 1, 1), date(1949, 12, 31)), st.sampled_from(AS_OF))
def test_nobody_is_paid_for_a_period_before_he_is_of_age_and_everybody_after(born, as_of):
    programme = payout(as_of)
    turns = next(day for day in (date(2024, 1, 1) + timedelta(days=n) for n in range(-1600, 2200)) if age_on(born, day) >= 80)
    before = period(f"{turns.year - (turns.month == 1)}-{(turns.month - 2) % 12 + 1:02d}")
    after = period(f"{turns.year + (turns.month == 12)}-{turns.month % 12 + 1:02d}")
    if before.first >= programme.from_day:
        assert paid(programme, born=born, of=before.name).amount_fen == 0
    assert paid(programme, born=born, of=after.name).amount_fen == 6000
