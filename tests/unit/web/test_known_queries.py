"""Names in a query that nobody reads are refused under `/v1` and `/console`, and passed over on the public pages."""

from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Query

from onecard.web.api import install_problems
from onecard.web.known_queries import QueryNames, refuse_unknown_queries

NUMBER = "330491194912310026"


@pytest.fixture(scope="module")
def app() -> FastAPI:
    inner = APIRouter()

    async def page(state: Annotated[str, Query()] = "", resident: str = "") -> str:
        return state + resident

    async def by_itself() -> str:
        return "read"

    for path in ("/v1/things", "/console/things", "/things"):
        inner.add_api_route(path, page, methods=["GET", "POST"])
    inner.add_api_route("/console/by-itself", by_itself, dependencies=[Depends(QueryNames("from", "until"))])
    outer = APIRouter()
    outer.include_router(inner)  # As the console's routes stand: a router in a router.
    app = FastAPI(dependencies=[Depends(refuse_unknown_queries)])
    app.include_router(outer)
    install_problems(app)
    return app


async def asked(app: FastAPI, path: str, method: str = "GET") -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://city.test") as browser:
        return await browser.request(method, path)


@pytest.mark.parametrize(
    "path", ["/v1/things", "/v1/things?state=x", "/console/things?state=", "/console/by-itself?from=1&until=2", "/things?utm=1"]
)
async def test_what_a_route_reads_is_let_in(app: FastAPI, path: str):
    assert (await asked(app, path)).status_code == 200


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/v1/things?stat=x", "stat"), ("/v1/things?State=x", "State"), ("/v1/things?state=x&state=y", "state"), ("/v1/things?=x", ""),
        ("/console/things?state=x&form=1", "form"), ("/console/by-itself?until=1&of=2", "of"), ("/console/by-itself?state=x", "state"),
        (f"/console/things?state={NUMBER}", "state"),
    ],
)  # fmt: skip
async def test_what_it_does_not_read_is_refused_by_name(app: FastAPI, path: str, field: str):
    for method in ("GET", "POST") if "things" in path else ("GET",):
        answer = await asked(app, path, method)
        assert (answer.status_code, answer.json()["field"]) == (422, field)
        assert NUMBER not in answer.text
