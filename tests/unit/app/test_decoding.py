"""What the decoding service may answer, and what is made of it: nobody is registered on a guess, nobody waits for a silent one."""

import json
import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.app.decoding import PEACE_SECONDS, DecoderAddressWrong, HttpDecoder, recognised_from

GOOD = {"si_no": "33049519590501001x", "name": "方**", "born": "1959-05-01", "region": "341800", "token": "t"}
NOW = datetime(2024, 10, 31, 12, 0, tzinfo=UTC)


def test_a_good_answer_names_a_person():
    told = recognised_from(json.dumps(GOOD).encode())
    assert told is not None
    assert (told.number.reveal(), told.born, told.home_region) == ("33049519590501001X", date(1959, 5, 1), "341800")
    assert "19590501" not in repr(told.number)


@pytest.mark.parametrize(
    "other",
    [
        {"si_no": 1}, {"si_no": "1 2 3 4 5 6"}, {"si_no": "三四一八〇〇"}, {"si_no": "1" * 19}, {"born": "yesterday"}, {"born": 1959},
        {"born": "0959-05-01"}, {"region": "nowhere"}, {"region": 341800}, {"region": "0"}, {"region": None},
    ],
)  # fmt: skip
def test_an_answer_that_cannot_be_is_none(other):
    assert recognised_from(json.dumps({**GOOD, **other}).encode()) is None


@pytest.mark.parametrize("name", ["si_no", "born", "region", "token"])
def test_an_answer_that_lacks_something_is_none(name):
    assert recognised_from(json.dumps({key: value for key, value in GOOD.items() if key != name}).encode()) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_raising(body):
    assert recognised_from(body) is None


@pytest.mark.parametrize("url", ["", "decode.example", "ftp://decode.example", "http://", "file:///etc/passwd"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(DecoderAddressWrong):
        HttpDecoder(url, time.monotonic)


async def test_a_silent_service_is_left_in_peace_for_a_while(monkeypatch):
    at, asked = [100.0], []
    decoder = HttpDecoder("http://127.0.0.1:9", lambda: at[0])

    def refuse(body):
        asked.append(body)
        raise ConnectionRefusedError

    monkeypatch.setattr(decoder, "_post", refuse)
    for seconds, times in ((0.0, 1), (PEACE_SECONDS - 0.1, 1), (0.2, 2)):
        at[0] += seconds
        assert await decoder.decode("SI1:x", "BUS-1", NOW) is None
        assert len(asked) == times


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (404, b'{"error": "unknown"}', "CODE_BAD_SIGN"),
        (409, b'{"error": "used"}', "CODE_REPLAYED"),
        (410, b'{"error": "expired"}', "CODE_EXPIRED"),
        (404, b"<html>no such page", None),
        (404, b'{"error": {}}', None),
        (503, b'{"error": "unknown"}', None),
        (200, b"{}", None),
    ],
)
async def test_only_a_word_about_the_code_is_taken_for_one(monkeypatch, status, body, said):
    decoder = HttpDecoder("http://127.0.0.1:9", time.monotonic)
    monkeypatch.setattr(decoder, "_post", lambda _: (status, body))
    assert await decoder.decode("SI1:x", "BUS-1", NOW) == said
