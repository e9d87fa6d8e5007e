"""What a lane makes of a code before it asks the store."""

from datetime import date, datetime, timedelta

import pytest

from onecard.cards.code import Issuer, code_text
from onecard.settings.suites import SUITES
from onecard.uses.codes import NO_CODES, CodeBook, is_ours, reading_of, unread, vouched_reading
from onecard.uses.model import Offline, Tap
from onecard.values.days import CITY_ZONE
from onecard.values.keyed_hash import keyed_hash

NOON = datetime(2024, 10, 31, 12, 0, tzinfo=CITY_ZONE)
KEY = b"h" * 32
PRIVATE = SUITES["INTL"].private_key(bytes(48))
ISSUER = Issuer(
    kid="ours", form="3", valid_from=NOON - timedelta(days=1), valid_until=None,
    verifier=SUITES["INTL"].verifier(SUITES["INTL"].public_key(PRIVATE)),
)  # fmt: skip
BOOK = CodeBook(issuers={"ours": ISSUER})


def code(nonce="nonce-_8", kid="ours"):
    return code_text(
        SUITES["INTL"].signer(PRIVATE), form="3", kid=kid, pseudonym="p" * 16, born=date(1959, 5, 1), home_region="330481",
        registered_region="", issued_at=NOON, nonce=nonce,
    )  # fmt: skip


def reading(text, after=0, *, received=None, book=BOOK, offline=False):
    tap = Tap(
        terminal="T", seq=1, kind="code", value=text, service="ride", list_price_fen=200, occurred_at=NOON + timedelta(seconds=after),
        offline=Offline(outcome="accepted", paid_fen=0) if offline else None,
    )  # fmt: skip
    return reading_of(text, tap, NOON + timedelta(seconds=after if received is None else received), book, KEY)


def test_a_code_is_looked_up_by_its_pseudonym_and_spent_by_what_was_signed():
    first, second = reading(code()), reading(code("other--8"))
    assert first.key == second.key == keyed_hash(KEY, "code", "p" * 16)
    assert first.spends != second.spends and first.reason is None


@pytest.mark.parametrize("text", ["anything", "p" * 16, code()[:-1], code(kid="zzzz")])
def test_what_is_not_authentic_names_nobody_and_spends_nothing(text):
    assert reading(text) == unread(text, KEY, "CODE_BAD_SIGN")
    assert reading(text).key != keyed_hash(KEY, "code", "p" * 16)
    assert reading(code(), book=NO_CODES).reason == "CODE_BAD_SIGN"


@pytest.mark.parametrize(
    ("after", "received", "offline", "reason"),
    [
        pytest.param(60, 60, False, None, id="its last second"),
        pytest.param(61, 61, False, "CODE_EXPIRED", id="a second too late"),
        pytest.param(70, 60, False, None, id="by a clock 10 s ahead"),
        pytest.param(70, 61, False, "CODE_EXPIRED", id="by a clock 9 s ahead, and a second too late"),
        pytest.param(61, 0, False, "CODE_EXPIRED", id="a clock a minute ahead gets no credit"),
        pytest.param(50, 600, False, None, id="a tap that was sent again"),
        pytest.param(75, 90_000, True, None, id="offline, within the skew"),
        pytest.param(76, 90_000, True, "CODE_EXPIRED", id="offline, past the skew"),
        pytest.param(-16, -16, False, "CODE_CLOCK", id="from the future"),
    ],
)
def test_both_clocks_are_heard(after, received, offline, reason):
    assert reading(code(), after, received=received, offline=offline).reason == reason


def test_who_is_vouched_for_is_looked_up_as_he_was_named():
    told = vouched_reading("SI1:x", b"k" * 32, KEY)
    assert reading("SI1:x", book=CodeBook(issuers=BOOK.issuers, vouched={"SI1:x": told})) == told


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        (code(), True), (code()[:20], True), ("3.ours", True), (code(kid="zzzz"), False), ("SI1:x", False), ("", False),
        ("9.ours.x", False),
    ],
)  # fmt: skip
def test_nobody_else_is_asked_about_what_begins_as_ours(text, ours):
    assert is_ours(text, BOOK.issuers) is ours
