"""Turn what was read from the ledger and the sites into the bulletin's figures. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from onecard.reports.figures import DEFINITIONS, MEAL_WINDOW_DAYS, PASS_CATEGORIES
from onecard.reports.model import Bulletin, City, Figure, MonthOfUses, SiteRow, UseRow, Value

__all__ = ["make_bulletin", "meal_window", "quarter_end"]


def quarter_end(day: date) -> date:
    """Return the last end of a quarter that is not after *day*: 2024-10-31 → 2024-09-30, 2024-09-30 → itself."""
    next_day = day + timedelta(days=1)
    first_month = next_day.month - (next_day.month - 1) % 3
    return date(next_day.year, first_month, 1) - timedelta(days=1)


def meal_window(day: date) -> tuple[date, date]:
    """Return the first and last day in which a canteen must have served a meal to count as live on *day*."""
    return day - timedelta(days=MEAL_WINDOW_DAYS - 1), day


def make_bulletin(
    *,
    as_of: date,
    scale: int,
    synthetic: bool,
    city: City,
    uses: Sequence[UseRow],
    sites: Sequence[SiteRow],
    sites_at_quarter: Sequence[SiteRow],
) -> Bulletin:
    """Return the bulletin of *as_of*. A figure that no record bears on is None; one that records say is none is 0."""
    months = _pass_by_month(uses, city)
    live_canteens, stale = _canteens(uses, sites_at_quarter)
    campuses = [site for site in sites if site.kind == "campus" and site.state is not None]
    values: dict[str, Value] = {
        **_pass_totals(uses, months, city),
        "subsidies.period": None,
        "subsidies.share_by_count": None,
        "subsidies.share_by_amount": None,
        "canteens.as_of": quarter_end(as_of).isoformat(),
        "canteens.live": None if live_canteens is None else sum(live_canteens.values()),
        "canteens.by_county": live_canteens,
        "museums.live": _live(sites, "museum"),
        "scenic_areas.live": _live(sites, "scenic"),
        "library.union_loan": None,
        "library.returned_elsewhere_share": None,
        **_campus(campuses, as_of),
    }
    return Bulletin(
        as_of=as_of,
        scale=scale,
        synthetic=synthetic,
        city=city,
        figures={key: Figure(key=key, value=values[key], definition=words) for key, words in DEFINITIONS.items()},
        months=months,
        pass_saved_fen=_pass_saved_fen(uses, city),
        campus_testing_regions=_regions(campuses, "testing"),
        campus_talks_regions=_regions(campuses, "in_talks"),
        stale_canteens=stale,
    )


def _categories(programme: str | None, city: City) -> list[str]:
    """Return the categories of the elder pass that *programme*, or a member of the pile 'a+b', counts in."""
    members = frozenset((programme or "").split("+"))
    return [category for category in PASS_CATEGORIES if members & city.elder_pass.get(category, frozenset())]


def _pass_by_month(uses: Iterable[UseRow], city: City) -> tuple[MonthOfUses, ...]:
    counts: dict[date, Counter[str]] = {}
    for row in uses:
        for category in _categories(row.programme, city):
            counts.setdefault(row.month, Counter())[category] += row.uses
    return tuple(
        MonthOfUses(month=month, uses={category: counts[month][category] for category in PASS_CATEGORIES}) for month in sorted(counts)
    )


def _pass_totals(uses: Sequence[UseRow], months: Sequence[MonthOfUses], city: City) -> dict[str, Value]:
    """Return the total of each category; None before the first record, and where the city names no programme for it."""
    return {
        f"elder_pass.{category}": sum(month.uses[category] for month in months) if uses and city.elder_pass.get(category) else None
        for category in PASS_CATEGORIES
    }


def _pass_saved_fen(uses: Sequence[UseRow], city: City) -> int | None:
    return sum(row.saved_fen for row in uses if _categories(row.programme, city)) if uses else None


def _canteens(uses: Iterable[UseRow], sites: Iterable[SiteRow]) -> tuple[dict[str, int] | None, int]:
    """Return canteens alive by area, and how many are live by their state alone. None: no canteen is on record."""
    canteens = [site for site in sites if site.kind == "canteen" and site.state is not None]
    if not canteens:
        return None, 0
    fed = {row.canteen for row in uses}
    live = [site for site in canteens if site.state == "live"]
    alive = Counter(site.region for site in live if site.site in fed)
    return dict(alive.most_common()), len(live) - alive.total()


def _live(sites: Iterable[SiteRow], kind: str) -> int | None:
    states = [site.state for site in sites if site.kind == kind and site.state is not None]
    return states.count("live") if states else None


def _campus(campuses: Sequence[SiteRow], as_of: date) -> dict[str, Value]:
    year_end = date(as_of.year, 12, 31)
    plans = [site.planned_for for site in campuses if site.planned_for is not None and site.planned_for <= year_end]
    this_year = [day for day in plans if day.year == as_of.year]
    testing = [site for site in campuses if site.state == "testing"]
    counts = {
        "campus.testing.schools": len({site.operator for site in testing}),
        "campus.testing.campuses": len(testing),
        "campus.in_talks": len({site.operator for site in campuses if site.state == "in_talks"}),
        "campus.live": sum(site.state == "live" for site in campuses),
    }
    return {
        **{key: count if campuses else None for key, count in counts.items()},
        "campus.planned_live_by": max(this_year).isoformat() if this_year else None,
        "campus.planned_live": len(plans) if this_year else None,
    }


def _regions(sites: Iterable[SiteRow], state: str) -> tuple[str, ...]:
    """Return the areas with a site in *state*, the most sites first, of equals the lower code."""
    counts: Mapping[str, int] = Counter(site.region for site in sites if site.state == state)
    return tuple(sorted(counts, key=lambda region: (-counts[region], region)))
