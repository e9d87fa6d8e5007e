"""A terminal alone: the table that the page satisfies too, codes, and what never happens whatever comes."""

from array import array
from base64 import b64encode
from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onecard.cards.code import CODE_LIVES, CODE_SKEW, code_text
from onecard.cards.issuers import form_of
from onecard.device.alone import Memory, decide_alone
from onecard.device.holdings import Holdings, Rules, rules_from
from onecard.device.line import Shown
from onecard.device.reading import look_up
from onecard.device.seen import Seen
from onecard.settings.suites import SUITES
from onecard.terminals.bundle import BundleUnreadable
from onecard.terminals.hotlist import Hotlist
from onecard.uses.model import Tap
from onecard.values.suites import SuiteName
from tests.browser.fake_terminals import alias
from tests.unit.device.points import CARDS, NOON, STORIES, Step, Story, bundle_of, hotlist_entries, instant


def holdings_of(story: Story) -> Holdings:
    rules = rules_from(msgspec.json.encode(bundle_of(story)))
    return Holdings(rules=rules, hotlist=Hotlist(version=1, entries=array("I", hotlist_entries())), hotlist_at=NOON)


def tap_of(shown: Shown, step: Step) -> Tap:
    return Tap(
        terminal="T330481-0000", seq=1, kind=shown.kind, value=shown.value, service=step.service, list_price_fen=step.price,
        occurred_at=instant(step),
    )  # fmt: skip


PLAIN = holdings_of(Story("", []))


def alone(shown: Shown, step: Step, holdings: Holdings = PLAIN, memory: Memory | None = None):
    looked = look_up(shown, holdings.rules, instant(step))
    return decide_alone(tap_of(shown, step), holdings, looked, memory or Memory())


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_what_is_answered_alone(story: Story):
    holdings, everybody = holdings_of(story), Memory().everybody
    cards: dict[Shown, Seen] = {}
    for step in story.steps:
        shown = Shown("card", CARDS[step.who][0])
        found = alone(shown, step, holdings, Memory(card=cards.get(shown, Memory().card), everybody=everybody))
        assert (found.decision.outcome, found.decision.reason, found.decision.paid_fen) == step.answer, step
        cards[shown], everybody = found.card or cards.get(shown, Memory().card), found.everybody or everybody


def test_whoever_is_on_the_hotlist_can_still_leave():
    campus = holdings_of(Story("", [], site={"kind": "campus", "scene": "campus", "services": ("entry", "exit")}))
    found = alone(Shown("card", CARDS["lost"][0]), Step("lost", 0, ("", "", 0), "exit", 0), campus)
    assert (found.decision.outcome, found.decision.reason) == ("accepted", "OK")


@pytest.mark.parametrize(
    ("with_whom", "reason"),
    [
        ("local-72", "OK"),
        pytest.param("child", "GUARDIAN_NEEDED", id="himself"),
        ("stranger", "GUARDIAN_NEEDED"),
        ("lost", "GUARDIAN_NEEDED"),
    ],
)
def test_a_child_comes_in_with_an_adult_whom_the_terminal_knows(with_whom, reason):
    told = bundle_of(Story("", [], site={"kind": "campus", "scene": "campus", "services": ("entry",), "capacity": 9}))
    child = "B00000008"
    told["cards"].append([alias(child).hex(), "2011-05-01", "330481", "330481"])
    evening = Step("child", 7 * 60, ("", "", 0), "entry", 0)
    held = replace(PLAIN, rules=rules_from(msgspec.json.encode(told)))
    tap = tap_of(Shown("card", child), evening)
    other = Shown("card", child if with_whom == "child" else CARDS[with_whom][0])
    who, guardian = (look_up(shown, held.rules, instant(evening)) for shown in (Shown("card", child), other))
    assert decide_alone(tap, held, who, Memory(), guardian).decision.reason == reason


RIDE = Step("", 0, ("", "", 0))
PRIVATE: dict[SuiteName, bytes] = {"SM": SUITES["SM"].private_key(b"s" * 48), "INTL": SUITES["INTL"].private_key(b"i" * 48)}


def believing(suite: SuiteName, public: bytes | None = None) -> Holdings:
    told = bundle_of(Story("", []))
    issuer = {"kid": "k1", "suite": suite, "from": "2024-01-01T00:00:00+00:00", "until": None}
    told["issuers"] = [{**issuer, "public": b64encode(public or SUITES[suite].public_key(PRIVATE[suite])).decode()}]
    return replace(PLAIN, rules=rules_from(msgspec.json.encode(told)))


def code(suite: SuiteName, *, ago: timedelta = timedelta(seconds=5), kid: str = "k1") -> Shown:
    text = code_text(
        SUITES[suite].signer(PRIVATE[suite]), form=form_of(suite, shared=False), kid=kid, pseudonym="p" * 16, born=date(1952, 1, 1),
        home_region="330481", registered_region="330481", issued_at=NOON - ago, nonce="n" * 8,
    )  # fmt: skip
    return Shown("code", text)


@pytest.mark.parametrize("suite", ["SM", "INTL"])
def test_a_signed_code_says_itself_whose_it_is(suite: SuiteName):
    decision = alone(code(suite), RIDE, believing(suite)).decision
    assert (decision.outcome, decision.reason, decision.paid_fen) == ("accepted", "OK_FREE", 0)


@pytest.mark.parametrize("suite", ["SM", "INTL"])
@pytest.mark.parametrize(
    ("ago", "reason"),
    [
        pytest.param(CODE_LIVES + CODE_SKEW, "OK_FREE", id="as old as it may be"),
        pytest.param(CODE_LIVES + CODE_SKEW + timedelta(seconds=1), "CODE_EXPIRED", id="too old"),
        pytest.param(-CODE_SKEW, "OK_FREE", id="as far ahead as it may be"),
        pytest.param(-CODE_SKEW - timedelta(seconds=1), "CODE_CLOCK", id="from the future"),
    ],
)
def test_a_code_has_its_minute(suite: SuiteName, ago: timedelta, reason: str):
    assert alone(code(suite, ago=ago), RIDE, believing(suite)).decision.reason == reason


@pytest.mark.parametrize("suite", ["SM", "INTL"])
def test_a_code_that_is_altered_cut_or_signed_by_another_is_invalid(suite: SuiteName):
    holdings, good = believing(suite), code(suite).value
    others = believing(suite, SUITES[suite].public_key(SUITES[suite].private_key(b"o" * 48)))
    for text, held in ((good.replace("19520101", "19510101"), holdings), (good[:-5], holdings), (good, others)):
        assert alone(Shown("code", text), RIDE, held).decision.reason == "CODE_BAD_SIGN"


def test_a_code_that_cannot_be_checked_here_is_never_called_invalid():
    rotated, foreign = code("INTL", kid="k2"), Shown("code", "SI1:aaaaaaaaaaaaaaaaaaaaaaaa")
    for shown in (rotated, foreign):
        decision = alone(shown, RIDE, believing("INTL")).decision
        assert (decision.outcome, decision.reason, decision.paid_fen) == ("accepted", "OFFLINE_DOUBTFUL", 200)


def test_a_code_that_was_answered_here_is_replayed():
    found = alone(code("INTL"), RIDE, believing("INTL"), Memory(code_seen=True))
    assert (found.decision.outcome, found.decision.reason, found.card) == ("refused", "CODE_REPLAYED", None)


def test_a_bundle_whose_documents_do_not_compile_is_not_taken():
    told = bundle_of(Story("", []))
    told["programmes"] = [{**told["programmes"][0], "source": "kind: nonsense"}]
    with pytest.raises(BundleUnreadable):
        rules_from(msgspec.json.encode(told))


@pytest.mark.parametrize("cut", [0, 1, 100, -1])
def test_a_damaged_bundle_is_not_taken(cut: int):
    with pytest.raises(BundleUnreadable):
        rules_from(msgspec.json.encode(bundle_of(Story("", [])))[:cut])


@given(
    st.lists(st.tuples(st.sampled_from(sorted(CARDS)), st.integers(0, 2000)), max_size=25),
    st.integers(0, 6), st.integers(0, 600), st.integers(1, 40),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_no_card_gets_more_alone_than_may_be_risked(taps, uses, fen, hours):
    params = PLAIN.rules.params.__class__(uses_per_card_day=uses, fen_per_card_day=fen, hotlist_age_hours=hours)
    holdings = replace(PLAIN, rules=_with(PLAIN.rules, params))
    cards: dict[str, Seen] = {}
    granted: dict[tuple[str, date], tuple[int, int]] = {}
    for who, minutes in sorted(taps, key=lambda each: each[1]):
        shown, step = Shown("card", CARDS[who][0]), Step(who, minutes, ("", "", 0))
        found = alone(shown, step, holdings, Memory(card=cards.get(who, Memory().card)))
        decision, day = found.decision, instant(step).date()
        assert 0 <= decision.paid_fen <= 200
        assert decision.outcome == "refused" or who != "lost"
        cards[who] = found.card or cards.get(who, Memory().card)
        if decision.outcome == "accepted" and decision.paid_fen < 200:
            assert minutes <= 60 * hours
            count, saved = granted.get((who, day), (0, 0))
            granted[who, day] = count + 1, saved + 200 - decision.paid_fen
    assert all(count <= uses and saved <= fen for count, saved in granted.values())


def _with(rules: Rules, params) -> Rules:
    return replace(rules, params=params)
