"""Turn what was read from the ledger and the sites into the bulletin's figures. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

from onecard.reports.figures import MEAL_WINDOW_DAYS, PASS_CATEGORIES, load_kpis
from onecard.reports.model import Bulletin, City, Figure, MonthOfUses, SiteRow, UseRow, Value

__all__ = ["make_bulletin", "meal_window", "month_before", "quarter_end"]


def quarter_end(day: date) -> date:
    """Return the last end of a quarter that is not after *day*: 2024-10-31 → 2024-09-30, 2024-09-30 → itself."""
    next_day = day + timedelta(days=1)
    first_month = next_day.month - (next_day.month - 1) % 3
    return date(next_day.year, first_month, 1) - timedelta(days=1)


def month_before(day: date) -> date:
    """Return the day of the issue before: the last of a month → the last of the month before, any other → the same day of it."""
    last_of_before = day.replace(day=1) - timedelta(days=1)
    is_last = (day + timedelta(days=1)).day == 1
    return last_of_before if is_last else last_of_before.replace(day=min(day.day, last_of_before.day))


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
    fed: Collection[str],
    sites: Sequence[SiteRow],
    sites_at_quarter: Sequence[SiteRow],
) -> Bulletin:
    """Return the bulletin of *as_of*; *fed* names the canteens that served a meal in its window.

    A figure that no record bears on is None; one that records say is none is 0.
    """
    months = _pass_by_month(uses, city)
    canteens, stale = _canteens(fed, sites_at_quarter)
    campuses = [site for site in sites if site.kind == "campus" and site.state is not None]
    counted = {
        **_canteen_sites(canteens), "museums.live": _live(sites, "museum"), "scenic_areas.live": _live(sites, "scenic"),
        **_campus_sites(campuses, as_of),
    }  # fmt: skip
    values: dict[str, Value] = {
        **_pass_totals(uses, months, city),
        "elder_pass.saved": _pass_saved_fen(uses, city),
        "canteens.as_of": quarter_end(as_of).isoformat(),
        **{key: None if found is None else len(found) for key, found in counted.items()},
        "canteens.by_county": None if canteens is None else dict(Counter(site.region for site in canteens).most_common()),
        **_campus_values(campuses, as_of),
    }
    figures = {
        key: Figure(kpi=kpi, value=values.get(key), sites=_names(counted[key]) if key in counted else None)
        for key, kpi in load_kpis().items()
    }
    return Bulletin(
        as_of=as_of,
        scale=scale,
        synthetic=synthetic,
        city=city,
        figures={key: figure for key, figure in figures.items() if figure.kpi.in_bulletin},
        further={key: figure for key, figure in figures.items() if not figure.kpi.in_bulletin},
        months=months,
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


def _canteens(fed: Collection[str], sites: Iterable[SiteRow]) -> tuple[list[SiteRow] | None, int]:
    """Return the canteens that are alive, and how many more are live by their state alone. None: no canteen is on record."""
    canteens = [site for site in sites if site.kind == "canteen" and site.state is not None]
    if not canteens:
        return None, 0
    live = [site for site in canteens if site.state == "live"]
    alive = [site for site in live if site.site in fed]
    return alive, len(live) - len(alive)


def _canteen_sites(alive: list[SiteRow] | None) -> dict[str, list[SiteRow] | None]:
    return {"canteens.live": alive, "canteens.by_county": alive}


def _live(sites: Iterable[SiteRow], kind: str) -> list[SiteRow] | None:
    """Return the sites of a *kind* that are live; None where none is on record."""
    known = [site for site in sites if site.kind == kind and site.state is not None]
    return [site for site in known if site.state == "live"] if known else None


def _campus_sites(campuses: Sequence[SiteRow], as_of: date) -> dict[str, list[SiteRow] | None]:
    """Return the campuses that each figure counts, itself or by their school; None where no campus is on record."""
    testing, talks, live = ([site for site in campuses if site.state == state] for state in ("testing", "in_talks", "live"))
    by_state = {
        "campus.testing.schools": testing, "campus.testing.campuses": testing, "campus.in_talks": talks, "campus.live": live,
    }  # fmt: skip
    planned = _planned(campuses, as_of)
    this_year = any(site.planned_for is not None and site.planned_for.year == as_of.year for site in planned)
    return {
        **{key: found if campuses else None for key, found in by_state.items()},
        "campus.planned_live_by": planned if this_year else None,
        "campus.planned_live": planned if this_year else None,
    }


def _campus_values(campuses: Sequence[SiteRow], as_of: date) -> dict[str, Value]:
    """Return the figures of campuses that are not their number: schools, and the last day of the year's plan."""
    schools = {
        key: len({site.operator for site in campuses if site.state == state})
        for key, state in (("campus.testing.schools", "testing"), ("campus.in_talks", "in_talks"))
    }
    days = [site.planned_for for site in _planned(campuses, as_of) if site.planned_for is not None]
    last = max((day for day in days if day.year == as_of.year), default=None)
    return {
        **{key: count if campuses else None for key, count in schools.items()},
        "campus.planned_live_by": last.isoformat() if last else None,
    }


def _planned(campuses: Iterable[SiteRow], as_of: date) -> list[SiteRow]:
    """Return the campuses planned to be live by the end of the year of *as_of*."""
    year_end = date(as_of.year, 12, 31)
    return [site for site in campuses if site.planned_for is not None and site.planned_for <= year_end]


def _names(sites: Sequence[SiteRow] | None) -> tuple[str, ...] | None:
    return None if sites is None else tuple(site.site for site in sites)


def _regions(sites: Iterable[SiteRow], state: str) -> tuple[str, ...]:
    """Return the areas with a site in *state*, the most sites first, of equals the lower code."""
    counts: Mapping[str, int] = Counter(site.region for site in sites if site.state == state)
    return tuple(sorted(counts, key=lambda region: (-counts[region], region)))
