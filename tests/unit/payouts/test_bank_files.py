"""Batch and return files: what is written is read, to the byte as agreed, and what is wrong is named by line and byte."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onecard.payouts import bank_writing
from onecard.payouts.bank_matrix import STEP
from onecard.payouts.bank_problem import FileRefused
from onecard.payouts.batch_file import BatchLines, read_batch, write_batch
from onecard.payouts.return_file import read_return
from onecard.values.sealed_file import sm3
from tests.unit.payouts.bank_samples import NAMES, batch, cut_lines, head, lines, put, resealed, returned

ENCODINGS = pytest.mark.parametrize("encoding", ["GB18030", "UTF-8"])


def place(refused: pytest.ExceptionInfo[FileRefused]) -> tuple[int, int, str]:
    first = refused.value.problems[0]
    return first.line, first.column, first.field


@ENCODINGS
def test_names_outside_gbk_and_names_that_end_in_a_bar_come_back_whole(encoding):
    file = read_batch(batch(encoding=encoding))
    assert file.head == head(encoding)
    assert file.lines() == lines()


def test_a_batch_has_the_columns_that_were_agreed():
    first, line, *_, tail = cut_lines(write_batch(head(), lines(1)))
    body = line + b"\n"
    assert first == (
        b"H|1|P20241025-0001      |high-age-allowance              |2024-09    |B01     |GB18030|0000001|000000000006000|"
        + sm3(body).hex().encode()
    )
    name, memo = "李昞".encode("gb18030"), "2024-09 高龄津贴".encode("gb18030")
    assert line == b"D|0000001|330491000000000000|%b|6200000000000000000             |000000006000|%b" % (name.ljust(60), memo.ljust(40))
    assert tail == b"T|0000001|000000000006000"


def test_a_return_has_the_columns_that_were_agreed():
    first, paid, failed, tail = cut_lines(returned([1, 2], "PF"))
    assert first[:-64] == b"H|1|P20241025-0001      |001|B01     |GB18030|0000002|0000001|000000000006000|Y|"
    assert paid == (
        b"D|0000001|330491000000000000|6200000000000000000             |000000006000|P|   |S0010000001         |2024-10-25T02:00:00+00:00"
    )
    assert failed.split(b"|")[5:7] == [b"F", b"F03"]
    assert tail == b"T|0000002|000000000012001"


def test_a_file_of_many_steps_is_one_file():
    many = 2 * STEP + 3
    file = read_batch(batch(many))
    assert file.lines() == lines(many)


text = st.text(st.characters(exclude_categories=("C", "Zl", "Zp", "Zs")), max_size=13)
marks = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=18)


@given(
    st.lists(st.tuples(marks, text, marks, st.integers(1, 999_999_999_999), text.filter(lambda memo: len(memo) <= 10)), min_size=1),
    st.sampled_from(["GB18030", "UTF-8"]),
)
@settings(deadline=None, max_examples=60)
def test_whatever_fits_comes_back(rows, encoding):
    ss_no, name, account, amount_fen, memo = map(list, zip(*rows, strict=True))
    told = BatchLines(ss_no=ss_no, name=name, account=account, amount_fen=amount_fen, memo=memo)
    assert read_batch(write_batch(head(encoding), told)).lines() == told


@pytest.mark.parametrize(
    ("column", "value", "at"),
    [
        pytest.param("name", "晐" * 31, 30 + 60, id="a name of 62 bytes"),
        pytest.param("name", "王\t强", 30, id="a tab"),
        pytest.param("name", "王\n强", 30, id="a line break"),
        pytest.param("name", "王\u202e强", 30, id="text turned around"),
        pytest.param("name", "王\ud800", 32, id="half of a character"),
        pytest.param("memo", "高" * 21, 137 + 40, id="a memo of 42 bytes"),
        pytest.param("ss_no", "", 11, id="nobody"),
        pytest.param("ss_no", "3304910000000000000", 11, id="nineteen digits"),
        pytest.param("account", "62 00", 91, id="a blank in an account"),
        pytest.param("account", "６２００", 91, id="wide digits"),
        pytest.param("amount_fen", 0, 124, id="nothing"),
        pytest.param("amount_fen", -1, 124, id="less than nothing"),
        pytest.param("amount_fen", 10**12, 124, id="thirteen digits"),
        pytest.param("amount_fen", 60.5, 124, id="half a fen"),
    ],
)
def test_a_value_that_does_not_fit_is_named_by_line_and_byte(column, value, at):
    values = list(getattr(lines(), column))
    values[4] = value
    with pytest.raises(FileRefused) as refused:
        write_batch(head(), lines(**{column: values}))
    assert place(refused) == (6, at, column.removesuffix("_fen"))


def test_private_characters_that_stand_for_rare_names_are_kept():
    told = lines(1, name=["\ue863"])
    assert read_batch(write_batch(head("UTF-8"), told)).lines() == told


def test_a_file_has_at_most_as_many_lines_as_can_be_held(monkeypatch):
    monkeypatch.setattr(bank_writing, "LINES_MAX", 7)
    with pytest.raises(FileRefused) as refused:
        batch(8)
    assert place(refused) == (9, 1, "seq")


def altered(change) -> bytes:
    made = cut_lines(returned([1, 2, 3, 4], "PFPP"))
    change(made)
    return resealed(made)


def _line(at, content, number=2):
    def change(made):
        made[number] = put(made[number], at, content)

    return change


def _drop(made):
    del made[2]


def _double(made):
    made[3] = made[2]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param(_drop, (1, 47, "count"), id="a line short"),
        pytest.param(_double, (4, 3, "seq"), id="a seq twice"),
        pytest.param(_line(3, b"00000x2"), (3, 3, "seq"), id="no number"),
        pytest.param(_line(3, b"0000000"), (3, 3, "seq"), id="seq 0"),
        pytest.param(_line(10, b"/"), (3, 10, "record"), id="another separator"),
        pytest.param(_line(1, b"X"), (3, 1, "record"), id="another letter"),
        pytest.param(_line(20, b"\n"), (3, 20, "ss_no"), id="a line break inside"),
        pytest.param(_line(14, b" "), (3, 14, "ss_no"), id="a blank inside a person's number"),
        pytest.param(_line(63, b"000000006000"), (6, 11, "total"), id="an amount of which the tail knows nothing"),
        pytest.param(_line(76, b"X"), (3, 76, "result"), id="an unknown result"),
        pytest.param(_line(76, b"P"), (3, 78, "code"), id="paid with a code"),
        pytest.param(_line(78, b"F00"), (3, 78, "code"), id="F00"),
        pytest.param(_line(78, b"   "), (3, 78, "code"), id="failed without a code"),
        pytest.param(_line(82, "流水".encode("gb18030") + b"\x81"), (3, 86, "bank_serial"), id="half a character"),
        pytest.param(_line(103, b"2024-06-31"), (3, 103, "time"), id="the 31st of June"),
        pytest.param(_line(103, b"2024-10-25T24"), (3, 103, "time"), id="hour 24"),
        pytest.param(_line(122, b" "), (3, 103, "time"), id="a time without its offset"),
        pytest.param(_line(26, b"000", 0), (1, 26, "return_no"), id="return 0"),
        pytest.param(_line(3, b"2", 0), (1, 3, "format"), id="another format"),
        pytest.param(_line(39, b"UTF-16 ", 0), (1, 39, "encoding"), id="another encoding"),
        pytest.param(_line(55, b"0000009", 0), (1, 55, "paid_count"), id="another count of payments"),
        pytest.param(_line(63, b"000000000018004", 0), (1, 63, "paid_total"), id="a sum one fen off"),
        pytest.param(_line(79, b"?", 0), (1, 79, "last"), id="last or not"),
        pytest.param(_line(3, b"0000005", 5), (6, 3, "count"), id="another count in the tail"),
        pytest.param(_line(11, b"000000000024007", 5), (6, 11, "total"), id="another total in the tail"),
    ],
)
def test_a_wrong_return_is_refused_where_it_is_wrong(change, expected):
    with pytest.raises(FileRefused) as refused:
        read_return(altered(change))
    assert place(refused) == expected


@pytest.mark.parametrize(
    "alter",
    [
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: b"\xef\xbb\xbf" + content, id="a byte order mark"),
        pytest.param(lambda content: content.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(lambda content: content[:-1], id="no LF at the end"),
        pytest.param(lambda content: content + b"\n", id="a line too many"),
        pytest.param(lambda content: content[: len(content) // 2], id="cut in the middle"),
        pytest.param(lambda content: content.replace(b"S0010000002", b"S0010000009"), id="one line altered"),
        pytest.param(lambda content: content[: content.index(b"\n") + 1], id="a head alone"),
        pytest.param(lambda content: b"\n" * len(content), id="line breaks alone"),
    ],
)
def test_a_file_that_is_not_whole_is_refused_in_both_languages(alter):
    with pytest.raises(FileRefused) as refused:
        read_return(alter(returned([1, 2, 3, 4], "PFPP")))
    assert "整份未作任何处理" in refused.value.said_zh
    assert "nothing of it was taken" in refused.value.said_en


def test_what_is_shown_of_persons_and_accounts_is_masked():
    made = cut_lines(returned([1, 2], "PP"))
    made[2] = put(made[2], 28, b" ")
    with pytest.raises(FileRefused) as refused:
        read_return(resealed([*made[:2], put(made[2], 20, b" "), made[3]]))
    assert "330491000000000" not in str(refused.value.problems)
    assert NAMES[0] not in str(refused.value.problems)


def test_a_bank_refuses_a_batch_that_was_altered():
    made = cut_lines(batch())
    for at, content, name in ((3, b"0000007", "seq"), (124, b"000000006009", "total"), (30, "伍".encode("gb18030"), "sm3")):
        wrong = [*made[:3], put(made[3], at, content), *made[4:]]
        with pytest.raises(FileRefused) as refused:
            read_batch(b"\n".join(wrong) + b"\n")
        assert place(refused)[2] == name


def test_what_a_wide_step_wrote_does_not_shine_through_a_narrow_one():
    names = ["阿卜杜拉·买买提"] * STEP + ["李"] * 5 + [""] * (STEP - 5) + ["王强"] * 3
    accounts = ["62" * 16] * STEP + ["62"] * (STEP + 3)
    told = lines(len(names), name=names, account=accounts)
    assert read_batch(write_batch(head(), told)).lines() == told
