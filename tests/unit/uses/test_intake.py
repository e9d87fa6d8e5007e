"""What may enter a lane: each field at its edge, and what makes two contents one."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from onecard.cards.credential import CredentialMalformed
from onecard.terminals.model import Directory, Place, Site, Terminal
from onecard.uses.intake import SEQ_MAX, TapInvalid, TerminalUnknown, check_tap, content_digest, content_without_value
from onecard.uses.model import Offline, Tap
from onecard.values.money import FEN_MAX

NOW = datetime(2024, 10, 31, 12, 0, tzinfo=UTC)
SITE = Site(site="S", operator="o", kind="bus", scene="bus", region="330400", name_zh="路", name_en="Line", services=("ride", "exit"))
PLACES = {"T": Place(Terminal(terminal="T", site="S", bound_on=date(2020, 1, 1)), SITE)}
DIRECTORY = Directory(version=1, sites={"S": SITE}, terminals=PLACES, tokens={})
SERVICES = ("ride", "entry", "exit")
PERSON = "33049119900307425X"
KEY = b"k" * 32
TAP = Tap(terminal="T", seq=1, kind="card", value="A00000001", service="ride", list_price_fen=200, occurred_at=NOW)


def checked(**changed: Any) -> Tap:
    return check_tap(replace(TAP, **changed), DIRECTORY, SERVICES, NOW)


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("seq", {"seq": 0}),
        ("seq", {"seq": -1}),
        ("seq", {"seq": SEQ_MAX + 1}),
        ("list_price", {"list_price_fen": -1}),
        ("list_price", {"list_price_fen": FEN_MAX + 1}),
        ("list_price", {"list_price_fen": 2**63}),
        ("list_price", {"service": "exit", "list_price_fen": 1}),
        ("group", {"group": 0}),
        ("group", {"group": 201}),
        ("service", {"service": ""}),
        ("service", {"service": "fly"}),
        ("service", {"service": "entry"}),
        ("service", {"service": "ride\x00"}),
        ("way", {"way": "swim"}),
        ("ticket", {"ticket": ""}),
        ("occurred_at", {"occurred_at": NOW + timedelta(minutes=2, microseconds=1)}),
        ("occurred_at", {"occurred_at": NOW - timedelta(days=30, microseconds=1)}),
        ("occurred_at", {"occurred_at": NOW.replace(tzinfo=None)}),
        ("occurred_at", {"occurred_at": datetime.min.replace(tzinfo=UTC)}),
        ("occurred_at", {"occurred_at": datetime.max.replace(tzinfo=UTC)}),
        ("credential.reason", {"kind": "lookup"}),
        ("credential.reason", {"lookup_reason": "none was needed"}),
        ("credential.reason", {"kind": "lookup", "lookup_reason": "x" * 201}),
        ("credential.reason", {"kind": "lookup", "lookup_reason": "lost\x00card"}),
        ("credential.reason", {"kind": "lookup", "lookup_reason": "\ud800"}),
        ("credential.reason", {"kind": "lookup", "lookup_reason": f"the card of {PERSON} is torn"}),
        ("credential.value", {"kind": "code", "value": ""}),
        ("credential.value", {"kind": "code", "value": "x" * 401}),
        ("credential.value", {"kind": "code", "value": "码"}),
        ("guardian.value", {"guardian": ("code", "")}),
        ("offline.paid", {"offline": Offline(outcome="accepted", paid_fen=201)}),
        ("offline.paid", {"offline": Offline(outcome="accepted", paid_fen=-1)}),
    ],
)  # fmt: skip
def test_what_is_malformed_is_told_by_its_field(field: str, changed: dict[str, Any]) -> None:
    with pytest.raises(TapInvalid) as refused:
        checked(**changed)
    assert refused.value.field == field
    assert refused.value.said_zh.startswith("字段") and "Nothing was recorded" in refused.value.said_en


@pytest.mark.parametrize(
    "changed",
    [
        {"seq": SEQ_MAX},
        {"list_price_fen": 0},
        {"list_price_fen": FEN_MAX},
        {"group": 200},
        {"service": "exit", "list_price_fen": 0},
        {"occurred_at": NOW + timedelta(minutes=2)},
        {"occurred_at": NOW - timedelta(days=30)},
        {"kind": "lookup", "lookup_reason": "卡片消磁"},
        {"kind": "code", "value": "x" * 400},
        {"offline": Offline(outcome="accepted", paid_fen=200)},
        {"offline": Offline(outcome="refused", paid_fen=0)},
    ],
)
def test_the_edge_itself_is_let_in(changed: dict[str, Any]) -> None:
    assert checked(**changed) == replace(TAP, **changed)


@pytest.mark.parametrize("terminal", ["", "U", "T\x00", "T" * 41, "t"])
def test_a_terminal_that_nobody_knows_speaks_for_nothing(terminal: str) -> None:
    with pytest.raises(TerminalUnknown):
        checked(terminal=terminal)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("card", "A0000001"),
        ("card", "Ａ00000001"),
        ("card", "A00000001 "),
        ("card", "A0000000\x00"),
        ("chip", "f" * 31),
        ("id", PERSON[:-1] + "9"),
        ("x", "A00000001"),
    ],
)
def test_what_cannot_be_a_credential_is_refused(kind: str, value: str) -> None:
    with pytest.raises(CredentialMalformed):
        checked(kind=kind, value=value)
    with pytest.raises(CredentialMalformed):
        checked(guardian=(kind, value))


def test_credentials_enter_in_their_one_form() -> None:
    assert checked(value="a00000001").value == "A00000001"
    assert checked(kind="chip", value="F" * 32).value == "f" * 32
    assert checked(guardian=("card", "a00000002")).guardian == ("card", "A00000002")
    assert checked(kind="lookup", value=PERSON.lower(), lookup_reason="no card").value == PERSON


CHANGES: list[dict[str, Any]] = [
    {"terminal": "U"}, {"seq": 2}, {"kind": "chip"}, {"value": "A00000002"}, {"service": "exit"}, {"list_price_fen": 201},
    {"occurred_at": NOW + timedelta(milliseconds=1)}, {"way": "delivery"}, {"ticket": "extra"}, {"group": 2},
    {"guardian": ("card", "A00000002")}, {"lookup_reason": "no card"},
]  # fmt: skip


@pytest.mark.parametrize("changed", CHANGES, ids=[next(iter(changed)) for changed in CHANGES])
def test_every_field_is_content(changed: dict[str, Any]) -> None:
    assert content_digest(KEY, replace(TAP, **changed)) != content_digest(KEY, TAP)


def test_every_field_but_offline_and_chain_was_changed_above() -> None:
    assert {name for changed in CHANGES for name in changed} == set(Tap.__struct_fields__) - {"offline", "chain"}


@pytest.mark.parametrize(
    "same",
    [
        {"offline": Offline(outcome="accepted", paid_fen=0)},
        {"occurred_at": NOW + timedelta(microseconds=999)},
        {"occurred_at": NOW.astimezone()},
    ],
)
def test_what_is_no_content_makes_no_difference(same: dict[str, Any]) -> None:
    assert content_digest(KEY, replace(TAP, **same)) == content_digest(KEY, TAP)


def test_a_digest_tells_nothing_without_the_key() -> None:
    assert content_digest(b"other" * 8, TAP) != content_digest(KEY, TAP)


@given(st.text(alphabet="0123456789ABC", min_size=6, max_size=18))
def test_evidence_never_holds_what_was_shown(value: str) -> None:
    kept = content_without_value(replace(TAP, value=value, guardian=("card", value)))
    assert value not in kept
    assert '"guardian":true' in kept and '"value"' not in kept
