"""Bodies are read strictly: what is refused, what is said, and that a deep entry spoils only itself."""

import json
from datetime import UTC, datetime
from functools import partial

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.web.bodies import CredentialBody, OfflineBody, UseBody
from onecard.web.staff_bodies import CancelBody
from onecard.web.wire import BodyMalformed, read_batch, read_reversal, read_struct, read_use
from onecard.web.wire_words import body_problem

USE = UseBody(
    terminal="T1", seq=1, credential=CredentialBody(kind="card", value="A00000001"), service="ride", list_price=200,
    occurred_at=datetime(2024, 10, 31, tzinfo=UTC), guardian=CredentialBody(kind="card", value="A00000002"),
    offline=OfflineBody(outcome="accepted", paid=100),
)  # fmt: skip
TEXT = msgspec.json.encode(USE).decode()

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


def test_a_good_use_is_read_whole() -> None:
    tap = read_use(TEXT.encode())
    assert (tap.terminal, tap.seq, tap.kind, tap.value, tap.list_price_fen) == ("T1", 1, "card", "A00000001", 200)
    assert tap.guardian == ("card", "A00000002")
    assert tap.offline is not None
    assert tap.offline.paid_fen == 100


@given(st.binary() | values.map(lambda value: json.dumps(value).encode()))
def test_whatever_comes_is_read_or_refused(body: bytes) -> None:
    for read in (read_use, read_batch, read_reversal):
        try:
            read(body)
        except BodyMalformed as mistake:
            assert mistake.said_zh
            assert mistake.said_en


@given(st.lists(values, max_size=8))
def test_entries_come_out_as_they_went_in(entries: list[object]) -> None:
    body = json.dumps({"uses": entries}, allow_nan=False) if _is_json(entries) else '{"uses": []}'
    assert [json.loads(entry) for entry in read_batch(body.encode())] == json.loads(body)["uses"]


@pytest.mark.parametrize("depth", [33, 500, 5_000, 50_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[0, "]", ', "]"), ('{"[\\"{":', "}")])
def test_only_the_entry_that_is_too_deep_is_bad(depth: int, opening: str, closing: str) -> None:
    deep = opening * depth + "1" + closing * depth
    entries = read_batch(f'{{"uses": [{TEXT}, {deep}, {TEXT}]}}'.encode())
    assert len(entries) == 3
    assert read_use(entries[0]) == read_use(entries[2]) == read_use(TEXT.encode())
    with pytest.raises(BodyMalformed):
        read_use(entries[1])


@pytest.mark.parametrize("key", ["uses", "us\\u0065s"])
def test_a_batch_with_its_key_twice_is_refused(key: str) -> None:
    for first, second in (("[]", "[]"), ("[1]", "[]"), ("[]", "[1, 2]"), ('"]"', "[]"), ("[]", '"}"')):
        with pytest.raises(BodyMalformed):
            read_batch(f'{{"uses": {first}, "{key}": {second}}}'.encode())


def test_every_field_of_a_use_has_its_own_sentence() -> None:
    for field in _fields(json.loads(TEXT)):
        zh, en, named = body_problem(f"Expected `int`, got `object` - at `$.{field}`")
        assert named == field
        assert field in zh
        assert en.startswith(f"{field}: it is ")


def test_nothing_that_came_in_is_repeated() -> None:
    with pytest.raises(BodyMalformed) as told:
        read_use(TEXT.replace('"card"', '"330495195905120822"', 1).encode())
    assert "330495195905120822" not in told.value.said_en + told.value.said_zh


def _fields(value: dict[str, object], inside: str = "") -> list[str]:
    names = []
    for key, inner in value.items():
        names.append(inside + key)
        if isinstance(inner, dict):
            names += _fields(inner, f"{inside}{key}.")
    return names


def _is_json(value: object) -> bool:
    try:
        json.dumps(value, allow_nan=False).encode()
    except (ValueError, UnicodeError):
        return False
    return True


@pytest.mark.parametrize("number", ["330491195003071234", "33049119500307123X", "33049119500307123x"])
def test_a_reason_that_holds_a_person_number_is_refused_before_it_is_kept_for_ever(number: str) -> None:
    body = msgspec.json.encode({"reason": f"本人 {number} 来电"})
    for read in (read_reversal, partial(read_struct, msgspec.json.Decoder(CancelBody))):
        with pytest.raises(BodyMalformed) as told:
            read(body)
        assert told.value.field == "reason" and number not in str(told.value)
    assert read_reversal(msgspec.json.encode({"reason": "letter 2024-118, 20241031"}))
