"""What a version that reaches back would change about records that stand: each record, old beside new, and what it adds up to."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from onecard.app.release_desk import StaffReleases
from onecard.releases.correcting import FIRST_PROPOSAL
from onecard.uses.look import UseKey
from onecard.values.money import Fen, yuan
from onecard.web.city_words import fund_name
from onecard.web.console_access import Visiting
from onecard.web.console_frame import Console, Visit, console_page, region_name
from onecard.web.console_paging import cursor, place_of
from onecard.web.console_policies_view import PATH
from onecard.web.console_records_view import PATH as USES
from onecard.web.console_route import console_route
from onecard.web.console_table import PAGE_ROWS, Column, Row, Table, Tag, pager
from onecard.web.wire import BodyMalformed

__all__ = ["proposal_routes"]


def proposal_routes(console: Console) -> APIRouter:
    """Return the route of the proposals of one version."""
    router = APIRouter(route_class=console_route(console))
    reads = Visiting(console, "policy.read", anywhere=False)
    releases = StaffReleases(work=console.desk.work, lists=console.app.city.lists)

    @router.get(f"{PATH}/{{programme}}/{{version}}/proposals")
    async def proposals(programme: str, version: int, visit: Annotated[Visit, Depends(reads)], after: str = "") -> Response:
        told, places = await releases.proposals(visit.acting, programme, version, _place(after), PAGE_ROWS + 1)
        return console_page(console, visit, "proposals.html", _view(console, visit, told, places, after))

    return router


def _view(console: Console, visit: Visit, told: Mapping[str, Any], places: Sequence[UseKey], after: str) -> dict[str, Any]:
    t, totals, name, version = visit.t, told["totals"], told["programme"], told["version"]
    path = f"{PATH}/{name}/{version}/proposals"
    rows = told["proposals"][:PAGE_ROWS]
    following = _cursor(places[PAGE_ROWS - 1]) if len(places) > PAGE_ROWS else ""
    heads = ("day", "region", "was", "becomes", "why")
    columns = [Column(label=t(f"console.policies.prop_{head}"), kind="number" if head in ("was", "becomes") else "text") for head in heads]
    funds = [
        (fund_name(each["fund"], console.words, console.regions, t.lang), f"{yuan(Fen(each['old']))} → {yuan(Fen(each['new']))}")
        for each in totals["funds"]
    ]  # fmt: skip
    holders = (t("console.policies.prop_holders"), f"{yuan(Fen(totals['old_paid']))} → {yuan(Fen(totals['new_paid']))}")
    return {
        "title": t("console.policies.prop_title", programme=name, version=version, count=totals["proposals"]),
        "lead": t(f"console.policies.prop_{'done' if told['done'] else 'going'}", examined=told["examined"], unknown=told["unknown"]),
        "missing": t("console.policies.prop_missing", names=", ".join(told["missing"])) if told["missing"] else "",
        "back": f"{PATH}/{name}?version={version}", "totals": [holders, *funds],
        "table": Table(
            caption=t("console.policies.proposals"), columns=columns, rows=[_row(console, visit, each) for each in rows],
            empty=t("console.policies.prop_none"),
        ),
        "pager": pager(path, {}, after, following, len(rows)),
    }  # fmt: skip


def _row(console: Console, visit: Visit, told: Mapping[str, Any]) -> Row:
    t, old, new = visit.t, told["old"], told["new"]
    why = Tag(state="none", word=t("console.policies.prop_superseded")) if told["superseded"] else new["reason"]
    cells = (told["day"], region_name(console, told["region"], t.lang), yuan(Fen(old["paid"])), yuan(Fen(new["paid"])), why)
    explained = f"{USES}/{told['use']}" if visit.acting.may("uses.explain") else ""
    return Row(key=told["use"], cells=cells, href=explained, explain=explained)


def _cursor(place: UseKey) -> str:
    return cursor(place.occurred_at.isoformat(), place.terminal, place.seq)


def _place(after: str) -> UseKey:
    if not after:
        return FIRST_PROPOSAL
    at, terminal, seq = place_of(after, str, str, int)
    try:
        place = UseKey(datetime.fromisoformat(at), terminal, seq)
    except ValueError:
        place = FIRST_PROPOSAL
    if place.occurred_at.tzinfo is None or not 2000 <= place.occurred_at.year <= 2100 or not 0 <= seq < 2**53:
        raise BodyMalformed(problem_zh="after 不是上一页给出的值", problem_en="after is not what a page told", field="after")
    return place
