"""When a person's codes are good: they follow his cards, with the holder's consent after a loss where the city allows it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from onecard.cards.ecard import CodeRules, CodeRulesWrong, HeldCard, code_rules_from, ecard_reason
from onecard.cards.model import StateRow

NOW = datetime(2024, 10, 31, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FROM, UNTIL = date(2020, 1, 1), date(2030, 1, 1)
LOST = StateRow(NOW - HOUR, "temp_loss", NOW + 5 * HOUR)
FORMALLY_LOST = StateRow(NOW - HOUR, "formal_loss")
CANCELLED = StateRow(NOW - HOUR, "cancelled")
BOTH = CodeRules(consent_after=frozenset({"temp_loss", "formal_loss"}))
NEITHER = CodeRules(consent_after=frozenset())


def card(*states, valid_from=FROM, valid_until=UNTIL):
    return HeldCard(valid_from, valid_until, list(states))


def consent(at=NOW - HOUR / 2):
    return [StateRow(at, "active")]


@pytest.mark.parametrize(
    ("cards", "reason"),
    [
        pytest.param([], None, id="known by codes alone"),
        pytest.param([card()], None, id="a good card"),
        pytest.param([card(StateRow(NOW - HOUR, "pin_locked"))], None, id="a locked PIN does not matter on a phone"),
        pytest.param([card(StateRow(NOW - HOUR, "sealed"))], "CARD_SEALED", id="not activated"),
        pytest.param([card(LOST)], "CARD_LOST", id="lost by phone"),
        pytest.param([card(FORMALLY_LOST)], "CARD_LOST", id="lost formally"),
        pytest.param([card(CANCELLED)], "CARD_CANCELLED", id="cancelled"),
        pytest.param([card(valid_until=date(2024, 10, 30))], "CARD_EXPIRED", id="expired"),
        pytest.param([card(CANCELLED), card(valid_from=date(2024, 1, 1))], None, id="re-issued"),
        pytest.param([card(), card(StateRow(NOW, "sealed"), valid_from=date(2024, 10, 1))], None, id="the new one is not activated yet"),
        pytest.param([card(CANCELLED), card(FORMALLY_LOST, valid_from=date(2024, 1, 1))], "CARD_LOST", id="the newest says why"),
        pytest.param([card(StateRow(NOW + HOUR, "cancelled"))], None, id="what comes later does not count yet"),
    ],
)
def test_codes_follow_the_cards(cards, reason):
    assert ecard_reason([], cards, NOW) == reason


@pytest.mark.parametrize(
    ("own", "state", "rules", "reason"),
    [
        pytest.param(consent(), LOST, CodeRules(), None, id="consent after a loss by phone"),
        pytest.param(consent(LOST.since - HOUR), LOST, CodeRules(), "CARD_LOST", id="consent before the loss"),
        pytest.param(consent(NOW + HOUR), LOST, CodeRules(), "CARD_LOST", id="consent that is still to come"),
        pytest.param(consent(), LOST, NEITHER, "CARD_LOST", id="a city that knows no consent"),
        pytest.param(consent(), FORMALLY_LOST, CodeRules(), "CARD_LOST", id="a formal loss"),
        pytest.param(consent(), FORMALLY_LOST, BOTH, None, id="a formal loss in a city that allows it"),
        pytest.param(consent(), CANCELLED, BOTH, "CARD_CANCELLED", id="nobody consents to a cancelled card"),
    ],
)
def test_consent_reopens_what_the_city_allows(own, state, rules, reason):
    assert ecard_reason(own, [card(state)], NOW, rules) == reason


def test_consent_makes_no_expired_card_good():
    assert ecard_reason(consent(), [card(LOST, valid_until=date(2024, 10, 30))], NOW) == "CARD_EXPIRED"


def test_codes_may_be_barred_by_themselves():
    assert ecard_reason([CANCELLED], [card()], NOW) == "CARD_CANCELLED"
    assert ecard_reason([CANCELLED], [], NOW) == "CARD_CANCELLED"


def test_a_loss_by_phone_lapses_for_codes_too():
    assert ecard_reason([], [card(StateRow(NOW - HOUR, "temp_loss", NOW))], NOW) is None


def test_a_city_says_which_suite_and_which_losses():
    assert code_rules_from({"suite": "INTL", "consent_after": []}) == CodeRules(suite="INTL", consent_after=frozenset())


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({}, "suite"),
        ({"suite": "RSA", "consent_after": []}, "suite"),
        ({"suite": ["SM"], "consent_after": []}, "suite"),
        ({"suite": "SM"}, "consent_after"),
        ({"suite": "SM", "consent_after": "temp_loss"}, "consent_after"),
        ({"suite": "SM", "consent_after": ["lost"]}, "consent_after"),
        ({"suite": "SM", "consent_after": [["temp_loss"]]}, "consent_after"),
        ({"suite": "SM", "consent_after": [], "life": 90}, "life"),
    ],
)
def test_a_wrong_rule_is_named(told, name):
    with pytest.raises(CodeRulesWrong, match=name):
        code_rules_from(told)
