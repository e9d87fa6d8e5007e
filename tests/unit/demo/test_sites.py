"""The demo's sites are as many, and stand in the states, that the newsletter tells."""

from collections import Counter
from datetime import date

from onecard.demo.clock import DEMO_DAY, DEMO_FIRST_DAY
from onecard.terminals.calendar import day_kind, is_open

CANTEENS_AS_OF = date(2024, 9, 30)


def test_sites_stand_as_the_newsletter_says(drawn):
    states = Counter((site.scene, site.state_on(DEMO_DAY)) for site in drawn.world.sites.sites)
    assert states["museum", "live"] == 19
    assert states["scenic", "live"] == 17
    assert states["bus", "live"] == 480
    assert states["merchant", "live"] == 900
    assert states["library", "live"] == 8 + 72 + 40
    assert states["campus", "testing"] == 9
    assert states["campus", "in_talks"] == 15
    assert states["campus", "live"] == 0


def test_canteens_were_live_by_the_end_of_the_quarter(drawn):
    live = Counter(site.region for site in drawn.world.sites.sites if site.scene == "canteen" and site.state_on(CANTEENS_AS_OF) == "live")
    assert live == {"330481": 24, "330483": 22, "330421": 17}


def test_ten_school_grounds_are_planned_to_be_live_by_the_end_of_the_year(drawn):
    grounds = [site for site in drawn.world.sites.sites if site.kind == "campus"]
    assert sum(site.planned_for is not None and site.planned_for <= date(2024, 12, 31) for site in grounds) == 10
    assert len({site.operator for site in grounds if site.state_on(DEMO_DAY) == "testing"}) == 6


def test_nobody_shares_a_name_or_a_number(drawn):
    sites = drawn.world.sites
    assert len({site.site for site in sites.sites}) == len(sites.sites)
    assert len({(site.scene, site.name_zh) for site in sites.sites}) == len(sites.sites)
    assert len({terminal.terminal for terminal in sites.terminals}) == len(sites.terminals)
    assert {site.operator for site in sites.sites} == {operator.operator for operator in sites.operators}
    assert sum(terminal.terminal.startswith("T330421") for terminal in sites.terminals) > 380


def test_where_the_pass_is_counted_from_the_first_day_places_are_open(drawn):
    for scene in ("bus", "merchant", "scenic"):
        assert drawn.places.live(scene, DEMO_FIRST_DAY)


def test_only_merchants_with_an_agreement_give_anything(drawn):
    shops = [site for site in drawn.world.sites.sites if site.kind == "merchant"]
    assert Counter(shop.agreed_percent for shop in shops) == {8000: 140, 10_000: 760}


def test_school_grounds_close_on_examination_days_and_museums_on_mondays(drawn):
    ground = next(site for site in drawn.world.sites.sites if site.kind == "campus")
    museum = next(site for site in drawn.world.sites.sites if site.kind == "museum")
    monday, exam = date(2024, 10, 28), date(2024, 11, 16)
    assert not is_open(ground.opening, exam, day_kind(exam), 600)
    assert is_open(ground.opening, monday, day_kind(monday), 1)
    assert not is_open(museum.opening, monday, day_kind(monday), 600)
