"""What the pages of sites show: how many stand where, who is not live and what is missing, one site's way and its next steps. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from onecard.app.staff_sites import OneSite, Pipeline
from onecard.staff.model import Acting
from onecard.terminals.model import SITE_STATES, Site, SiteState
from onecard.terminals.way import MOVES, TEST_CASES
from onecard.web.console_frame import Console, region_name
from onecard.web.console_paging import cursor
from onecard.web.console_table import PAGE_ROWS, Column, Field, Lines, Pager, Row, Table, Tag, address, pager
from onecard.web.words import Catalogue, named

__all__ = ["LATE", "NOT_LIVE", "PATH", "pipeline_view", "region_options", "site_name", "site_view", "state_tag"]

PATH: Final = "/console/sites"

NOT_LIVE: Final = "not-live"
"""Every state but live: what the page shows unless another is picked."""

LATE: Final = "late"
"""Those of them that were to be live by now."""

_TAGS: Final = {"live": "ok", "suspended": "red"}
_EARLY: Final = ("in_talks", "planned", "contracted", "wiring")


def pipeline_view(console: Console, acting: Acting, t: Catalogue, told: Pipeline, query: dict[str, str], after: str) -> dict[str, Any]:
    """Return the pipeline by region and state, and the sites asked for with what each waits for."""
    rows = told.sites[:PAGE_ROWS]
    following = cursor(rows[-1].site.site) if len(told.sites) > PAGE_ROWS else ""
    waiting = sum(count for states in told.counts.values() for state, count in states.items() if state != "live")
    live = sum(states.get("live", 0) for states in told.counts.values())
    return {
        "title": t("console.sites.title", count=waiting) if waiting else t("console.sites.all_live"),
        "lead": t("console.sites.lead", live=live, day=told.today.isoformat()),
        "grid": _grid(console, t, told, query),
        "fields": _fields(console, acting, t, query),
        "table": _table(console, t, rows, told.today),
        "pager": pager(PATH, query, after, following, len(rows)) if rows or after else Pager(first="", next="", shown=0),
        "path": PATH,
    }  # fmt: skip


def site_view(
    console: Console, acting: Acting, t: Catalogue, told: OneSite, today: date, *, values: dict[str, str] | None = None,
    errors: Sequence[tuple[str, str]] = (),
) -> dict[str, Any]:  # fmt: skip
    """Return one site: its way with dates, its devices, what is still missing, and where it may go."""
    site, state = told.site, told.site.state_on(today)
    may = acting.may_at("sites.move", region=site.region, scene=site.scene)
    goes: Sequence[SiteState] = MOVES[site.states[-1][1]] if site.states else ("in_talks", "planned")
    blocked = _blockers(told, today, t)
    return {
        "title": t("console.sites.one", name=site_name(site, t), state=_word(state, t)),
        "tag": state_tag(state, t),
        "about": [
            (t("console.sites.kind"), named(site.kind, console.words, t.lang)),
            (t("console.sites.region"), region_name(console, site.region, t.lang)),
            (t("console.sites.operator"), site.operator), (t("console.sites.key"), site.site),
            (t("console.sites.planned_for"), site.planned_for.isoformat() if site.planned_for else t("console.sites.no_date")),
        ],
        "way": [
            {"day": since.isoformat(), "word": _word(each, t), "future": since > today, "now": (since, each) == site.states[-1]}
            for since, each in site.states
        ],
        "late": _late(site, today, t),
        "blockers": blocked,
        "devices": _devices(t, told, today),
        "move": _move_fields(t, goes, today, values or {}, dict(errors)) if may and goes else [],
        "errors": list(errors), "path": f"{PATH}/{site.site}",
    }  # fmt: skip


def site_name(site: Site, t: Catalogue) -> str:
    """Return a site's name."""
    return site.name_en if t.lang == "en" else site.name_zh


def state_tag(state: SiteState | None, t: Catalogue) -> Tag:
    """Return a site's state with its shape."""
    return Tag(state=_TAGS.get(state or "", "amber" if state in ("testing", "trial") else "none"), word=_word(state, t))  # type: ignore[arg-type]


def region_options(console: Console, acting: Acting, t: Catalogue, permission: str) -> list[tuple[str, str]]:
    """Return the city's areas within who asks' own regions, for a choice."""
    city, prefixes = console.app.city.lists.region[:4], acting.prefixes_for(permission)
    own = [code for code in console.regions if code.startswith(city) and not code.endswith("00") and code.startswith(prefixes)]
    return [("", t("console.sites.any")), *((code, region_name(console, code, t.lang)) for code in sorted(own))]


def _grid(console: Console, t: Catalogue, told: Pipeline, query: dict[str, str]) -> dict[str, Any]:
    """Return the pipeline: a column a state, a row a region, each figure a way to its sites."""
    states = [state for state in SITE_STATES if any(state in counted for counted in told.counts.values())]
    kind = {"kind": query.get("kind", "")}
    rows = [
        {
            "name": region_name(console, region, t.lang),
            "cells": [(counted.get(state, 0), address(PATH, kind, region=region, state=state)) for state in states],
        }
        for region, counted in sorted(told.counts.items())
    ]
    sums = [(sum(counted.get(state, 0) for counted in told.counts.values()), address(PATH, kind, state=state)) for state in states]
    return {"states": [_word(state, t) for state in states], "rows": rows, "sums": sums}


def _fields(console: Console, acting: Acting, t: Catalogue, query: dict[str, str]) -> list[Field]:
    states = [(NOT_LIVE, t("console.sites.not_live")), (LATE, t("console.sites.behind_plan")), ("any", t("console.sites.any"))]
    states += [(state, _word(state, t)) for state in SITE_STATES]
    kinds = [("", t("console.sites.any")), *((kind, named(kind, console.words, t.lang)) for kind in console.app.city.lists.site_kinds)]
    regions = region_options(console, acting, t, "sites.read")
    return [
        Field(name="state", label=t("console.sites.state_label"), kind="select", value=query.get("state") or NOT_LIVE, options=states),
        Field(name="kind", label=t("console.sites.kind"), kind="select", value=query.get("kind", ""), options=kinds),
        Field(name="region", label=t("console.sites.region"), kind="select", value=query.get("region", ""), options=regions),
    ]


def _table(console: Console, t: Catalogue, rows: Sequence[OneSite], today: date) -> Table:
    columns = [
        Column(label=t("console.sites.site")), Column(label=t("console.sites.state_label")),
        Column(label=t("console.sites.since"), kind="when"), Column(label=t("console.sites.planned_for"), kind="when"),
        Column(label=t("console.sites.missing")),
    ]  # fmt: skip
    return Table(
        caption=t("console.sites.caption"), columns=columns, rows=[_row(console, t, each, today) for each in rows],
        empty=t("console.sites.none"), empty_next=t("console.sites.none_next"),
    )  # fmt: skip


def _row(console: Console, t: Catalogue, told: OneSite, today: date) -> Row:
    site, state = told.site, told.site.state_on(today)
    since = next((day for day, each in reversed(site.states) if day <= today), None)
    days = "" if since is None else t("console.sites.days", count=(today - since).days)
    blocked = _blockers(told, today, t)
    cells = (
        Lines(first=site_name(site, t), second=f"{region_name(console, site.region, t.lang)} · {named(site.kind, console.words, t.lang)}"),
        state_tag(state, t), Lines(first=since.isoformat() if since else "—", second=days),
        Lines(first=site.planned_for.isoformat() if site.planned_for else t("console.sites.no_date"), second=_late(site, today, t)),
        Lines(first=blocked[0], second=t("console.sites.more", count=len(blocked) - 1) if len(blocked) > 1 else "") if blocked else "",
    )  # fmt: skip
    return Row(key=site.site, cells=cells, href=f"{PATH}/{site.site}")


def _blockers(told: OneSite, today: date, t: Catalogue) -> list[str]:
    """Return what stands between a site and being live, the nearest first; nothing of one that is live."""
    state = told.site.state_on(today)
    if state == "live":
        return []
    if state in _EARLY:
        return [t(f"console.sites.next_{state}")]
    bound = [each for each in told.devices if each.bound_at(today)]
    blocked = [] if bound else [t("console.sites.no_device")]
    for each in bound:
        lacks = [case for case in TEST_CASES if case not in told.proof.passed.get(each.terminal, frozenset())]
        if lacks:
            blocked.append(t("console.sites.lacks_tests", terminal=each.terminal, count=len(lacks), of=len(TEST_CASES)))
    if not told.proof.used:
        blocked.append(t("console.sites.lacks_use"))
    return blocked or [t("console.sites.ready")]


def _late(site: Site, today: date, t: Catalogue) -> str:
    late = site.planned_for is not None and site.planned_for < today and site.state_on(today) != "live"
    return t("console.sites.late", count=(today - site.planned_for).days) if late and site.planned_for else ""


def _devices(t: Catalogue, told: OneSite, today: date) -> list[dict[str, Any]]:
    health = {each.terminal: each for each in told.health}
    return [
        {
            "terminal": each.terminal, "href": f"/console/terminals/{each.terminal}" if each.terminal in health else "",
            "bound": t("console.sites.bound", day=each.bound_on.isoformat()) if each.bound_at(today) else t("console.sites.unbound"),
            "tests": [
                (t(f"console.sites.case.{case}"), case in told.proof.passed.get(each.terminal, frozenset())) for case in TEST_CASES
            ],
        }
        for each in told.devices
    ]


def _move_fields(
    t: Catalogue, goes: Sequence[SiteState], today: date, values: dict[str, str], wrong: dict[str, str]
) -> list[Field]:  # fmt: skip
    return [
        Field(
            name="to", label=t("console.sites.to"), kind="select", value=values.get("to", goes[0]), error=wrong.get("to", ""),
            options=[(state, t(f"console.sites.becomes.{state}")) for state in goes],
        ),
        Field(
            name="on", label=t("console.sites.on"), kind="date", value=values.get("on", today.isoformat()), error=wrong.get("on", ""),
            required=True,
        ),
        Field(
            name="reason", label=t("console.desk.reason"), hint=t("console.sites.reason_hint"), value=values.get("reason", ""),
            error=wrong.get("reason", ""), required=True, most=200,
        ),
    ]  # fmt: skip


def _word(state: SiteState | None, t: Catalogue) -> str:
    return t("console.sites.no_state") if state is None else t(f"console.sites.state.{state}")
