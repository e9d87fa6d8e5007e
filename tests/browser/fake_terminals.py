"""What a terminal is told before it may stand alone, by hand: the city's real documents, a small hotlist, uploads kept in order."""

import asyncio
import base64
import json
from datetime import date
from functools import cache
from typing import Any, Protocol

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from onecard.policy.check import check
from onecard.policy.lists import read_lists
from onecard.policy.model import Source
from onecard.terminals.bundle import city_json, document_json, site_json
from onecard.terminals.hotlist import encode_delta, encode_full, entry_of
from onecard.terminals.model import Site
from onecard.values.keyed_hash import keyed_hash
from tests.unit.reports.sample import ROOT

HASH_KEY = bytes(range(32))
CITY = ROOT / "cities" / "jiaxing"
KNOWN = {"B00000001": ("1958-05-01", "330481", "330481"), "B00000003": ("1950-01-01", "330481", "330481"),
         "B00000004": ("1966-11-01", "330100", ""), "B00000006": ("1952-01-01", "330481", "330481")}  # fmt: skip
LOST = "B00000003"
PARAMS = {"uses_per_card_day": 500, "fen_per_card_day": 100_000, "hotlist_age_hours": 24, "silence_ms": 800, "heartbeat_seconds": 60}


def alias(value: str) -> bytes:
    return keyed_hash(HASH_KEY, "card", value)[:16]


@cache
def programmes() -> list[dict[str, Any]]:
    sources = [Source(file=path.name, content=path.read_bytes()) for path in sorted((CITY / "policies").glob("*.yaml"))]
    return [document_json(programme) for programme in check(sources, read_lists((CITY / "lists.yaml").read_text("utf-8"))).programmes]


def bundle(terminal: str, issuers: list[dict[str, Any]]) -> dict[str, Any]:
    site = Site(
        site="bus-1", operator="bus-company", kind="bus", scene="bus", region="330481", name_zh="8 路", name_en="Line 8",
        services=("ride",), states=((date(2023, 1, 1), "live"),),
    )  # fmt: skip
    return {
        "etag": "bundle-1", "terminal": terminal, "device": {"model": "bus", "bound_on": "2023-01-01", "unbound_on": None},
        "site": site_json(site), "city": city_json(read_lists((CITY / "lists.yaml").read_text("utf-8")), {}, [2024]),
        "programmes": programmes(), "rules": 1, "issuers": issuers, "hash_key": base64.b64encode(HASH_KEY).decode(),
        "cards": [[alias(value).hex(), *facts] for value, facts in KNOWN.items()], "params": PARAMS,
    }  # fmt: skip


class Book(Protocol):
    """What the fake application keeps."""

    uses: list[dict[str, Any]]
    lost_late: bool
    brings: bytes | None
    hotlists: list[int]
    is_away: bool
    stands_alone: bool
    keys: list[str | None]
    device: str
    is_cloned: bool
    issuers: list[dict[str, Any]]


def terminals(app: Book) -> APIRouter:
    """Return the doors that a terminal asks before it stands alone, and through which it sends what it decided."""
    router = APIRouter()

    @router.post("/v1/terminals/sign-in")
    async def sign_in(request: Request) -> Response:
        if not app.stands_alone:
            return Response(status_code=404)
        body = json.loads(await request.body())
        app.keys.append(body.get("public_key"))
        return JSONResponse({
            **_beat(app, body), "terminal": body["terminal"], "session": "s", "key_id": None, "device": app.device, "last_seq": 0,
            "params": PARAMS,
        })  # fmt: skip

    @router.post("/v1/terminals/heartbeat")
    async def heartbeat(request: Request) -> Response:
        return JSONResponse({**_beat(app, json.loads(await request.body())), "gaps": [], "duplicates": []})

    @router.get("/v1/terminals/{terminal}/bundle")
    async def told(terminal: str) -> Response:
        return JSONResponse(bundle(terminal, app.issuers))

    @router.get("/v1/terminals/{terminal}/events")
    async def events() -> Response:
        return StreamingResponse(_events(app), media_type="text/event-stream") if app.stands_alone else Response(status_code=404)

    @router.get("/v1/hotlist")
    async def hotlist(have: int) -> Response:
        app.hotlists.append(have)
        late = [entry_of(alias("B00000006"))]
        if have == 1 and app.lost_late:
            return Response(late_loss(), media_type="application/octet-stream")
        entries = sorted([entry_of(alias(LOST)), *(late if app.lost_late else [])])
        packed = b"".join(entry.to_bytes(4, "big") for entry in entries)
        return Response(encode_full(_version(app), packed), media_type="application/octet-stream")

    @router.post("/v1/uses/batch")
    async def batch(request: Request) -> Response:
        if app.is_away:
            return Response(status_code=503)
        return JSONResponse({"answers": [_uploaded(app, use) for use in json.loads(await request.body())["uses"]]})

    return router


def _beat(app: Book, body: dict[str, Any]) -> dict[str, Any]:
    told = {"now": body["clock"], "clock_offset_ms": 12, "clock_ok": True, "cloned": app.is_cloned}
    return {**told, "hotlist": _version(app), "bundle": "bundle-1"}


def late_loss() -> bytes:
    """Return what brings a terminal from version 1 to the loss of B00000006."""
    return encode_delta(1, 2, [entry_of(alias("B00000006"))], [])


def _version(app: Book) -> int:
    return 2 if app.lost_late else 1


async def _events(app: Book):
    told = 0
    for _ in range(600):
        if told != _version(app):
            told = _version(app)
            brings = f', "delta": "{base64.b64encode(app.brings).decode()}"' if app.brings and told > 1 else ""
            yield f'data: {{"hotlist": {told}, "rules": 1, "bundle": "bundle-1", "params": 1{brings}}}\n\n'
        await asyncio.sleep(0.05)


def _uploaded(app: Book, use: dict[str, Any]) -> dict[str, Any]:
    known = next((row for row in app.uses if row["seq"] == use["seq"]), None)
    if known is None:
        app.uses.append({**use, "use": f"{use['terminal']}.{use['seq']}"})
    else:
        known["offline"] = use.get("offline")
    answer = {"use": f"{use['terminal']}.{use['seq']}", "outcome": "accepted", "reason": "OK", "paid": 0, "list_price": use["list_price"]}
    return {**answer, "upload": "agreed" if known is None else "duplicate"}
