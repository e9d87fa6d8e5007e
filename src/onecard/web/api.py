"""The resources that may take their time: explanations, reversals, health and metrics."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Header, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from onecard.app.application import App
from onecard.db.errors import StoreUnreachable
from onecard.terminals.service import token_hash
from onecard.uses.model import use_key
from onecard.values.error import OnecardError
from onecard.web.metrics import show_fleet, show_log
from onecard.web.problem import MEDIA_TYPE, Failed, TokenMissing, TokenUnknown, problem_headers, problem_of
from onecard.web.staff_access import PUBLIC, TERMINAL
from onecard.web.wire import USE_BYTES_MAX, read_body, read_reversal

__all__ = ["api", "install_problems"]


class UseUnknown(OnecardError):
    """No such use, or not one of the token's terminals: the two look alike."""

    code = "uses.unknown"
    http_status = 404
    zh = "没有这一笔记录。请核对用卡编号。"
    en = "There is no such use. Check its name."


Authorization = Annotated[str, Header(description="Bearer TOKEN; a token speaks for its terminals only.")]


def api(app: App) -> APIRouter:
    """Return the router of these resources."""
    router = APIRouter()

    @router.get("/v1/uses/{use}/explanation", dependencies=[Depends(TERMINAL)], summary="Why a use came out as it did")
    async def explanation(use: str, authorization: Authorization = "") -> JSONResponse:
        _own_use(app, use, authorization)
        told = await app.explain(use)
        if told is None:
            raise UseUnknown(field="use")
        told.pop("same_day", None)  # What a person did elsewhere is not a terminal's to know.
        told.pop("person", None)
        return JSONResponse(told)

    @router.post("/v1/uses/{use}/reversal", dependencies=[Depends(TERMINAL)], summary="Take a use back, once")
    async def reversal(use: str, request: Request, authorization: Authorization = "") -> JSONResponse:
        _own_use(app, use, authorization)
        body = await read_body(request.receive, USE_BYTES_MAX, "最多 64 KB", "it is at most 64 KB")
        told = await app.uses.reverse(use, read_reversal(body))
        if told is None:
            raise UseUnknown(field="use")
        return JSONResponse(told)

    @router.get("/healthz", dependencies=[Depends(PUBLIC)], summary="The process lives; what time it is here")
    async def healthz() -> dict[str, datetime]:
        return {"now": app.now()}

    @router.get("/readyz", dependencies=[Depends(PUBLIC)], summary="The store answers and is migrated")
    async def readyz() -> dict[str, bool]:
        return {"ready": await app.ready()}

    @router.get("/metrics", dependencies=[Depends(PUBLIC)], summary="Prometheus metrics")
    async def metrics() -> Response:
        with suppress(StoreUnreachable):  # What the server counts itself is told all the same.
            show_fleet(await app.fleet.figures(), app.now())
            show_log(await app.log.figures(), app.now())
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


def install_problems(fastapi: FastAPI) -> None:
    """Let every mistake of ours leave as a problem document."""
    from fastapi.exceptions import RequestValidationError
    from starlette.exceptions import HTTPException

    @fastapi.exception_handler(OnecardError)
    async def told(_: Request, mistake: OnecardError) -> JSONResponse:
        return JSONResponse(problem_of(mistake), mistake.http_status, problem_headers(mistake), MEDIA_TYPE)

    @fastapi.exception_handler(Exception)
    async def failed(_: Request, __: Exception) -> JSONResponse:
        return JSONResponse(problem_of(Failed()), Failed.http_status, media_type=MEDIA_TYPE)

    @fastapi.exception_handler(RequestValidationError)
    async def malformed(_: Request, mistake: RequestValidationError) -> JSONResponse:
        first = mistake.errors()[0]
        field = ".".join(str(part) for part in first["loc"][1:]) or None
        title = {"zh": f"字段 {field} 有误，没有改动任何内容。", "en": f"{field}: {first['msg']}. Nothing was changed."}
        return JSONResponse({"type": "/problems/body-malformed", "title": title, "status": 422, "detail": title["en"], "field": field},
                            422, media_type=MEDIA_TYPE)  # fmt: skip

    @fastapi.exception_handler(HTTPException)
    async def plain(_: Request, mistake: HTTPException) -> JSONResponse:
        title = {"zh": "没有这个地址或方法。", "en": "There is no such address or method."}
        body = {
            "type": f"/problems/http-{mistake.status_code}",
            "title": title,
            "status": mistake.status_code,
            "detail": title["en"],
            "field": None,
        }
        return JSONResponse(body, mistake.status_code, mistake.headers, MEDIA_TYPE)


def _own_use(app: App, use: str, authorization: str) -> None:
    """Refuse a token that does not speak for the terminal of *use*, as if the use did not exist."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise TokenMissing(field="authorization")
    terminals = app.masters.directory.spoken_for(token_hash(token))
    if terminals is None:
        raise TokenUnknown(field="authorization")
    key = use_key(use)
    if key is None or key[0] not in terminals:
        raise UseUnknown(field="use")
