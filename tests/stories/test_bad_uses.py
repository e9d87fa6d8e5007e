"""Whatever comes in wrong through `POST /v1/uses` is answered 4xx with a sentence, and nothing of it is recorded."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.stories.doors import City
from tests.stories.problems import problem

Use = dict[str, Any]
Spoil = Callable[[Use], str | bytes]

TERMINAL = "museum"  # Nobody else counts what is recorded here while this file runs.


def told(**fields: Any) -> Spoil:
    """Spoil a use by telling other fields."""
    return lambda use: json.dumps({**use, **fields})


def put(old: str, new: str) -> Spoil:
    """Spoil the text of a use: what JSON itself cannot write."""
    return lambda use: json.dumps(use).replace(old, new, 1)


def raw(old: bytes, new: bytes) -> Spoil:
    """Spoil the bytes of a use."""
    return lambda use: json.dumps(use).encode().replace(old, new, 1)


def price(text: str) -> Spoil:
    return put('"list_price": 0', f'"list_price": {text}')


def seq(text: str) -> Spoil:
    return lambda use: json.dumps({**use, "seq": "@"}).replace('"@"', text)


def card(value: str, kind: str = "card", **more: str) -> Spoil:
    return told(credential={"kind": kind, "value": value, **more})


BAD: dict[str, tuple[Spoil, int, str | None]] = {
    # JSON that is none, or not ours.
    "empty": (lambda _: b"", 422, None),
    "cut off": (lambda use: json.dumps(use)[:-1], 422, None),
    "an array": (lambda use: json.dumps([use]), 422, None),
    "null": (lambda _: "null", 422, None),
    "two documents": (lambda use: json.dumps(use) * 2, 422, None),
    "a byte order mark": (lambda use: b"\xef\xbb\xbf" + json.dumps(use).encode(), 422, None),
    "single quotes": (str, 422, None),
    "not UTF-8": (raw(b"entry", b"entr\xff"), 422, None),
    "a raw control character": (raw(b"entry", b"en\x00try"), 422, None),
    "a megabyte of blanks": (lambda use: json.dumps(use) + " " * 1_000_000, 413, None),
    "a megabyte in a field": (told(terminal="T" * 1_000_000), 413, None),
    "65 KB": (lambda use: json.dumps(use) + " " * 66_000, 413, None),
    # Texts.
    "NUL in the service": (told(service="entry\x00"), 422, "service"),
    "NUL in the card": (card("CA246913\x00"), 422, "value"),
    "NUL in a code": (card("QR\x00", "code"), 422, "value"),
    "NUL in a reason": (card("CA2469135", "lookup", reason="\x00"), 422, "reason"),
    "NUL in the terminal": (told(terminal="T\x00"), 422, "terminal"),
    "half a character": (put("entry", "\\ud800"), 422, None),
    "the other half": (put("entry", "\\udc00"), 422, None),
    "half a character as bytes": (raw(b"entry", b"\xed\xa0\x80"), 422, None),
    # Keys.
    "a key twice": (lambda use: json.dumps(use)[:-1] + ', "seq": 1}', 422, "seq"),
    "a key twice, the same": (lambda use: json.dumps(use)[:-1] + ', "service": "entry"}', 422, "service"),
    "a key twice, once spelt with an escape": (lambda use: json.dumps(use)[:-1] + ', "s\\u0065q": 1}', 422, "seq"),
    "a key twice inside": (put('"kind"', '"kind": "card", "kind"'), 422, "kind"),
    "an unknown field": (told(paid=0), 422, "paid"),
    "an unknown field inside": (card("CA2469135", pin="1234"), 422, "credential.pin"),
    "a field in capitals": (put('"seq"', '"SEQ"'), 422, "SEQ"),
    "no seq": (lambda use: json.dumps({key: use[key] for key in use if key != "seq"}), 422, "seq"),
    # Depth.
    "33 deep": (price("[" * 33 + "]" * 33), 422, "list_price"),
    "33 deep in an unknown field": (told(x=json.loads("[" * 33 + "]" * 33)), 422, "x"),
    "20,000 deep": (price("[" * 20_000 + "]" * 20_000), 422, "list_price"),
    "8,000 deep and never closed": (lambda _: '{"a":' * 8_000, 422, "a"),
    # Money.
    "a price of 2^63": (price("9223372036854775808"), 422, "list_price"),
    "a price of 2^64": (price("18446744073709551616"), 422, "list_price"),
    "a price of 5,000 digits": (price("9" * 5_000), 422, "list_price"),
    "a price beyond 10,000,000 yuan": (price("1000000001"), 422, "list_price"),
    "a price that is true": (price("true"), 422, "list_price"),
    "a price of 1.5": (price("1.5"), 422, "list_price"),
    "a price of 200.0": (price("200.0"), 422, "list_price"),
    "a price of 1e2": (price("1e2"), 422, "list_price"),
    "a price as a text": (price('"200"'), 422, "list_price"),
    "a price below nothing": (price("-1"), 422, "list_price"),
    "a price of null": (price("null"), 422, "list_price"),
    "a price that is no number": (price("NaN"), 422, None),
    "a price without end": (price("Infinity"), 422, None),
    # Numbers.
    "seq 0": (seq("0"), 422, "seq"),
    "seq -1": (seq("-1"), 422, "seq"),
    "seq 2^53": (seq("9007199254740992"), 422, "seq"),
    "seq 1.0": (seq("1.0"), 422, "seq"),
    "seq true": (seq("true"), 422, "seq"),
    "a group of nobody": (told(group=0), 422, "group"),
    "a group of 201": (told(group=201), 422, "group"),
    # Times.
    "the year 9999": (told(occurred_at="9999-12-31T23:59:59+08:00"), 422, "occurred_at"),
    "the year 9999, where UTC is later still": (told(occurred_at="9999-12-31T23:59:59-12:00"), 422, "occurred_at"),
    "the year 0": (told(occurred_at="0000-01-01T00:00:00+08:00"), 422, "occurred_at"),
    "the year 1, where UTC is earlier still": (told(occurred_at="0001-01-01T00:00:00+08:00"), 422, "occurred_at"),
    "no offset": (told(occurred_at="2024-10-30T10:00:00"), 422, "occurred_at"),
    "an offset of 99 hours": (told(occurred_at="2024-10-30T10:00:00+99:00"), 422, "occurred_at"),
    "a day alone": (told(occurred_at="2024-10-30"), 422, "occurred_at"),
    "30 February": (told(occurred_at="2024-02-30T10:00:00+08:00"), 422, "occurred_at"),
    "25 o'clock": (told(occurred_at="2024-10-30T25:00:00+08:00"), 422, "occurred_at"),
    "seconds since 1970": (told(occurred_at=1_730_246_400), 422, "occurred_at"),
    "full-width digits in a time": (told(occurred_at="２０２４-10-30T10:00:00+08:00"), 422, "occurred_at"),
    # Credentials.
    "full-width letters and digits": (card("ＣＡ２４６９１３５"), 422, "credential.value"),
    "one full-width digit": (card("CA246913５"), 422, "credential.value"),
    "a blank behind the card": (card("CA2469135 "), 422, "credential.value"),
    "a line feed behind the card": (card("CA2469135\n"), 422, "credential.value"),
    "a card too short": (card("CA246913"), 422, "credential.value"),
    "no card at all": (card(""), 422, "credential.value"),
    "a chip that is not hexadecimal": (card("g" * 32, "chip"), 422, "credential.value"),
    "an id with a wrong check character": (card("330495195905120821", "id"), 422, "credential.value"),
    "an id of 30 February": (card("330495195902300821", "id"), 422, "credential.value"),
    "a face": (card("CA2469135", "face"), 422, "credential.kind"),
    "a look-up without a reason": (card("CA2469135", "lookup"), 422, "credential.reason"),
    "a reason without a look-up": (card("CA2469135", reason="curious"), 422, "credential.reason"),
    "a guardian looked up without a reason": (told(guardian={"kind": "lookup", "value": "CA2469135"}), 422, "guardian.reason"),
    "a guardian who is no card": (told(guardian={"kind": "card", "value": "ＣＡ"}), 422, "guardian.value"),
    # Names.
    "a service that nobody offers": (told(service="fly"), 422, "service"),
    "a service of another site": (told(service="lunch"), 422, "service"),
    "a way that is none": (told(way="by drone"), 422, "way"),
    "a ticket that is none": (told(ticket="gold"), 422, "ticket"),
    "the answer it wants": (told(offline={"outcome": "maybe", "paid": 0}), 422, "offline.outcome"),
    "an offline answer above the price": (told(offline={"outcome": "accepted", "paid": 1}), 422, "offline.paid"),
    "an offline answer below nothing": (told(offline={"outcome": "accepted", "paid": -1}), 422, "offline.paid"),
    # Terminals.
    "another's terminal": (told(terminal="T330400-0001"), 403, "terminal"),
    "a terminal that nobody has": (told(terminal="nowhere"), 403, "terminal"),
    "no terminal": (told(terminal=""), 403, "terminal"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_use_is_refused_with_a_sentence_and_leaves_nothing(city: City, name: str) -> None:
    spoil, status, field = BAD[name]
    before = next_seq(city)
    use = city.use("xuancheng-65", TERMINAL)
    said = problem(city.post("/v1/uses", spoil(use), terminal=TERMINAL), status)
    assert said["field"] == field
    assert next_seq(city) == before
    assert not city.recorded(use, TERMINAL)


@pytest.mark.parametrize("name", [name for name, (_, status, _) in BAD.items() if status != 413])
def test_a_bad_entry_spoils_only_itself(city: City, name: str) -> None:
    spoil, status, field = BAD[name]
    good = [city.use("xuancheng-65", TERMINAL), city.use("beijing-65", TERMINAL)]
    spoilt = spoil(city.use("wujiang-65", TERMINAL))
    entry = spoilt if isinstance(spoilt, bytes) else spoilt.encode()
    body = b'{"uses": [' + json.dumps(good[0]).encode() + b"," + entry + b"," + json.dumps(good[1]).encode() + b"]}"
    response = city.post("/v1/uses/batch", body, terminal=TERMINAL)
    if response.status_code == 200:
        answers = response.json()["answers"]
        assert [answer["upload"] for answer in answers] == ["agreed", "invalid", "agreed"]
        assert (answers[1]["problem"]["status"], answers[1]["problem"]["field"]) == (status, field)
    else:  # The entry is no JSON, so the batch is none: it is sent again without it.
        assert name in NO_JSON
        problem(response, 422)
    assert [city.recorded(use, TERMINAL) for use in good] == [response.status_code == 200] * 2


NO_JSON = {
    "empty", "cut off", "two documents", "a byte order mark", "single quotes", "not UTF-8", "a raw control character", "half a character",
    "the other half", "half a character as bytes", "8,000 deep and never closed", "a price that is no number",
    "a price without end",
}  # fmt: skip


@pytest.mark.parametrize(("ahead", "status"), [
    pytest.param(timedelta(minutes=1), 200, id="a minute ahead"),
    pytest.param(timedelta(minutes=3), 422, id="three minutes ahead"),
    pytest.param(timedelta(days=-29, hours=-23), 200, id="almost 30 days back"),
    pytest.param(timedelta(days=-31), 422, id="31 days back"),
])  # fmt: skip
def test_a_use_may_be_thirty_days_old_and_two_minutes_ahead(city: City, ahead: timedelta, status: int) -> None:
    use = city.use("xuancheng-65", "library", occurred_at=(city.now() + ahead).isoformat())
    response = city.post("/v1/uses", use, terminal="library")
    if status == 200:
        assert response.status_code == 200
    else:
        assert problem(response, status)["field"] == "occurred_at"
    assert city.recorded(use, "library") == (status == 200)


@pytest.mark.parametrize(("token", "kind"), [("", "token-missing"), ("nobody's", "token-unknown")])
def test_without_a_token_that_is_known_nothing_is_told(city: City, token: str, kind: str) -> None:
    use = city.use("xuancheng-65")
    ways = (
        ("POST", "/v1/uses", use),
        ("POST", "/v1/uses/batch", {"uses": [use]}),
        ("GET", "/v1/uses/T330400-0001.1/explanation", b""),
        ("POST", "/v1/uses/T330400-0001.1/reversal", {"reason": "test"}),
        ("POST", "/v1/uses", b"{"),  # Who may not speak does not learn what is wrong with it.
    )
    for method, path, body in ways:
        response = city.post(path, body, token=token, method=method)
        assert problem(response, 401)["type"].endswith(kind)
        assert response.headers["www-authenticate"] == "Bearer"
    assert not city.recorded(use)


def test_anothers_use_looks_like_none(city: City) -> None:
    use = city.tap("xuancheng-65", "bus")["use"]
    problem(city.post(f"/v1/uses/{use}/explanation", b"", terminal="scenic", method="GET"), 404)
    problem(city.post(f"/v1/uses/{use}/reversal", {"reason": "test"}, terminal="scenic"), 404)
    assert not city.explained(use)["reversed"]


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/v1/uses", 405), ("PUT", "/v1/uses", 405), ("DELETE", "/v1/uses/batch", 405), ("POST", "/healthz", 405),
    ("GET", "/v1/uses/T1.1/reversal", 405), ("POST", "/v1/uses/T1.1/explanation", 405),
    ("GET", "/v1/nothing", 404), ("POST", "/v1/uses/", 404), ("POST", "/v2/uses", 404), ("GET", "/v1/uses/../../etc/passwd", 404),
])  # fmt: skip
def test_a_wrong_method_is_405_and_an_unknown_path_404(city: City, method: str, path: str, status: int) -> None:
    response = city.post(path, b"", method=method)
    problem(response, status)
    assert ("allow" in response.headers) == (status == 405)


@pytest.mark.parametrize("use", ["T", "T330400-0001", "T330400-0001.0", "T330400-0001.-1", "T330400-0001.01", "T1.１", "a%00.1", ".1"])
def test_a_use_that_is_none_is_unknown(city: City, use: str) -> None:
    problem(city.post(f"/v1/uses/{use}/explanation", b"", method="GET"), 404)


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b"{}", b'{"reason": ""}', b'{"reason": " "}', b'{"reason": 1}', b'{"reason": "a", "x": 1}', b'{"reason": "a\\u0000"}',
    b'{"reason": "\\ud800"}', b'{"reason": "\xff"}', b'{"reason": "a", "reas\\u006fn": "b"}', b'{"reason": ' + b"[" * 9000, b"[" * 9000,
    json.dumps({"reason": "a" * 201}).encode(),
])  # fmt: skip
def test_a_reversal_without_a_good_reason_changes_nothing(city: City, body: bytes) -> None:
    use = city.tap("beijing-65")["use"]
    problem(city.post(f"/v1/uses/{use}/reversal", body), 422)
    assert not city.explained(use)["reversed"]


def next_seq(city: City) -> int:
    """Return the number that follows the last recorded at the terminal, as its page is told."""
    following: int = city.client.get(f"/terminal/{TERMINAL}/state").json()["next_seq"]
    return following
