"""A mistake from outside says the same in both languages, and names the field that is meant."""

from onecard.values.error import OnecardError


class Sample(OnecardError):
    code = "test.sample"
    zh = "{field} 有误：{why}"
    en = "{field} is wrong: {why}"


def test_facts_fill_both_sentences_and_name_the_field() -> None:
    mistake = Sample(field="seq", why="too small")
    assert (mistake.said_zh, mistake.said_en) == ("seq 有误：too small", "seq is wrong: too small")
    assert str(mistake) == mistake.said_en
    assert mistake.field == "seq"


def test_without_a_field_none_is_named() -> None:
    assert Sample(field=3, why="").field is None
    assert OnecardError().field is None


def test_what_nobody_said_otherwise_is_a_wrong_call() -> None:
    assert (Sample.exit_code, Sample.http_status) == (2, 422)
