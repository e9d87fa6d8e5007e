"""What a terminal says aloud: a clip for every reason, short, small together, and never who somebody is (UI §0.5, §6.11)."""

import re

import pytest

from onecard.decision.reasons import load_reasons
from onecard.web.assets import VOICES, asset
from onecard.web.terminal_view import tap_state
from onecard.web.words import catalogue
from tests.browser.fake_app import FakeApp

SILENT = re.compile("老年|老人|残|低保|特困|贫")


def seconds(clip: bytes) -> float:
    """Return how long an Ogg Opus clip lasts: the last page's position at 48 kHz, less what a decoder skips at the start."""
    head, last = clip.index(b"OpusHead"), clip.rindex(b"OggS")
    skip = int.from_bytes(clip[head + 10 : head + 12], "little")
    return (int.from_bytes(clip[last + 6 : last + 14], "little") - skip) / 48_000


@pytest.mark.parametrize("name", VOICES)
def test_every_clip_is_there_and_short(name):
    clip = asset(f"voice/{name}.opus")
    assert clip is not None and clip.media == "audio/ogg"
    assert 0.4 <= seconds(clip.content) <= 2.5


def test_every_reason_has_a_clip_and_all_are_small_together():
    assert {reason.voice for reason in load_reasons().values()} < set(VOICES)
    assert sum(len(clip.content) for name in VOICES if (clip := asset(f"voice/{name}.opus"))) <= 400_000


def test_no_word_that_is_spoken_says_who_somebody_is():
    assert [reason.code for reason in load_reasons().values() if SILENT.search(reason.zh + reason.full_zh + reason.next_zh)] == []


def test_no_other_word_of_the_terminal_says_it_either():
    words = {key: text for key, text in catalogue("zh").messages.items() if key.startswith("terminal.")}
    assert len(words) > 80
    assert [key for key, text in words.items() if SILENT.search(text)] == []


def test_the_page_is_told_its_clips_where_it_speaks_their_language():
    app = FakeApp()
    told = {lang: tap_state(app.cast(), app.cast()["terminals"][0], last_seq=0, now=app.now(), lang=lang)["clips"] for lang in ("zh", "en")}
    assert (told["zh"].keys(), told["en"]) == (set(VOICES), {})
