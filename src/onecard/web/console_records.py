"""C3, which records match, and what do they add up to: a filter that is an address, its totals, fifty rows, and files."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from onecard.app.staff_uses import EXPORT_MAX, SeenUse
from onecard.uses.explanation import titles_of
from onecard.uses.look import NEWEST_USE, Totals, UseKey
from onecard.values.days import civil
from onecard.web.console_access import Visiting
from onecard.web.console_export import Form, export_response
from onecard.web.console_frame import Console, Visit, console_page
from onecard.web.console_paging import cursor, place_of
from onecard.web.console_records_view import PATH, period, pinned, record_fields, records_export, records_table, totals_view
from onecard.web.console_route import console_route
from onecard.web.console_table import PAGE_ROWS, address, pager
from onecard.web.console_uses_filter import FIELDS, Asked, read_filter
from onecard.web.console_uses_words import UseWords
from onecard.web.known_queries import QueryNames
from onecard.web.wire import BodyMalformed
from onecard.web.words import Catalogue

__all__ = ["record_routes", "use_words"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROS_MAX: Final = 4_102_444_800_000_000  # The year 2100.


def record_routes(console: Console) -> APIRouter:
    """Return the routes of the records: the page, and the same as a file."""
    router = APIRouter(route_class=console_route(console))
    reads = Visiting(console, "uses.read")

    @router.get(PATH, dependencies=[Depends(QueryNames(*FIELDS))])
    async def records(request: Request, visit: Annotated[Visit, Depends(reads)], after: str = "") -> Response:
        asked = _asked(console, request, visit.t)
        if asked.errors:
            return _wrong(console, visit, asked)
        found, totals = await console.uses.listed_with_totals(visit.acting, asked.filter, _before(after), PAGE_ROWS + 1)
        return console_page(console, visit, "records.html", _view(console, visit, asked, after, found, totals))

    @router.get(f"{PATH}.{{form}}", dependencies=[Depends(QueryNames(*FIELDS))])
    async def file(form: Form, request: Request, visit: Annotated[Visit, Depends(reads)]) -> Response:
        asked = _asked(console, request, visit.t)
        if asked.errors:
            return _wrong(console, visit, asked)
        found, totals = await console.uses.exported(visit.acting, asked.filter, form)
        if totals.uses > EXPORT_MAX:
            many = visit.t("console.records.too_many", most=f"{EXPORT_MAX:,}", count=f"{totals.uses:,}")
            return _wrong(console, visit, Asked(filter=asked.filter, texts=asked.texts, errors={"from": many}))
        export = records_export(asked, found, use_words(console, visit.t), visit.acting, console.now())
        return await export_response(export, form)

    return router


def use_words(console: Console, t: Catalogue) -> UseWords:
    """Return how uses are called in one language, programmes by what they are called today."""
    masters = console.app.masters
    titles = titles_of(masters.rules, civil(console.now()).date())
    return UseWords(t=t, words=console.words, regions=console.regions, sites=masters.directory.sites, titles=titles)


def _asked(console: Console, request: Request, t: Catalogue) -> Asked:
    return read_filter(request.query_params, civil(console.now()).date(), t, console.app.report_city.programmes_of)


def _view(console: Console, visit: Visit, asked: Asked, after: str, found: Sequence[SeenUse], totals: Totals) -> dict[str, Any]:
    """Return what the page shows: the answer in its title, then the money, then the rows."""
    t, rows, words = visit.t, found[:PAGE_ROWS], use_words(console, visit.t)
    query = {name: text for name, text in asked.texts.items() if text}
    following = _cursor(rows[-1]) if len(found) > PAGE_ROWS else ""
    handed_out = 0 < totals.uses <= EXPORT_MAX
    return {
        "title": t("console.records.title", count=f"{totals.uses:,}") if totals.uses else t("console.records.none"),
        "lead": period(asked, t),
        "errors": list(asked.errors.items()),
        "fields": record_fields(console, visit, asked),
        "pinned": pinned(asked, words),
        "totals": totals_view(totals, t),
        "table": records_table(rows, words),
        "pager": pager(PATH, query, after, following, len(rows)),
        "exports": [(address(f"{PATH}.{form}", query), form.upper()) for form in ("csv", "xlsx")] if handed_out else [],
        "too_many": t("console.records.export_limit", most=f"{EXPORT_MAX:,}") if totals.uses > EXPORT_MAX else "",
        "path": PATH,
    }


def _wrong(console: Console, visit: Visit, asked: Asked) -> Response:
    """Return the page with what is wrong in the filter, its fields kept, and nothing found."""
    none = _view(console, visit, asked, "", (), Totals(0, 0, 0, 0))
    told = {**none, "title": visit.t("console.records.wrong"), "lead": "", "table": None}
    return console_page(console, visit, "records.html", told, status=422)


def _cursor(use: SeenUse) -> str:
    return cursor((use.occurred_at - _EPOCH) // timedelta(microseconds=1), use.key.terminal, use.key.seq)


def _before(after: str) -> UseKey:
    if not after:
        return NEWEST_USE
    micros, terminal, seq = place_of(after, int, str, int)
    if not (0 <= micros <= _MICROS_MAX and 0 <= seq < 2**63):
        raise BodyMalformed(problem_zh="after 不是上一页给出的值", problem_en="after is not what a page told", field="after")
    return UseKey(_EPOCH + timedelta(microseconds=micros), terminal, seq)
