"""A document as if it had begun earlier, and the days between which it says one thing."""

from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.policy.check import check
from onecard.policy.day_cuts import day_cuts
from onecard.policy.facts import blanks
from onecard.policy.model import Programme, Source
from tests.unit.policy.documents import LISTS

TEXT = """\
programme: try
kind: use
title: {zh: 试, en: Try}
basis: none
effective: {from: 2024-06-01}
where: {service: ride}
figures:
  off:
    unit: percent
    from 2024-01-01: 10%
    from 2024-06-01: 20%
    from 2024-09-01: 30%
  feast:
    unit: dates
    from 2024-01-01: [2024-05-01..2024-05-05, 2024-10-01..2024-10-07]
who:
  - not (day in feast) else BENEFIT_EXCLUDED_DAY
pay: list_price - list_price * off
funding:
  transit: 100%
tests:
  - {list_price: 2.00, expect: {paid: 1.60}}
  - {list_price: 2.00, on: 2024-10-01, expect: {reason: BENEFIT_EXCLUDED_DAY}}
"""


def made(text: str = TEXT, begun: date | None = None, felt: date | None = None) -> Programme:
    days = {} if begun is None else {"try.yaml": (begun, felt)}
    checked = check([Source(file="try.yaml", content=text.encode())], LISTS, begun=days)
    assert not [finding for finding in checked.findings if not finding.note], checked.findings
    return checked.programmes[0]


@cache
def whole() -> Programme:
    return made()


def said(programme: Programme, day: date) -> object:
    return programme.judge({**blanks("use"), "list_price": 200, "day": day.toordinal()})


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        pytest.param(date(2023, 12, 31), (160,), id="long before, as on its first day"),
        pytest.param(date(2024, 5, 31), (160,), id="the day before, where an earlier row would have held"),
        pytest.param(date(2024, 5, 1), "BENEFIT_EXCLUDED_DAY", id="a feast before it began is a feast"),
        pytest.param(date(2024, 9, 1), (140,), id="a later row holds from its own day"),
    ],
)
def test_a_document_that_begins_later_says_before_what_it_says_on_its_first_day(day: date, verdict: object) -> None:
    early = made(begun=date(2023, 1, 1))
    assert early.from_day == date(2023, 1, 1)
    assert said(early, day) == verdict


def test_what_is_felt_from_a_later_day_holds_before_it_too() -> None:
    assert said(made(begun=date(2023, 1, 1), felt=date(2024, 9, 1)), date(2024, 7, 1)) == (140,)


def test_one_that_has_begun_by_then_stays_as_it_is() -> None:
    assert made(begun=date(2024, 7, 1)).rule == made().rule


@given(st.integers(-200, 400), st.integers(0, 60))
def test_days_without_a_cut_between_them_are_alike(start: int, more: int) -> None:
    programme = whole()
    first = date(2024, 6, 1) + timedelta(days=start)
    last = first + timedelta(days=more)
    cuts = day_cuts(programme.rule)
    assert cuts is not None
    if not any(first.toordinal() < cut <= last.toordinal() for cut in cuts):
        assert said(programme, first) == said(programme, last)


def test_a_document_that_reckons_with_the_day_has_no_such_days() -> None:
    text = TEXT.replace("not (day in feast) else", "day >= 2024-07-01 and not (day in feast) else")
    text = text.replace("expect: {paid: 1.60}", "on: 2024-08-01, expect: {paid: 1.60}")
    assert day_cuts(made(text).rule) is None

