"""What each figure of the bulletin counts, and what it does not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.reports.plan import meal_window, month_before, quarter_end
from tests.unit.reports.sample import bulletin_of, site, use


@pytest.mark.parametrize(
    ("day", "end"),
    [
        pytest.param(date(2024, 10, 31), date(2024, 9, 30), id="inside a quarter"),
        pytest.param(date(2024, 9, 30), date(2024, 9, 30), id="its last day is its own end"),
        pytest.param(date(2024, 2, 29), date(2023, 12, 31), id="the first quarter looks into the year before"),
    ],
)
def test_the_quarter_end_is_the_last_one_not_after_the_day(day, end):
    assert quarter_end(day) == end


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_a_quarter_end_is_at_most_a_quarter_old_and_the_next_day_begins_a_quarter(day):
    end = quarter_end(day)
    assert 0 <= (day - end).days <= 91
    assert end.toordinal() + 1 == date.fromordinal(end.toordinal() + 1).replace(day=1).toordinal()
    assert end.month % 3 == 0


@pytest.mark.parametrize(
    ("day", "before"),
    [
        pytest.param(date(2024, 10, 31), date(2024, 9, 30), id="the last of a month follows the last of another"),
        pytest.param(date(2024, 2, 29), date(2024, 1, 31), id="of a short month too"),
        pytest.param(date(2024, 10, 15), date(2024, 9, 15), id="any other day the same day"),
        pytest.param(date(2024, 3, 30), date(2024, 2, 29), id="which a short month has not"),
        pytest.param(date(2024, 1, 7), date(2023, 12, 7), id="over the year"),
    ],
)
def test_an_issue_is_compared_with_that_of_a_month_before(day, before):
    assert month_before(day) == before


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_a_month_before_lies_in_the_month_before(day):
    before = month_before(day)
    assert (day.year * 12 + day.month) - (before.year * 12 + before.month) == 1


def test_a_figure_of_sites_names_as_many_as_it_counts():
    sites = [site("a", "museum", "live"), site("b", "museum", "trial"), site("c", "campus", "testing", operator="s")]
    sites += [site("d", "campus", "testing", operator="s", planned_for=date(2024, 12, 1)), site("e", "canteen", "live")]
    bulletin = bulletin_of([use(None, 1)], sites, fed={"e"})
    assert {key: figure.sites for key, figure in bulletin.figures.items() if figure.sites} == {
        "museums.live": ("a",), "campus.testing.schools": ("c", "d"), "campus.testing.campuses": ("c", "d"), "canteens.live": ("e",),
        "canteens.by_county": ("e",), "campus.planned_live": ("d",), "campus.planned_live_by": ("d",),
    }  # fmt: skip


def test_the_window_for_meals_has_thirty_days():
    first, last = meal_window(date(2024, 9, 30))
    assert (first, last) == (date(2024, 9, 1), date(2024, 9, 30))


@pytest.mark.parametrize(
    ("programme", "bus", "merchant"),
    [
        pytest.param("elder-pass-bus", 7, 0, id="alone"),
        pytest.param("elder-pass-bus+blood-donor", 7, 0, id="first in a pile"),
        pytest.param("festival+elder-pass-bus", 7, 0, id="on top in a pile"),
        pytest.param("elder-pass-bus+elder-pass-merchant", 7, 7, id="two categories in one pile"),
        pytest.param("elder-pass-bus-2", 0, 0, id="another name that begins alike"),
        pytest.param(None, 0, 0, id="full price"),
    ],
)
def test_a_use_counts_where_its_programme_or_a_member_of_its_pile_is_named(programme, bus, merchant):
    bulletin = bulletin_of([use(programme, 7)])
    assert bulletin.value("elder_pass.bus") == bus
    assert bulletin.value("elder_pass.merchant") == merchant


@given(st.lists(st.tuples(st.sampled_from(["elder-pass-bus", "elder-pass-bus+x", None]), st.integers(0, 10**6), st.integers(1, 12))))
def test_the_months_add_up_to_the_total(rows):
    bulletin = bulletin_of([use(programme, uses, month=date(2024, month, 1)) for programme, uses, month in rows])
    total = bulletin.value("elder_pass.bus")
    assert (total or 0) == sum(month.uses["bus"] for month in bulletin.months) == sum(uses for programme, uses, _ in rows if programme)


def test_figures_without_any_record_are_null_and_not_zero():
    bulletin = bulletin_of()
    assert {key: figure.value for key, figure in bulletin.figures.items() if figure.value is not None} == {"canteens.as_of": "2024-09-30"}


def test_a_count_of_which_the_records_say_there_is_none_is_zero():
    bulletin = bulletin_of([use(None, 1)], [site("k", "campus", "testing"), site("c", "canteen", "wiring"), site("m", "museum", "trial")])
    assert [bulletin.value(key) for key in ("elder_pass.bus", "campus.live", "canteens.live", "museums.live")] == [0, 0, 0, 0]
    assert bulletin.value("scenic_areas.live") is None


def test_a_canteen_is_live_only_with_a_meal_in_the_window():
    canteens = [site("fed", "canteen", "live"), site("hungry", "canteen", "live"), site("trial", "canteen", "trial", region="330421")]
    bulletin = bulletin_of([use(None, 6)], canteens, fed={"fed", "trial"})
    assert bulletin.value("canteens.live") == 1
    assert bulletin.value("canteens.by_county") == {"330481": 1}
    assert bulletin.stale_canteens == 1


def test_canteens_stand_in_the_state_of_the_quarter_end():
    bulletin = bulletin_of(
        [use(None, 1)], [site("c", "canteen", "suspended")], fed={"c"}, sites_at_quarter=[site("c", "canteen", "live")]
    )
    assert bulletin.value("canteens.live") == 1


def test_counties_stand_with_the_most_canteens_first():
    canteens = [site(f"c{at}", "canteen", "live", region=region) for at, region in enumerate(["330421", "330481", "330481"])]
    bulletin = bulletin_of([use(None, 3)], canteens, fed={row.site for row in canteens})
    assert list(bulletin.value("canteens.by_county")) == ["330481", "330421"]


def test_a_school_with_two_campuses_in_testing_counts_once():
    sites = [
        site("a", "campus", "testing", operator="s"),
        site("b", "campus", "testing", operator="s"),
        site("c", "campus", "in_talks", operator="t"),
    ]
    bulletin = bulletin_of(sites=sites)
    assert [bulletin.value(f"campus.{key}") for key in ("testing.schools", "testing.campuses", "in_talks")] == [1, 2, 1]


def test_the_plan_of_the_year_leaves_out_what_is_planned_for_later_years():
    sites = [
        site("a", "campus", "testing", planned_for=date(2024, 11, 30)),
        site("b", "campus", "planned", planned_for=date(2024, 12, 31)),
        site("c", "campus", "planned", planned_for=date(2025, 6, 30)),
    ]
    bulletin = bulletin_of(sites=sites)
    assert (bulletin.value("campus.planned_live_by"), bulletin.value("campus.planned_live")) == ("2024-12-31", 2)


def test_a_site_whose_way_had_not_begun_counts_nowhere():
    bulletin = bulletin_of(sites=[site("a", "campus", None, planned_for=date(2024, 12, 31)), site("m", "museum", None)])
    assert bulletin.value("campus.planned_live") is None
    assert bulletin.value("museums.live") is None
