"""A filter that was filled in becomes an address, by a write in between: a person's number that was typed never stands in one.

A page of the console is its address, so that it can be sent to a colleague. But people type a number into whatever field there
is, and an address is kept by browsers, proxies and logs. So a filter is sent like any form, looked through, and led on.
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends
from starlette.responses import Response

from onecard.values.error import OnecardError
from onecard.values.person_number import typed_number
from onecard.web.console_access import Visiting
from onecard.web.console_approvals_view import PATH as APPROVALS
from onecard.web.console_audit_view import FIELDS as AUDIT_FIELDS
from onecard.web.console_audit_view import PATH as AUDIT
from onecard.web.console_bulletin_view import PATH as BULLETIN
from onecard.web.console_form import form_fields
from onecard.web.console_frame import Console, Visit, redirect
from onecard.web.console_records_view import PATH as RECORDS
from onecard.web.console_route import console_route
from onecard.web.console_sites_view import PATH as SITES
from onecard.web.console_terminals_view import PATH as TERMINALS
from onecard.web.console_uses_filter import FIELDS as RECORD_FIELDS

__all__ = ["filter_routes"]

_RESIDENT: Final = "resident"  # The field that holds a resident by the name that means nothing.
_NOBODY: Final = "0"

_FILTERS: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    RECORDS: ("uses.read", RECORD_FIELDS),
    AUDIT: ("audit.read", AUDIT_FIELDS),
    APPROVALS: ("approvals.read", ("state", "kind")),
    BULLETIN: ("reports.read", ("as_of",)),
    SITES: ("sites.read", ("state", "kind", "region")),
    TERMINALS: ("sites.read", ("need", "kind", "region")),
}
"""Each list's address, who may read it, and the fields of its filter."""


class NumberInFilter(OnecardError):
    """A person's number in a filter that cannot be narrowed to a person, or by somebody who may not find people."""

    code = "console.number_in_filter"
    zh = "筛选条件里不能填身份证号。请在页面上方的查找框里查这个人。"
    en = "A filter takes no ID number. Look the person up in the search box at the top of the page."


def filter_routes(console: Console) -> APIRouter:
    """Return, for each list, the route that takes its filter and leads to its address."""
    router = APIRouter(route_class=console_route(console))
    for path, (permission, names) in _FILTERS.items():
        router.add_api_route(path, _taker(console, path, Visiting(console, permission), names), methods=["POST"])
    return router


def _taker(console: Console, path: str, reads: Visiting, names: tuple[str, ...]) -> Callable[..., Coroutine[Any, Any, Response]]:
    async def take(visit: Annotated[Visit, Depends(reads)]) -> Response:
        told = form_fields(visit.form, names)
        numbers = {name: number for name, text in told.items() if (number := typed_number(text)) is not None}
        if numbers:
            told |= dict.fromkeys(numbers, "")
            told[_RESIDENT] = await _resident(console, visit, set(numbers.values()), names)
        return redirect(path, **told)

    return take


async def _resident(console: Console, visit: Visit, numbers: set[str], names: tuple[str, ...]) -> str:
    """Return the resident whom the one number names, as addresses name him; `_NOBODY` where he is not in the reader's regions.

    Raises `NumberInFilter` where the list knows no resident, where two were typed, and for who may not find people.
    """
    if _RESIDENT not in names or len(numbers) > 1 or not visit.acting.may("residents.find"):
        raise NumberInFilter
    found = await console.search.residents.found(visit.acting, "id", numbers.pop())
    return str(found[0]["resident"]) if found else _NOBODY
