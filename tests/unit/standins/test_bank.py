"""The stand-in bank answers as a real one would, fails as it was told to, and never answers one batch in two ways."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from onecard.payouts.bank_problem import FileRefused
from onecard.payouts.batch_file import read_batch
from onecard.payouts.iso_pain001 import Payer, write_pain001
from onecard.payouts.iso_pain002 import read_pain002
from onecard.payouts.return_file import read_return
from onecard.payouts.return_match import Applied, Standing, exported_of, match, nothing_answered
from onecard.standins.bank import answers
from onecard.standins.bank_chance import Chance
from onecard.standins.bank_counter import BankCounter
from tests.unit.payouts.bank_samples import batch, head, lines

AT = datetime(2024, 10, 25, 2, tzinfo=UTC)
MANY = 5_000
FILE = read_batch(batch(MANY))
SOME = Chance(seed=7, failed=0.2, refunded=0.01, succeeded=0.1)


def taken(contents: list[bytes]) -> list[Applied]:
    """Return what each of *contents* does, taken one after the other."""
    standing, applied = nothing_answered(MANY), []
    for content in contents:
        file = read_return(content)
        applied.append(match(exported_of(FILE), file, standing))
        answered = standing.answered.copy()
        answered[file.seq - 1] = file.result
        known = {**standing.taken, file.head.return_no: file.digest}
        standing = Standing(answered=answered, elsewhere=standing.elsewhere, taken=known)
    return applied


def test_a_good_bank_answers_all_and_fails_as_often_as_the_field_says():
    (whole,) = taken(answers(FILE.head, FILE.lines(), "none", Chance(failed=0.2), AT))
    assert whole.complete
    codes = Counter(whole.failed)
    assert [code for code, _ in codes.most_common(4)] == ["F01", "F03", "F02", "F06"]
    assert 0.17 < codes.total() / MANY < 0.23
    assert 0.40 < codes["F01"] / codes.total() < 0.52


def test_refunds_and_late_successes_come_in_a_return_of_their_own():
    first, later = taken(answers(FILE.head, FILE.lines(), "none", SOME, AT))
    assert first.complete
    assert later.counts["refunded"] > 0
    assert later.counts["paid"] > 0
    assert later.time.min() > first.time.max()


def test_a_message_is_answered_by_messages_that_say_the_same():
    few = read_batch(batch(200))
    as_text = [read_return(content) for content in answers(few.head, few.lines(), "none", SOME, AT)]
    as_xml = [read_pain002(content) for content in answers(few.head, few.lines(), "none", SOME, AT, message=True)]
    assert len(as_text) == len(as_xml) == 2
    for text, message in zip(as_text, as_xml, strict=True):
        for name in ("seq", "result", "code", "amount_fen", "time"):
            assert getattr(text, name).tolist() == getattr(message, name).tolist()


@pytest.mark.parametrize("fault", ["short", "amount", "twice", "encoding"])
def test_a_banks_wrong_message_is_refused(fault):
    few = read_batch(batch(20))
    (content,) = answers(few.head, few.lines(), fault, Chance(), AT, message=True)
    with pytest.raises(FileRefused):
        match(exported_of(few), read_pain002(content), nothing_answered(20))


def test_a_partial_bank_comes_twice():
    first, second = taken(answers(FILE.head, FILE.lines(), "partial", Chance(), AT))
    assert (first.complete, second.complete) == (False, True)


@pytest.mark.parametrize("encoding", ["GB18030", "UTF-8"])
@pytest.mark.parametrize(("fault", "field"), [("short", "last"), ("amount", "amount"), ("twice", "seq"), ("encoding", "bank_serial")])
def test_a_banks_wrong_file_is_refused_where_it_is_wrong(fault, field, encoding):
    file = read_batch(batch(20, encoding))
    (content,) = answers(file.head, file.lines(), fault, Chance(), AT)
    with pytest.raises(FileRefused) as refused:
        match(exported_of(file), read_return(content), nothing_answered(20))
    assert refused.value.problems[0].field == field


def counter(tmp_path, said, **other) -> BankCounter:
    told = {"inbox": tmp_path / "in", "outbox": tmp_path / "out", "fault": "partial", "chance": SOME, "late_seconds": 0.0}
    (tmp_path / "in").mkdir(exist_ok=True)
    return BankCounter(**{**told, **other}, say=said.append)


def returns(tmp_path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (tmp_path / "out").glob("B*.r*")}


def test_a_batch_counts_once_its_signature_lies_beside_it(tmp_path):
    said: list[str] = []
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "B01_A.txt").write_bytes(batch(50))
    counter(tmp_path, said).run(once=True)
    assert said == []
    (tmp_path / "in" / "B01_A.txt.sig").write_bytes(b"{}")
    counter(tmp_path, said).run(once=True)
    assert sorted(returns(tmp_path)) == ["B01_A.r001", "B01_A.r002", "B01_A.r003"]


def test_a_batch_in_a_message_is_answered_in_messages(tmp_path):
    said: list[str] = []
    (tmp_path / "in").mkdir()
    content = write_pain001(head("UTF-8"), lines(20), Payer(name="财政局", account="62"), AT, AT.date())
    (tmp_path / "in" / "B01_A.xml").write_bytes(content)
    (tmp_path / "in" / "B01_A.xml.sig").write_bytes(b"{}")
    counter(tmp_path, said, fault="none").run(once=True)
    assert "B01_A.r001.xml" in returns(tmp_path)


def test_a_bank_that_was_killed_and_told_otherwise_goes_on_as_it_began(tmp_path):
    said: list[str] = []
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "B01_A.txt").write_bytes(batch(50))
    (tmp_path / "in" / "B01_A.txt.sig").write_bytes(b"{}")
    counter(tmp_path, said).run(once=True)
    before = returns(tmp_path)
    (tmp_path / "out" / "B01_A.r002").unlink()  # As if the kill had come between the first return and the second.
    (tmp_path / "out" / ".B01_A.done").unlink()
    counter(tmp_path, said, fault="none", chance=Chance(seed=99)).run(once=True)
    assert returns(tmp_path) == before
    counter(tmp_path, said, fault="amount").run(once=True)
    assert returns(tmp_path) == before


def test_a_batch_that_no_bank_can_read_is_said_aloud_once(tmp_path):
    said: list[str] = []
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "B01_A.txt").write_bytes(b"H|")
    (tmp_path / "in" / "B01_A.txt.sig").write_bytes(b"{}")
    for _ in range(2):
        counter(tmp_path, said).run(once=True)
    assert len(said) == 1
    assert returns(tmp_path) == {}
