"""An address says nothing that nobody reads: a name in its query that the route does not know is refused, not passed over.

`?stat=waiting` would otherwise show everything, and whoever mistyped it would believe that he sees what waits. It holds for `/v1`
and `/console`, reads and writes alike; the public pages may be linked to by whoever adds a name of his own.
"""

from collections.abc import Iterator
from typing import Final

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import Request

from onecard.values.masked import holds_number
from onecard.web.wire import BodyMalformed

__all__ = ["QueryNames", "refuse_unknown_queries"]

_STRICT: Final = ("/v1/", "/console")


class QueryNames:
    """A declaration, as a dependency of a route that reads its query by itself: which names that may hold."""

    def __init__(self, *names: str) -> None:
        self.names: Final = frozenset(names)

    def __call__(self) -> None:
        """Refuse nothing: `refuse_unknown_queries` does, for every route."""


def refuse_unknown_queries(request: Request) -> None:
    """Raise `BodyMalformed` for a name in the query that the request's route does not declare, and for one that comes twice.

    A person's number in an address of the console is refused too: it was typed there by hand, and goes no further.
    """
    route = request.scope.get("route")
    if not request.url.query or not isinstance(route, APIRoute) or not request.url.path.startswith(_STRICT):
        return
    known, seen = frozenset(_names(route.dependant)), set[str]()
    for name, value in request.query_params.multi_items():
        if name not in known:
            zh, en = f"没有参数 {name[:40]}", f"there is no {name[:40]} in the query"
            raise BodyMalformed(problem_zh=zh, problem_en=en, field=name[:40])
        if name in seen:
            raise BodyMalformed(problem_zh=f"参数 {name} 重复", problem_en=f"{name} comes twice in the query", field=name)
        if request.url.path.startswith("/console") and holds_number(value) and name != "resident":
            raise BodyMalformed(problem_zh="网址里不能有身份证号", problem_en="an address holds no person's number", field=name)
        seen.add(name)


def _names(dependant: Dependant) -> Iterator[str]:
    yield from (each.alias for each in dependant.query_params)
    if isinstance(dependant.call, QueryNames):
        yield from dependant.call.names
    for each in dependant.dependencies:
        yield from _names(each)
