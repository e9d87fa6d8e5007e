"""The peer of `tap.http`: a plain, well-written FastAPI and asyncpg server with one transaction and one commit per tap.

It knows one rule, the elders' pass on buses, and writes less than ours: no postings, no seals, no explanation. It is run
as `python -m bench.tap.peer DATABASE_URL` and prints the URL where it listens.
"""

import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal

import asyncpg
import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from onecard.values.days import CITY_ZONE, age_on

__all__ = ["Credential", "Use", "UseAnswer", "app", "decide", "record"]

_CONNECTIONS: Final = 16
_RIDES_A_DAY: Final = 30
_DELTA: Final = ("31", "32", "33", "34")

_READ: Final = """
SELECT c.subject, c.valid_until, c.state, p.born, p.home_region,
    (SELECT json_object_agg(f.fact, f.value ORDER BY f.since) FROM peer.fact AS f WHERE f.subject = c.subject AND f.since <= $2) AS facts,
    coalesce((
        SELECT a.used FROM peer.accumulator AS a WHERE a.subject = c.subject AND a.window_start = $2 AND a.name = 'elder-rides'
    ), 0) AS used
FROM peer.card AS c JOIN peer.person AS p USING (subject)
WHERE c.number = $1
"""
_COUNT: Final = """
INSERT INTO peer.accumulator AS a (subject, window_start, name, used, cap) VALUES ($1, $2, 'elder-rides', 1, $3)
ON CONFLICT (subject, window_start, name) DO UPDATE SET used = a.used + 1 WHERE a.used < a.cap
RETURNING used
"""
_RECORD: Final = """
INSERT INTO peer.use (terminal, seq, subject, day, occurred_at, received_at, service, outcome, reason, list_price_fen, paid_fen,
    fund, fund_fen, programme, facts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
"""


class Credential(BaseModel):
    """What was shown."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["card"]
    value: str = Field(pattern=r"^[A-Z][A-Z0-9][0-9]{7}$")


class Use(BaseModel):
    """One tap."""

    model_config = ConfigDict(extra="forbid")
    terminal: str = Field(max_length=40)
    seq: int = Field(ge=1, lt=2**53)
    credential: Credential
    service: Literal["ride"]
    list_price: int = Field(ge=0, le=1_000_000_000)
    occurred_at: AwareDatetime


class Payer(BaseModel):
    """Who bears how much."""

    fund: str
    amount: int


class UseAnswer(BaseModel):
    """What the terminal is told."""

    use: str
    outcome: Literal["accepted", "refused"]
    reason: str
    list_price: int
    paid: int
    payers: list[Payer]
    programme: str | None


class Decided(BaseModel):
    """What the rule says."""

    outcome: Literal["accepted", "refused"] = "accepted"
    reason: str
    paid: int
    programme: str | None = None


def decide(row: Any, use: Use, day: date) -> Decided:
    """Return what the holder of the card in *row* (None: unknown) gets."""
    if row is None:
        return Decided(outcome="refused", reason="CARD_UNKNOWN", paid=0)
    if row["state"] != "active":
        return Decided(outcome="refused", reason="CARD_LOST", paid=0)
    if row["valid_until"] < day:
        return Decided(outcome="refused", reason="CARD_EXPIRED", paid=0)
    age = age_on(row["born"], day)
    if age < 60:
        return Decided(reason="NOT_ELIGIBLE_AGE", paid=use.list_price)
    if not row["home_region"].startswith(_DELTA):
        return Decided(reason="NOT_ELIGIBLE_REGION", paid=use.list_price)
    if row["used"] >= _RIDES_A_DAY:
        return Decided(reason="LIMIT_DAY", paid=use.list_price)
    if age >= 70:
        return Decided(reason="OK_FREE", paid=0, programme="elder-pass-bus")
    return Decided(reason="OK_DISCOUNT", paid=(use.list_price + 1) // 2, programme="elder-pass-bus")


@asynccontextmanager
async def _pool_open(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(app.state.url, min_size=_CONNECTIONS, max_size=_CONNECTIONS) as app.state.pool:
        yield


app = FastAPI(lifespan=_pool_open)


async def terminal_of(request: Request, authorization: Annotated[str, Header()]) -> str:
    """Return the terminal that the bearer token speaks for; in this bench a terminal's token is its name."""
    terminal = authorization.removeprefix("Bearer ")
    if terminal == authorization or not terminal.startswith(request.app.state.prefix):
        raise HTTPException(401)
    return terminal


@app.post("/v1/uses")
async def record_use(use: Use, request: Request, terminal: Annotated[str, Depends(terminal_of)]) -> UseAnswer:
    """Record one tap of the terminal that asks."""
    if use.terminal != terminal:
        raise HTTPException(403)
    async with request.app.state.pool.acquire() as connection:
        return await record(connection, use)


async def record(connection: Any, use: Use) -> UseAnswer:
    """Read, decide and write one tap in one transaction."""
    day = use.occurred_at.astimezone(CITY_ZONE).date()
    async with connection.transaction():
        row = await connection.fetchrow(_READ, use.credential.value, day)
        decided = decide(row, use, day)
        saved = use.list_price - decided.paid if decided.outcome == "accepted" else 0
        fund = "transit-330400" if saved else None
        if decided.programme and await connection.fetchval(_COUNT, row["subject"], day, _RIDES_A_DAY) is None:
            raise HTTPException(503, headers={"retry-after": "1"})
        facts = json.dumps({"home_region": row["home_region"], "list_price": use.list_price} if row else {})
        await connection.execute(
            _RECORD, use.terminal, use.seq, row and row["subject"], day, use.occurred_at, datetime.now(UTC), use.service, decided.outcome,
            decided.reason, use.list_price, decided.paid, fund, saved or None, decided.programme, facts,
        )  # fmt: skip
    return UseAnswer(
        use=f"{use.terminal}.{use.seq}", outcome=decided.outcome, reason=decided.reason, list_price=use.list_price, paid=decided.paid,
        payers=[Payer(fund=fund, amount=saved)] if fund else [], programme=decided.programme,
    )  # fmt: skip


def _serve(url: str, prefix: str) -> None:
    app.state.url, app.state.prefix = url, prefix
    bound = socket.create_server(("127.0.0.1", 0), backlog=2048)
    sys.stdout.write(f"http://127.0.0.1:{bound.getsockname()[1]}\n")
    sys.stdout.flush()
    config = uvicorn.Config(app, loop="uvloop", http="httptools", access_log=False, log_level="warning")
    uvicorn.Server(config).run(sockets=[bound])


if __name__ == "__main__":
    _serve(*sys.argv[1:])
