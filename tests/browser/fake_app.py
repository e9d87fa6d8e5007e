"""A small application by hand behind the real pages: the cast, one explanation of each state, and answers to taps."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import uvicorn
import yaml
from fastapi import FastAPI, Request
from starlette.responses import JSONResponse

from onecard.reports.model import Bulletin
from onecard.values.days import CITY_ZONE
from onecard.web.pages import pages
from tests.browser.fake_terminals import terminals
from tests.unit.reports.sample import ROOT, newsletter

LUNCH = {"use": "T330481-0003-1000001", "service": "lunch", "list_price": 1500}
SITE = {"zh": "秀水老年食堂", "en": "Xiushui Canteen"}
RIVER = {"zh": "河滨食堂", "en": "Riverside Canteen"}
SAME_DAY = [
    {**LUNCH, "occurred_at": "2024-10-30T11:08:00+08:00", "site": SITE, "outcome": "accepted", "reason": "OK_DISCOUNT", "paid": 1300,
     "programme": "meal-subsidy", "version": 3},
    {**LUNCH, "use": "T330481-0007-1000002", "occurred_at": "2024-10-30T12:20:00+08:00", "site": RIVER, "outcome": "accepted",
     "reason": "LIMIT_SLOT", "paid": 1500, "programme": None, "version": None},
]  # fmt: skip


def condition(zh: str, en: str, value: Any, held: bool | None, reason: str) -> dict[str, Any]:
    return {"programme": "meal-subsidy", "reason": reason, "text": "age >= 60", "says": {"zh": zh, "en": en}, "value": value, "held": held}


CONDITIONS = [
    condition("卡（码）有效", "The card or code is valid", {}, True, "OK"),
    condition("本市户籍：330481", "Registered in the city: 330481", {"registered_region": "330481"}, True, "NOT_ELIGIBLE_REGION"),
    condition("年满 60 周岁：66 岁", "Age 60 or over: 66", {"age": 66}, True, "NOT_ELIGIBLE_AGE"),
    condition("困难情况", "Hardship", "withheld", True, "NOT_ELIGIBLE"),
]


def explanation(use: str, outcome: str, reason: str, paid: int, sentence: Mapping[str, str], **more: Any) -> dict[str, Any]:
    granted = outcome == "accepted" and paid < 1500
    return {
        "use": use, "outcome": outcome, "reason": reason, "sentence": dict(sentence), "conditions": CONDITIONS,
        "limits": [
            {"name": "meals-slot", "per": "slot", "cap": 1, "used_before": 0 if granted else 1, "counted": 1 if granted else 0},
            {"name": "meals-month", "per": "month", "cap": 45, "used_before": 23, "counted": 1 if granted else 0},
        ],
        "money": {"list_price": 1500, "paid": paid, "payers": [{"fund": "civil-affairs-330481", "amount": 1500 - paid}] if granted else []},
        "programme": "meal-subsidy" if granted else None, "version": 3 if granted else None,
        "basis": "海民〔2024〕7号" if granted else None, "facts": {"age": 66}, "occurred_at": "2024-10-30T12:20:00+08:00",
        "terminal": "T330481-0007", "site": RIVER, "service": "lunch", "person": "王*国", "same_day": SAME_DAY, **more,
    }  # fmt: skip


GRANTED = {"zh": "您 66 岁，午餐优惠 2.00 元，所以付 13.00 元。", "en": "You are 66: lunch is ¥2.00 off, so you pay ¥13.00."}
WITHHELD = {
    "zh": "午餐优惠每餐 1 次，11:08 已经用过，所以按原价 15.00 元。",
    "en": "The lunch discount was used at 11:08, so the full price of ¥15.00 applies.",
}
REFUSED = {"zh": "这张卡已经挂失，所以没有通过。", "en": "This card was reported lost, so it was refused."}
LOST = condition("卡（码）现在不能用", "The card or code cannot be used now", {}, False, "CARD_LOST")
EXPLANATIONS = {
    "granted": explanation("granted", "accepted", "OK_DISCOUNT", 1300, GRANTED),
    "busy-day": explanation("busy-day", "accepted", "OK_DISCOUNT", 1300, GRANTED, same_day=SAME_DAY * 9),
    "withheld": explanation("T330481-0007-1000002", "accepted", "LIMIT_SLOT", 1500, WITHHELD),
    "refused": explanation("refused", "refused", "CARD_LOST", 0, REFUSED, conditions=[LOST], limits=[], same_day=[]),
}

ANSWERS = {
    "B00000001": ("accepted", "OK_DISCOUNT", {"zh": "优惠", "en": "Reduced fare"}, 100),
    "B00000002": ("accepted", "LIMIT_SLOT", {"zh": "按原价", "en": "Full price"}, 200),
    "B00000003": ("refused", "CARD_LOST", {"zh": "卡已挂失", "en": "Card reported lost"}, 0),
    "B00000004": ("accepted", "NOT_ELIGIBLE_AGE", {"zh": "按原价", "en": "Full price"}, 200),
    "B00000005": ("refused", "GUARDIAN_NEEDED", {"zh": "需监护人陪同", "en": "Guardian needed"}, 0),
    "B00000006": ("accepted", "OK_FREE", {"zh": "免费", "en": "Free"}, 0),
}


def _cast() -> dict[str, Any]:
    people = [
        {"key": f"person-{at}", "name": name, "born": "1958-05-01", "home_region": "330481", "story": {"zh": story, "en": en},
         "credentials": [
             {"kind": "card", "value": value}, {"kind": "chip", "value": f"{at:032x}"}, {"kind": "card", "value": f"AD{at:07d}"}]}
        for at, (value, name, story, en) in enumerate([
            ("B00000001", "王建国", "本地 66 岁，公交半价", "Local, 66, rides at half price"),
            ("B00000002", "李秀英", "这一餐的优惠已经用过", "Has used this meal's discount"),
            ("B00000003", "张伟", "卡已挂失", "Reported the card lost"),
            ("B00000004", "陈静", "本地 58 岁，还没有优惠", "Local, 58, no discount yet"),
            ("B00000005", "赵小明", "13 岁，一个人来", "13 years old, alone"),
            ("B00000006", "周阿婆", "72 岁，免费乘车", "72, rides free"),
        ])
    ]  # fmt: skip
    terminals = [
        {"key": key, "id": f"T330481-{at:04d}", "token": f"token-{key}", "scene": scene, "region": "330481", "services": services}
        for at, (key, scene, services) in enumerate([
            ("bus", "bus", ["ride"]), ("scenic", "scenic", ["entry"]), ("canteen-haining", "canteen", ["breakfast", "lunch", "dinner"]),
            ("museum", "museum", ["entry"]), ("campus-out", "campus", ["exit"]),
        ])
    ]  # fmt: skip
    return {"people": people, "terminals": terminals, "logins": []}


class FakeApp:
    """Answers as the application would, from what stands above."""

    is_demo = True
    scale = 100
    address = ""

    def __init__(self) -> None:
        self.words = yaml.safe_load((ROOT / "cities/jiaxing/lists.yaml").read_text("utf-8"))["words"]
        self.forget()

    def forget(self) -> None:
        """Begin anew: no tap was taken, and taps are answered."""
        self.uses: list[dict[str, Any]] = []
        self.behaviour = "answer"
        self.stands_alone = False  # Whether terminals are told what they need to decide alone.
        self.lost_late = False  # Whether a card was reported lost after the terminal signed in,
        self.brings: bytes | None = None  # and what the event that tells of it brings along.
        self.hotlists: list[int] = []  # From which versions on terminals fetched.
        self.reversals: list[tuple[str, str]] = []
        self.is_away = False  # Whether uploads are refused.
        self.keys: list[str | None] = []  # The device keys shown at each sign-in.
        self.device = "bound"  # What a device is told of its key.
        self.is_cloned = False
        self.issuers: list[dict[str, Any]] = []  # Whose codes terminals believe.

    def now(self) -> datetime:
        return datetime(2024, 10, 31, 20, 0, tzinfo=CITY_ZONE)

    def cast(self) -> Mapping[str, Any]:
        return _cast()

    async def bulletin(self, as_of: date | None = None) -> Bulletin:
        return replace(newsletter(), synthetic=self.is_demo)

    async def explain(self, use: str) -> Mapping[str, Any] | None:
        return EXPLANATIONS.get(use) or (EXPLANATIONS["granted"] if any(row["use"] == use for row in self.uses) else None)

    async def last_seq(self, terminal: str) -> int:
        return max((row["seq"] for row in self.uses if row["terminal"] == terminal), default=0)

    async def take(self, request: Request) -> JSONResponse:
        body = json.loads(await request.body())
        if self.behaviour == "stall":
            await asyncio.sleep(5)
        if self.behaviour == "busy":
            return JSONResponse({"type": "/busy", "title": {"zh": "忙", "en": "Busy"}}, 503, {"Retry-After": "1"})
        if self.behaviour != "stall" and any((row["terminal"], row["seq"]) == (body["terminal"], body["seq"]) for row in self.uses):
            return JSONResponse({"type": "/seq-reused", "title": {"zh": "流水号已用", "en": "Seq reused"}}, 409)
        outcome, reason, say, paid = ANSWERS.get(body["credential"]["value"], ANSWERS["B00000001"])
        use = f"{body['terminal']}-{body['seq']}"
        self.uses.append({**body, "use": use, "authorization": request.headers["authorization"]})
        await asyncio.sleep(0)
        return JSONResponse({
            "use": use, "outcome": outcome, "reason": reason, "say": say, "list_price": body["list_price"], "paid": paid,
            "payers": [], "programme": None, "version": None, "duplicate": False,
        })  # fmt: skip

    async def take_back(self, use: str, request: Request) -> JSONResponse:
        self.reversals.append((use, json.loads(await request.body())["reason"]))
        return JSONResponse({"use": use})


def application(app: FakeApp) -> FastAPI:
    web = FastAPI()
    web.include_router(pages(app))
    web.include_router(terminals(app))
    web.add_api_route("/healthz", lambda: {"ok": True})
    web.add_api_route("/v1/uses", app.take, methods=["POST"])
    web.add_api_route("/v1/uses/{use}/reversal", app.take_back, methods=["POST"])
    return web


@contextmanager
def served(app: FakeApp) -> Iterator[str]:
    """Serve *app* on a free port of this machine and give its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(application(app), log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        until = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < until, "the test server did not start"
            time.sleep(0.02)
        app.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            yield app.address
        finally:
            server.should_exit = True
            thread.join(10)
