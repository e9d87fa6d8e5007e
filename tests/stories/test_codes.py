"""A code on a phone, through the command line and HTTP alone: shown once, copied, shown late, at a slow terminal, altered, re-signed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.stories.doors import City


def code_of(city: City, who: str, *more: str) -> str:
    code: str = city.onecard("code", who, *more, "--json").json()["code"]
    return code


def now(city: City) -> datetime:
    return datetime.fromisoformat(city.client.get("/healthz").json()["now"])


def shown(city: City, code: str, terminal: str = "bus", *, late: float = 0, **fields: Any) -> dict[str, Any]:
    """Show *code* at a terminal whose clock is *late* seconds off, and return the answer."""
    at = (now(city) + timedelta(seconds=late)).isoformat()
    return city.tap({"kind": "code", "value": code}, terminal, occurred_at=at, **fields)


def test_a_phone_shows_a_code_that_lives_a_minute(city: City) -> None:
    told = city.onecard("code", "local-65", "--json").json()
    left = datetime.fromisoformat(told["expires_at"]) - now(city)
    assert timedelta(seconds=40) < left <= timedelta(seconds=60)
    assert len(told["code"]) == 149


@pytest.mark.parametrize(("who", "reason"), [("local-65", "OK_DISCOUNT"), ("xuancheng-65", "OK_DISCOUNT"), ("reissued-70", "OK_FREE")])
def test_a_code_gets_what_the_card_gets(city: City, who: str, reason: str) -> None:
    answer = shown(city, code_of(city, who))
    assert (answer["outcome"], answer["reason"]) == ("accepted", reason)
    assert city.explained(answer["use"])["method"] == "code"


def test_a_screenshot_does_not_get_a_second_person_in(city: City) -> None:
    code = code_of(city, "local-72")
    assert shown(city, code)["reason"] == "OK_FREE"
    again, elsewhere = shown(city, code), shown(city, code, "museum")
    assert [(each["outcome"], each["reason"]) for each in (again, elsewhere)] == [("refused", "CODE_REPLAYED")] * 2
    assert city.explained(again["use"])["conditions"][0]["reason"] == "CODE_REPLAYED"


def test_a_lost_answer_is_asked_for_again_with_the_same_code(city: City) -> None:
    use = city.use({"kind": "code", "value": code_of(city, "local-85")}, occurred_at=now(city).isoformat())
    first, again = city.answer(use), city.answer(use)
    assert again == {**first, "duplicate": True} and first["outcome"] == "accepted"


@pytest.mark.parametrize(("late", "reason"), [(90, "CODE_EXPIRED"), (-180, "CODE_CLOCK")], ids=["90 s old", "three minutes slow"])
def test_what_the_clock_says_is_said(city: City, late: float, reason: str) -> None:
    answer = shown(city, code_of(city, "local-65"), late=late)
    assert (answer["outcome"], answer["reason"]) == ("refused", reason)


def test_an_altered_code_is_no_code(city: City) -> None:
    fields = code_of(city, "local-58").split(".")
    older = [*fields[:3], "19340512", *fields[4:]]
    for altered in (older, fields[:-1], [*fields[:-1], fields[-1][::-1]], ["2", *fields[1:]], [fields[0], "zzzz", *fields[2:]]):
        assert shown(city, ".".join(altered))["reason"] == "CODE_BAD_SIGN"


def test_a_code_of_replaced_keys_is_believed_to_its_end(city: City) -> None:
    before = code_of(city, "local-93")
    keys = city.onecard("code", "rotate", "--json").json()["issuers"]
    after = code_of(city, "local-93")
    assert before.split(".")[1] != after.split(".")[1] == keys[-1]["kid"]
    assert [shown(city, code)["outcome"] for code in (before, after)] == ["accepted", "accepted"], "the server noticed by itself"


@pytest.mark.parametrize("who", ["lost-card", "sealed-card", "cancelled-card", "expired-card"])
def test_no_code_is_shown_for_a_card_that_is_barred(city: City, who: str) -> None:
    ended = city.onecard("code", who, "--json")
    assert (ended.code, ended.out) == (1, "") and "No code can be shown now" in ended.err


def test_a_code_shown_before_the_loss_opens_nothing_after_it(city: City) -> None:
    code = code_of(city, "disabled-66")
    assert city.onecard("card", "loss", "disabled-66", "--kind", "temp", "--reason", "story of a code", "--json").code == 0
    assert shown(city, code)["reason"] == "CARD_LOST"
    assert city.onecard("code", "disabled-66", "--json").code == 1
    assert shown(city, code_of(city, "disabled-66", "--consent"))["outcome"] == "accepted"
    assert city.onecard("card", "release", "disabled-66", "--reason", "story of a code", "--json").code == 0


def test_nobody_is_named_in_one_sentence(city: City) -> None:
    ended = city.onecard("code", "ZZ9999999", "--json")
    assert ended.code == 1 and ended.err.count("\n") == 2 and "Traceback" not in ended.err
    assert city.onecard("code", "no such person").code == 2
