"""The chain: one text for one content, a link for each place in it, and vectors that other languages are held to."""

import json
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.settings.suites import INTL
from onecard.terminals.chain import CHAIN_START, canonical_content, chain_told, link_of, linked, verify_link
from onecard.terminals.sign_in import key_id_of

VECTORS = Path(__file__).parents[3] / "docs" / "guides" / "terminal" / "chain-vectors.json"
PRIVATE = bytes(range(32))
SIGNER = INTL.signer(PRIVATE)
PUBLIC = INTL.public_key(PRIVATE)
VERIFIER = INTL.verifier(PUBLIC)
KEY_ID = key_id_of(PUBLIC)

credentials = st.fixed_dictionaries(
    {"kind": st.sampled_from(["card", "chip", "code", "id", "lookup"]), "value": st.text(min_size=1, max_size=40)},
    optional={"reason": st.text(max_size=20)},
)
instants = st.datetimes(datetime(2023, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
uses = st.fixed_dictionaries(
    {
        "terminal": st.text(min_size=1, max_size=20), "seq": st.integers(1, 2**53 - 1), "credential": credentials,
        "service": st.text(max_size=10), "list_price": st.integers(0, 10**9), "occurred_at": instants,
    },
    optional={
        "way": st.sampled_from(["dine_in", "take_away"]), "ticket": st.sampled_from(["main", "extra"]), "group": st.integers(1, 200),
        "guardian": credentials,
    },
)  # fmt: skip


def tap(**other):
    told = {
        "terminal": "T330421-0007", "seq": 17, "credential": {"kind": "card", "value": "B00000019"}, "service": "ride",
        "list_price": 200, "occurred_at": "2024-10-31T08:12:05+08:00",
    }  # fmt: skip
    return {**told, **other}


def test_the_text_is_as_the_protocol_prints_it():
    assert canonical_content(tap()) == (
        b'{"credential":{"kind":"card","value":"B00000019"},"list_price":200,"occurred_at":1730333525000,"seq":17,"service":"ride",'
        b'"terminal":"T330421-0007"}'
    )


@pytest.mark.parametrize("more", [
    pytest.param({"way": "dine_in", "ticket": "main", "group": 1, "guardian": None}, id="defaults"),
    pytest.param({"offline": {"outcome": "accepted", "paid": 100}, "chain": {"key_id": "0"}}, id="what is no content"),
    pytest.param({"occurred_at": "2024-10-31T00:12:05.000999Z"}, id="another offset, and less than a millisecond"),
    pytest.param({"credential": {"value": "B00000019", "kind": "card", "reason": None}}, id="another order"),
])  # fmt: skip
def test_the_same_content_has_one_text(more):
    assert canonical_content(tap(**more)) == canonical_content(tap())


@pytest.mark.parametrize("more", [
    {"terminal": "T330421-0008"}, {"seq": 18}, {"credential": {"kind": "card", "value": "B00000018"}}, {"service": "entry"},
    {"list_price": 201}, {"occurred_at": "2024-10-31T08:12:05.001+08:00"}, {"way": "take_away"}, {"ticket": "extra"}, {"group": 2},
    {"guardian": {"kind": "card", "value": "B00000020"}}, {"credential": {"kind": "lookup", "value": "B00000019", "reason": "x"}},
])  # fmt: skip
def test_every_field_of_the_content_is_in_the_text(more):
    assert canonical_content(tap(**more)) != canonical_content(tap())


@given(uses)
def test_the_text_is_what_any_json_library_writes_sorted_and_tight(use):
    text = canonical_content(use).decode()
    assert text == json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


@given(uses, st.integers(-720, 720))
def test_the_offset_says_nothing(use, minutes):
    moved = use["occurred_at"].astimezone(timezone(timedelta(minutes=minutes)))
    assert canonical_content({**use, "occurred_at": moved.isoformat()}) == canonical_content(use)


@given(uses, st.binary(min_size=32, max_size=32), st.integers(0, 511), st.integers(0, 255))
def test_a_link_is_believed_as_it_was_signed_and_with_no_bit_changed(use, previous, signature_bit, link_bit):
    link = linked(use, previous, KEY_ID, SIGNER)
    assert link.link == link_of(previous, canonical_content(use))
    assert verify_link(link, VERIFIER)
    assert not verify_link(replace(link, signature=_flipped(link.signature, signature_bit)), VERIFIER)
    assert not verify_link(replace(link, link=_flipped(link.link, link_bit)), VERIFIER)


@given(uses, uses, st.binary(min_size=32, max_size=32))
def test_two_contents_on_one_previous_are_two_links(one, other, previous):
    same = canonical_content(one) == canonical_content(other)
    assert (link_of(previous, canonical_content(one)) == link_of(previous, canonical_content(other))) == same


def test_another_key_proves_nothing():
    link = linked(tap(), CHAIN_START, KEY_ID, SIGNER)
    assert not verify_link(link, INTL.verifier(INTL.public_key(b"\x01" * 32)))


def test_the_vectors_are_what_this_program_makes():
    told = json.loads(VECTORS.read_text(encoding="utf-8"))
    assert told == vectors()


def vectors():
    """Return what the vector file holds: one chain of one device, content by content."""
    previous, links = CHAIN_START, []
    for use in _UNUSUAL:
        link = linked(use, previous, KEY_ID, SIGNER)
        links.append({"use": use, "content": canonical_content(use).decode(), "link": link.link.hex(), "chain": chain_told(link)})
        previous = link.link
    return {"private_key": PRIVATE.hex(), "public_key": PUBLIC.hex(), "key_id": KEY_ID, "links": links}


def test_a_vector_is_read_without_this_program():
    told = json.loads(VECTORS.read_text(encoding="utf-8"))
    previous = "00" * 32
    for each in told["links"]:
        assert each["chain"]["previous"] == previous
        previous = each["link"]
        assert VERIFIER.verify(bytes.fromhex(previous), b64decode(each["chain"]["signature"]))


_UNUSUAL = [
    tap(),
    tap(seq=18, occurred_at="2024-10-31T00:12:06.250Z", way="dine_in", ticket="main", group=1),
    tap(seq=19, way="take_away", ticket="extra", group=30, guardian={"value": "B00000020", "kind": "card"}),
    tap(seq=9007199254740991, credential={"kind": "lookup", "value": "b00000019", "reason": '换卡 "补办"\t\\ / é 😀 \u2028'}),
    tap(seq=20, list_price=0, offline={"outcome": "refused", "paid": 0, "hotlist": 3}),
]


def _flipped(content, bit):
    number = int.from_bytes(content, "big") ^ (1 << bit)
    return number.to_bytes(len(content), "big")
