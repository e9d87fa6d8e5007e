"""A mistake from outside says the same in both languages, and never the braces."""

import pytest

import onecard.web.server  # noqa: F401 what it imports defines every mistake of every room
from onecard.values.error import OnecardError


def every_kind(kind: type[OnecardError] = OnecardError) -> list[type[OnecardError]]:
    return [kind, *(below for child in kind.__subclasses__() for below in every_kind(child))]


@pytest.mark.parametrize("kind", every_kind())
def test_both_languages_are_there_and_a_sentence_fits_an_exit_code(kind: type[OnecardError]) -> None:
    assert kind.zh and kind.en
    assert kind.exit_code in (1, 2, 3)
    assert 400 <= kind.http_status < 600


class Sample(OnecardError):
    code = "test.sample"
    zh = "{field} 有误：{why}"
    en = "{field} is wrong: {why}"


def test_facts_fill_both_sentences_and_name_the_field() -> None:
    mistake = Sample(field="seq", why="too small")
    assert (mistake.said_zh, mistake.said_en, str(mistake)) == ("seq 有误：too small", "seq is wrong: too small", "seq is wrong: too small")
    assert mistake.field == "seq"
    assert Sample(field=3, why="").field is None
