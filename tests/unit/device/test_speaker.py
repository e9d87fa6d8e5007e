"""The clip of an answer: the outcome's word, and nothing that others should not hear."""

from importlib.resources import files

import pytest

from onecard.decision.reasons import load_reasons
from onecard.device.speaker import Speaker, clip_of


def answer(outcome: str, reason: str | None, *, offline: bool = False) -> dict[str, object]:
    return {"outcome": outcome, "reason": reason, "offline": offline}


@pytest.mark.parametrize(
    ("told", "clip"),
    [
        (answer("accepted", "OK_FREE"), "ok-free"),
        (answer("accepted", "OK_FREE", offline=True), "offline-accepted"),
        (answer("accepted", "OFFLINE_DOUBTFUL", offline=True), "offline-doubtful"),
        pytest.param(answer("accepted", "NOT_ELIGIBLE_AGE"), "full-price", id="nobody hears how old somebody is"),
        (answer("refused", "CARD_LOST"), "card-lost"),
        (answer("", None), None),
    ],
)
def test_the_outcome_is_spoken(told, clip):
    assert clip_of(told) == clip


def test_every_answer_has_a_clip_that_ships():
    shipped = files("onecard.web") / "static" / "voice"
    for reason in load_reasons():
        for outcome in ("accepted", "refused"):
            assert (shipped / f"{clip_of(answer(outcome, reason))}.opus").is_file()


def test_a_machine_without_a_player_says_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", "")
    speaker = Speaker(tmp_path)
    assert not speaker.can_speak
    speaker.speak(answer("accepted", "OK_FREE"))
    speaker.hush()
