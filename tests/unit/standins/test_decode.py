"""The played decoding service answers as its page says: one code for one terminal, within a minute."""

import itertools
import json
from datetime import UTC, datetime, timedelta

import pytest

from onecard.standins.decode import Decoder

PERSON = {"si_no": "330495195905010018", "name": "方示远", "born": "1959-05-01", "region": "341800"}


class Clock:
    at = datetime(2024, 10, 31, 12, 0, tzinfo=UTC)

    def __call__(self):
        return self.at


@pytest.fixture
def service():
    numbers = itertools.count(1)
    return Decoder(clock=Clock(), chance=lambda size: f"{next(numbers):0{size}d}")


async def asked(service, path, content, method="POST"):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    parts = iter([{"type": "http.request", "body": body[:5], "more_body": True}, {"type": "http.request", "body": body[5:]}])
    sent = []

    async def receive():
        return next(parts)

    async def send(message):
        sent.append(message)

    await service({"type": "http", "method": method, "path": path}, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"])


async def test_a_code_names_its_person_masked(service):
    _, shown = await asked(service, "/v1/show", PERSON)
    status, told = await asked(service, "/v1/decode", {"code": shown["code"], "terminal": "BUS-1"})
    assert (status, told["si_no"], told["name"], told["born"], told["region"]) == (200, PERSON["si_no"], "方**", "1959-05-01", "341800")
    assert told["token"]


async def test_the_same_question_again_has_the_same_answer_and_another_terminal_none(service):
    code = {"code": service.show(PERSON)[1]["code"]}
    first = await asked(service, "/v1/decode", {**code, "terminal": "BUS-1"})
    service.clock.at += timedelta(minutes=5)
    assert await asked(service, "/v1/decode", {**code, "terminal": "BUS-1"}) == first
    assert await asked(service, "/v1/decode", {**code, "terminal": "BUS-2"}) == (409, {"error": "used"})


async def test_a_code_is_good_for_a_minute(service):
    code = service.show(PERSON)[1]["code"]
    service.clock.at += timedelta(seconds=61)
    assert await asked(service, "/v1/decode", {"code": code, "terminal": "BUS-1"}) == (410, {"error": "expired"})


@pytest.mark.parametrize(
    ("path", "content", "status"),
    [
        ("/v1/decode", {"code": "SI1:nobody", "terminal": "BUS-1"}, 404),
        ("/v1/decode", {"code": 1, "terminal": "BUS-1"}, 400),
        ("/v1/show", {**PERSON, "born": None}, 400),
        ("/v1/show", b"not json", 400),
        ("/v1/show", b"[]", 400),
        ("/v1/show", b"[" * 9000, 400),
        ("/v2/show", PERSON, 404),
    ],
)
async def test_what_is_wrong_is_said(service, path, content, status):
    assert (await asked(service, path, content))[0] == status


@pytest.mark.parametrize(("fault", "status"), [("unavailable", 503), ("wrong", 200)])
async def test_it_fails_on_purpose(service, fault, status):
    service.fault = fault
    code = service.show(PERSON)[1]["code"]
    answered, told = await asked(service, "/v1/decode", {"code": code, "terminal": "BUS-1"})
    assert answered == status and "token" not in told
