"""Files to and from the card maker: what is written is read, and whatever is wrong is named by row and byte."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.cards.makefile import MakeFile, MakeRow, read_make_file, write_make_file
from onecard.cards.returnfile import MadeCard, ReturnFile, ReturnRow, match_batch, read_return_file, write_return_file
from onecard.values.fixed_columns import FileProblem
from onecard.values.masked import CardNumber, PersonName, PersonNumber
from onecard.values.sealed_file import sm3

# 昞 ends in a backslash and 晐 in a bar, in GB18030; the last name lies outside GBK.
NAMES = ["王建国", "王·买买提", "李昞", "晐晐", "㐂𠮷"]
NUMBERS = [f"33049519510512{number:04d}" for number in range(len(NAMES))]


def made(number: int) -> MadeCard:
    return MadeCard(
        number=CardNumber(f"KE{number:07d}"), chip=CardNumber(f"330481d156000005{number:016x}"), issued_on=date(2024, 11, 1),
        valid_until=date(2034, 10, 31), atr="3B6D000000814D86", bank="B01", bank_card=CardNumber(f"62{number:017d}"),
        account=CardNumber(f"{number:020d}"), box=f"A-{number:03d}",
    )  # fmt: skip


def answer(encoding="GB18030", rows=None) -> ReturnFile:
    rows = rows or tuple(
        ReturnRow(ss_no=PersonNumber(ss_no), name=PersonName(name), made=made(number))
        for number, (ss_no, name) in enumerate(zip(NUMBERS, NAMES, strict=True), 1)
    )
    return ReturnFile(batch="M20241031-0A0B0C", encoding=encoding, rows=rows)


def sent(names=NAMES, numbers=NUMBERS) -> tuple[MakeRow, ...]:
    return tuple(
        MakeRow(kind="first", ss_no=PersonNumber(ss_no), name=PersonName(name), region="330481", bank="B01", replaces=None)
        for ss_no, name in zip(numbers, names, strict=True)
    )


def resealed(lines: list[bytes]) -> bytes:
    """Return *lines* with the head's digest made right again, so that what was altered itself is found."""
    digest = sm3(b"".join(line + b"\n" for line in lines[1:-1])).hex().encode()
    return b"\n".join([lines[0][:-64] + digest, *lines[1:]]) + b"\n"


@pytest.mark.parametrize("encoding", ["GB18030", "UTF-8"])
def test_names_outside_gbk_and_names_that_end_in_a_bar_come_back_whole(encoding):
    content = write_return_file(answer(encoding))
    assert read_return_file(content) == answer(encoding)
    make = MakeFile(batch="M20241031-0A0B0C", encoding=encoding, rows=sent())
    assert read_make_file(write_make_file(make)) == make


def test_rows_fail_one_by_one_with_stage_and_reason():
    rows = list(answer().rows)
    rows[1] = replace(rows[1], made=None, stage="bank", reason="户名不符")
    rows[3] = replace(rows[3], made=None, stage="making", reason="照片不合格")
    file = answer(rows=tuple(rows))
    assert read_return_file(write_return_file(file)) == file


def _lines(content: bytes) -> list[bytes]:
    return content[:-1].split(b"\n")


def _set(line: bytes, at: int, content: bytes) -> bytes:
    return line[:at] + content + line[at + len(content) :]


def _short(lines):
    return b"\n".join([*lines[:-2], lines[-1]]) + b"\n"


def _total(lines):
    lines[0] = lines[0].replace(b"|0000005|0000005|", b"|0000005|0000006|")
    return resealed(lines)


def _tail(lines):
    lines[-1] = b"T|0000009"
    return resealed(lines)


def _twice(lines):
    lines[3] = lines[2]
    return resealed(lines)


def _same_card(lines):
    lines[3] = _set(lines[3], 10, lines[2][10:19])
    return resealed(lines)


def _altered(lines):
    lines[2] = lines[2].replace(b"A-002", b"A-999")
    return b"\n".join(lines) + b"\n"


def _bar_moved(lines):
    lines[2] = _set(lines[2], 9, b"/")
    return resealed(lines)


def _one_byte_short(lines):
    lines[2] = lines[2][:-1]
    return resealed(lines)


def _month_13(lines):
    at = lines[2].index(b"20241101")
    lines[2] = _set(lines[2], at, b"20241301")
    return resealed(lines)


def _no_end(lines):
    return (b"\n".join(lines) + b"\n")[:-1]


def _byte_order_mark(lines):
    return b"\xef\xbb\xbf" + b"\n".join(lines) + b"\n"


def _carriage_return(lines):
    return b"\r\n".join(lines) + b"\r\n"


@pytest.mark.parametrize(
    ("spoil", "row", "name"),
    [
        pytest.param(_short, 1, "count", id="a row is missing"),
        pytest.param(_total, 1, "made", id="another total"),
        pytest.param(_tail, 7, "count", id="the tail counts otherwise"),
        pytest.param(_twice, 4, "seq", id="a row twice"),
        pytest.param(_same_card, 4, "card_no", id="one card for two persons"),
        pytest.param(_altered, 1, "sm3", id="a row altered"),
        pytest.param(_bar_moved, 3, "card_no", id="no separator"),
        pytest.param(_one_byte_short, 3, "record", id="a byte short"),
        pytest.param(_month_13, 3, "issued", id="month 13"),
        pytest.param(_no_end, 7, "file", id="cut off at the end"),
        pytest.param(_byte_order_mark, 1, "record", id="a byte order mark"),
        pytest.param(_carriage_return, 1, "record", id="line ends of another system"),
        pytest.param(lambda lines: b"", 1, "file", id="empty"),
        pytest.param(lambda lines: lines[0] + b"\n", 2, "record", id="a head alone"),
    ],
)
def test_a_wrong_file_is_refused_whole_by_row_and_column(spoil, row, name):
    with pytest.raises(FileProblem) as refused:
        read_return_file(spoil(_lines(write_return_file(answer()))))
    assert refused.value.place[0] == row
    assert refused.value.place[2] == name
    assert f"第 {row} 行" in refused.value.said_zh


def test_utf8_under_a_head_that_says_gb18030_is_named():
    content = write_return_file(answer("UTF-8")).replace(b"UTF-8  ", b"GB18030", 1)
    with pytest.raises(FileProblem) as refused:
        match_batch(read_return_file(content), sent())
    assert refused.value.place[2] == "name"


def test_gb18030_under_a_head_that_says_utf8_is_named():
    content = write_return_file(answer("GB18030")).replace(b"GB18030", b"UTF-8  ", 1)
    with pytest.raises(FileProblem) as refused:
        read_return_file(content)
    assert (refused.value.place[0], refused.value.place[2]) == (2, "name")


@pytest.mark.parametrize(
    ("batch", "row", "name"),
    [
        pytest.param(sent(NAMES[:4], NUMBERS[:4]), 1, "count", id="one more than was sent"),
        pytest.param(sent(NAMES, [*NUMBERS[:2], *reversed(NUMBERS[2:])]), 4, "ss_no", id="another person"),
        pytest.param(sent(["王建囯", *NAMES[1:]]), 2, "name", id="another name"),
    ],
)
def test_an_answer_to_another_batch_is_refused(batch, row, name):
    with pytest.raises(FileProblem) as refused:
        match_batch(answer(), batch)
    assert (refused.value.place[0], refused.value.place[2]) == (row, name)


def test_a_name_too_long_for_its_column_is_not_cut_off():
    with pytest.raises(FileProblem, match="60 bytes"):
        write_make_file(MakeFile(batch="M1", encoding="UTF-8", rows=sent(["阿" * 21], NUMBERS[:1])))


@given(st.binary(max_size=400))
def test_any_bytes_are_a_file_or_a_problem(content):
    with pytest.raises(FileProblem):
        read_return_file(content)


@given(st.integers(0, 10_000), st.binary(min_size=1, max_size=3))
def test_no_few_bytes_changed_pass_unseen(at, put):
    whole = write_return_file(answer())
    at %= len(whole)
    spoiled = whole[:at] + put + whole[at + len(put) :]
    try:
        read = read_return_file(spoiled)
    except FileProblem as problem:
        assert problem.place[0] >= 1
    else:
        assert spoiled == whole or read.batch != answer().batch


VISIBLE = st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zs", "Zl", "Zp", "Cn", "Co"])


@given(st.lists(st.text(VISIBLE, min_size=1, max_size=12), min_size=1, max_size=5))
def test_any_name_that_fits_comes_back(names):
    rows = sent(names, NUMBERS[: len(names)])
    for encoding in ("GB18030", "UTF-8"):
        file = MakeFile(batch="M1", encoding=encoding, rows=rows)
        assert read_make_file(write_make_file(file)) == file
