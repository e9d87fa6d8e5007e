"""What the cockpit shows: what waits and whose it is, today beside a week ago, sites by county, and where else to go. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from markupsafe import Markup

from onecard.app.cockpit import ERROR_DAYS, TODOS, WAITING_MAX, Cockpit, Todo
from onecard.reports.charts import Bar, bars, tile_map
from onecard.reports.words import day_words
from onecard.staff.roles import Roles
from onecard.values.days import civil
from onecard.web.console_approvals_view import PATH as APPROVALS
from onecard.web.console_frame import Console, Visit, region_name
from onecard.web.console_nav import nav_view
from onecard.web.console_records_view import PATH as RECORDS
from onecard.web.console_sites_view import LATE
from onecard.web.console_sites_view import PATH as SITES
from onecard.web.console_table import Column, Lines, Row, Table, address
from onecard.web.console_terminals_view import PATH as TERMINALS
from onecard.web.console_uses_filter import IN_ERROR
from onecard.web.words import Catalogue, named

__all__ = ["HOME", "cockpit_view"]

HOME: Final = "/console"

_OWNERS_MAX: Final = 3  # So many roles are named; more would be no answer.


def cockpit_view(console: Console, visit: Visit, seen: Cockpit) -> dict[str, Any]:
    """Return the page: the answer in its title, what waits, figures before pictures, then the pages that the role opens."""
    t = visit.t
    busy = sum(count > 0 for count in seen.waiting.values())
    return {
        "title": t("console.cockpit.title", count=busy) if busy else t("console.cockpit.nothing"),
        "lead": _data_time(console, seen, t),
        "late": seen.late,
        "todos": [_todo(console, visit, todo, seen) for todo in TODOS if todo.key in seen.waiting],
        "scenes": _scenes(console, seen, t),
        "scenes_picture": _scenes_picture(console, seen, t),
        "scenes_lead": _scenes_lead(seen, t),
        "sites": _sites(console, seen, t),
        "tiles": _tiles(console, seen, t),
        "places": _places(visit),
    }  # fmt: skip


def _data_time(console: Console, seen: Cockpit, t: Catalogue) -> str:
    at = civil(seen.at)
    if not seen.late:
        return t("console.cockpit.data_time", at=f"{at:%Y-%m-%d %H:%M:%S}")
    minutes, seconds = divmod(max(int((console.now() - seen.at).total_seconds()), 0), 60)
    return t("console.cockpit.late", at=f"{at:%H:%M:%S}", minutes=minutes, seconds=seconds)


def _todo(console: Console, visit: Visit, todo: Todo, seen: Cockpit) -> dict[str, Any]:
    t, count = visit.t, seen.waiting[todo.key]
    today = civil(seen.at).date()
    month = {"from": (today - timedelta(days=ERROR_DAYS - 1)).isoformat(), "until": today.isoformat()}
    ways = {
        "approvals": address(APPROVALS, {"state": "waiting"}), "alarms": address(TERMINALS, {"need": "alarm"}),
        "silent": address(TERMINALS, {"need": "silent"}), "late": address(SITES, {"state": LATE}),
        "errors": address(RECORDS, month, result=IN_ERROR),
    }  # fmt: skip
    more = todo.key == "approvals" and count >= WAITING_MAX
    return {
        "key": todo.key, "href": ways[todo.key], "count": f"{count:,}" + ("+" if more else ""), "none": count == 0,
        "word": t(f"console.cockpit.todo.{todo.key}", days=ERROR_DAYS),
        "owner": t("console.cockpit.owner", roles=_owners(console.roles, todo, t)),
    }  # fmt: skip


def _owners(roles: Roles, todo: Todo, t: Catalogue) -> str:
    """Return which roles of this city do something about it."""

    def does(permission: str) -> bool:
        return permission.startswith(todo.done_by) if todo.done_by.endswith(":") else permission == todo.done_by

    names = [role.en if t.lang == "en" else role.zh for role in roles.by_name.values() if any(map(does, role.permissions))]
    shown = t("console.frame.and").join(names[:_OWNERS_MAX]) or t("console.cockpit.nobody")
    return t("console.cockpit.and_others", roles=shown) if len(names) > _OWNERS_MAX else shown


def _scenes_lead(seen: Cockpit, t: Catalogue) -> str:
    at = civil(seen.at)
    return t("console.cockpit.scenes_lead", now=f"{at:%H:%M}", day=day_words(at.date() - timedelta(days=7)).to(t.lang))


def _scenes(console: Console, seen: Cockpit, t: Catalogue) -> Table | None:
    if seen.scenes is None:
        return None
    columns = [
        Column(label=t("console.cockpit.scene")), Column(label=t("console.cockpit.today"), kind="number"),
        Column(label=t("console.cockpit.week_ago"), kind="number"), Column(label=t("console.cockpit.share"), kind="number"),
        Column(label=t("console.cockpit.refused"), kind="number"), Column(label=t("console.cockpit.refused_week_ago"), kind="number"),
    ]  # fmt: skip
    rows = [
        Row(key=scene.kind, cells=(
            named(scene.kind, console.words, t.lang), f"{scene.uses:,}", f"{scene.week_ago:,}", _share(scene.uses, scene.week_ago),
            f"{scene.refused:,}", f"{scene.week_ago_refused:,}",
        ))
        for scene in seen.scenes
    ]  # fmt: skip
    return Table(
        caption=t("console.cockpit.scenes"), columns=columns, rows=rows, empty=t("console.cockpit.no_uses"),
        empty_next=t("console.cockpit.no_uses_next"),
    )  # fmt: skip


def _scenes_picture(console: Console, seen: Cockpit, t: Catalogue) -> Markup | None:
    if not seen.scenes:
        return None
    made = [
        Bar(label=named(scene.kind, console.words, t.lang), value=scene.uses, shown=f"{scene.uses:,} / {scene.week_ago:,}")
        for scene in seen.scenes
    ]
    told = t("bulletin.and").join(f"{bar.label} {bar.shown}" for bar in made)
    return bars(made, title=t("console.cockpit.scenes_alt", told=told))


def _sites(console: Console, seen: Cockpit, t: Catalogue) -> Table | None:
    """Return how many sites are live and on their way, by area; each area leads to its list."""
    if seen.sites is None:
        return None
    columns = [Column(label=t("console.sites.region"))]
    columns += [Column(label=t(f"console.cockpit.sites_{part}"), kind="number") for part in ("live", "coming", "all")]
    rows = [
        Row(
            key=region, href=address(SITES, {"region": region, "state": "any"}),
            cells=(Lines(first=region_name(console, region, t.lang)), *(f"{number:,}" for number in _parts(counts))),
        )
        for region, counts in sorted(seen.sites.items())
    ]  # fmt: skip
    return Table(
        caption=t("console.cockpit.sites"), columns=columns, rows=rows, empty=t("console.sites.none"),
        empty_next=t("console.cockpit.no_sites_next"),
    )  # fmt: skip


def _tiles(console: Console, seen: Cockpit, t: Catalogue) -> Markup | None:
    """Return the map of tiles, of the reader's own areas alone; none where he has one, for which a map says nothing."""
    city = console.app.report_city
    own = tuple(area for area in city.areas if area.region in (seen.sites or {}))
    if len(own) < 2:
        return None
    parts = {area.region: _parts((seen.sites or {})[area.region]) for area in own}
    shown = {region: f"{live} / {every}" for region, (live, _, every) in parts.items()}
    told = t("bulletin.and").join(f"{area.name.to(t.lang)} {shown[area.region]}" for area in own)
    live = {region: numbers[0] for region, numbers in parts.items()}
    return tile_map(replace(city, areas=own), live, lang=t.lang, title=t("console.cockpit.tiles_alt", told=told), shown=shown)


def _parts(counts: Mapping[Any, int]) -> tuple[int, int, int]:
    """Return how many sites are live, are on their way to it, and are on record."""
    live, suspended = counts.get("live", 0), counts.get("suspended", 0)
    every = sum(counts.values())
    return live, every - live - suspended, every


def _share(now: int, before: int) -> str:
    return f"{now / before:.0%}" if before else "—"


def _places(visit: Visit) -> list[dict[str, Any]]:
    """Return the pages that the role opens, each with what it is for."""
    messages = visit.t.messages
    places = [place for place in nav_view(visit.acting, "") if place["path"] != HOME]
    return [place | {"about": messages.get(f"console.about.{place['key']}", "")} for place in places]
