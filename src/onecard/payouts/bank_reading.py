"""A bank file opened: its form, counts and digest held to what it says of itself, its lines as one matrix. Pure.

Columns are cut by bytes before anything is decoded. What a person did (a line lost, a sum mistaken) is said before what only
follows from it (the digest).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from cryptography.hazmat.primitives import hashes
from numpy.typing import NDArray

from onecard.payouts.bank_columns import TAIL_FORM
from onecard.payouts.bank_matrix import STEP, Bytes, Cells, Fen, Layout, layout_of, numbers_in, strings
from onecard.payouts.bank_problem import PROBLEMS_MAX, FileRefused, Problem, Wanted, problem, shown
from onecard.payouts.bank_text import first_bad_mark, first_bad_text
from onecard.values.fixed_columns import ENCODINGS, Encoding, FileProblem, Form, cut, problem_at
from onecard.values.sealed_file import SealedForm

__all__ = ["Body", "cell_column", "money_column", "number_column", "open_body"]

_SEEN_BYTES: Final = 32
_BLANK: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Body:
    """A file whose form is right: every line has its width, its letter and its bars, and count, head and tail agree."""

    form: SealedForm
    head: Mapping[str, str]
    encoding: Encoding
    tail: Mapping[str, str]
    layout: Layout
    rows: Bytes = field(repr=False)
    ends: bytes  # Head line and tail line: with the SM3 in them they name the whole file.

    def steps(self) -> Iterator[tuple[int, Bytes]]:
        """Yield (place of its first line from 0, lines), `STEP` at a time."""
        for first in range(0, len(self.rows), STEP):
            yield first, self.rows[first : first + STEP]

    def at(self, row: int, name: str, wanted: Wanted, offset: int = 0) -> Problem:
        """Return the problem of the cell *name* in the line at place *row* from 0, at byte *offset* of the cell."""
        place = self.layout.places[name]
        seen = shown(name, self.rows[row, place].tobytes())
        return problem(row + 2, place.start + 1 + offset, name, wanted, seen)

    def all_at(self, bad: NDArray[np.bool_], name: str, wanted: Wanted) -> list[Problem]:
        """Return the problems of the lines at which *bad* is true, the first ones."""
        return [self.at(int(row), name, wanted) for row in np.flatnonzero(bad)[:PROBLEMS_MAX]]

    def in_head(self, name: str, wanted: Wanted) -> Problem:
        """Return the problem of a column of the head."""
        return problem(1, problem_at(self.form.head_form, name, 1, wanted).place[1], name, wanted, self.head[name])

    def refuse_unless_rising(self) -> None:
        """Hold the seqs to 1, 2, 3 …"""
        seqs = number_column(self, "seq")
        wrong = seqs != np.arange(1, len(seqs) + 1)
        if wrong.any():
            row = int(np.argmax(wrong))
            raise FileRefused([self.at(row, "seq", Wanted(f" {row + 1}（序号从 1 起，不重不漏）", f"{row + 1} (from 1 without gaps)"))])

    def refuse_other_total(self, total: int) -> None:
        """Hold the tail's total to *total*, the sum of all lines."""
        if int(self.tail["total"]) != total:
            line = len(self.rows) + 2
            wanted = Wanted(f" {total}（各行合计）", f"{total}, the sum of all lines,")
            raise FileRefused([problem(line, problem_at(TAIL_FORM, "total", line, wanted).place[1], "total", wanted, self.tail["total"])])

    def refuse_other_digest(self) -> None:
        """Hold the head's sm3 to that of all lines."""
        digest = hashes.Hash(hashes.SM3())
        digest.update(self.rows.ravel().data)  # A view: nothing is copied.
        if digest.finalize().hex() != self.head["sm3"]:
            raise FileRefused([self.in_head("sm3", Wanted("各明细行的 SM3（有明细行被改动）", "the SM3 of all D lines (one was altered)"))])


def open_body(form: SealedForm, content: bytes) -> Body:
    """Return *content* opened; raises `FileRefused` where form or counts are not as they should be."""
    layout = layout_of(form.row_form)
    first, last = form.head_form.width + 1, TAIL_FORM.width + 1
    many, over = divmod(len(content) - first - last, layout.width)
    head = _line(form.head_form, content, 0, 1)
    encoding = _encoding(form, content, head)
    if over or many < 1 or content[-1:] != b"\n":
        raise FileRefused([_first_crooked(form, content, layout, head)])
    if many > form.rows_max:
        raise FileRefused([problem(1, 1, "count", Wanted(f"至多 {form.rows_max} 行", f"at most {form.rows_max} lines"), str(many))])
    rows = np.frombuffer(content, dtype=np.uint8, count=many * layout.width, offset=first).reshape(many, layout.width)
    _refuse_crooked(form, content, layout, head, rows)
    tail = _line(TAIL_FORM, content, len(content) - last, many + 2)
    body = Body(
        form=form, head=head, encoding=encoding, tail=tail, layout=layout, rows=rows, ends=content[:first] + content[-last:]
    )  # fmt: skip
    _refuse_other_count(body)
    return body


def number_column(body: Body, name: str) -> Fen:
    """Return the numbers of a column; raises `FileRefused` where something is no number."""
    values = np.empty(len(body.rows), dtype=np.int64)
    for first, rows in body.steps():
        cells = rows[:, body.layout.places[name]]
        found, good = numbers_in(cells)
        if not good.all():
            row = int(np.argmin(good))
            raise FileRefused([body.at(first + row, name, Wanted(f" {cells.shape[1]} 位数字", f"a number of {cells.shape[1]} digits"))])
        values[first : first + len(rows)] = found
    return values


def money_column(body: Body, name: str) -> Fen:
    """Return amounts in fen, none of which may be 0; raises `FileRefused`."""
    values = number_column(body, name)
    if not values.all():
        raise FileRefused(body.all_at(values == 0, name, Wanted("大于 0 的金额（分）", "an amount of fen above 0")))
    return values


def cell_column(body: Body, name: str, *, mark: bool = False) -> Cells:
    """Return a column of text, or of marks (visible ASCII, not empty); raises `FileRefused` where something is neither."""
    place = body.layout.places[name]
    width = place.stop - place.start
    column = np.empty((len(body.rows), width), dtype=np.uint8)
    for first, rows in body.steps():
        cells = column[first : first + len(rows)]
        cells[:] = rows[:, place]
        bad = first_bad_mark(cells) if mark else first_bad_text(cells, body.encoding)
        if bad is not None:
            wanted = (
                Wanted("可见的字母数字，左对齐，不含空格", "visible ASCII from the left, without blanks inside,")
                if mark
                else Wanted(f" {body.encoding} 编码的文字", f"text in {body.encoding}")
            )
            raise FileRefused([body.at(first + bad[0], name, wanted, bad[1])])
        if mark:
            cells *= cells != _BLANK  # As NUL they are padding, which numpy takes off.
    return strings(column)


def _line(form: Form, content: bytes, at: int, number: int) -> Mapping[str, str]:
    """Return the values of the line of *form* that begins at byte *at*: it is as long as it should be, or refused."""
    end = content.find(b"\n", at, at + form.width + 1)
    line = content[at : at + form.width] if end < 0 else content[at:end]
    try:
        return cut(form, line, "UTF-8", number)
    except FileProblem as wrong:
        row, column, name = wrong.place
        wanted = Wanted(str(wrong.facts["expected_zh"]), str(wrong.facts["expected_en"]))
        raise FileRefused([problem(row, column, name, wanted, shown(name, line[column - 1 : column - 1 + _SEEN_BYTES]))]) from wrong


def _encoding(form: SealedForm, content: bytes, head: Mapping[str, str]) -> Encoding:
    def refused(name: str, wanted: Wanted) -> FileRefused:
        return FileRefused([problem(1, problem_at(form.head_form, name, 1, wanted).place[1], name, wanted, head[name])])

    if head["format"] != "1":
        raise refused("format", Wanted(" 1", "format 1"))
    if head["encoding"] not in ENCODINGS:
        raise refused("encoding", Wanted(" GB18030 或 UTF-8", "GB18030 or UTF-8"))
    if content[form.head_form.width : form.head_form.width + 1] != b"\n":
        wanted = Wanted(f" {form.head_form.width} 字节后换行", f"LF after {form.head_form.width} bytes")
        raise FileRefused([problem(1, form.head_form.width + 1, "record", wanted, shown("record", content[form.head_form.width :][:4]))])
    return head["encoding"]


def _first_crooked(form: SealedForm, content: bytes, layout: Layout, head: Mapping[str, str]) -> Problem:
    """Return what is wrong with a file whose length is no head, whole lines and a tail."""
    number, at = 2, form.head_form.width + 1
    while at < len(content) and content[at : at + 1] != b"T":
        end = content.find(b"\n", at)
        end = len(content) if end < 0 else end
        if content[at : at + 1] != b"D":
            return problem(number, 1, "record", Wanted(" D 或 T", "a line that begins with D or T"), shown("record", content[at : at + 1]))
        if end - at != layout.width - 1:
            wanted = Wanted(f" {layout.width - 1} 字节后换行", f"LF after {layout.width - 1} bytes")
            return problem(number, min(end - at, layout.width - 1) + 1, "record", wanted, f"{end - at}")
        number, at = number + 1, end + 1
    if number == 2:
        return problem(2, 1, "record", Wanted("明细行", "a D line"), shown("record", content[at:][:_SEEN_BYTES]))
    if at >= len(content):
        count = int(head["count"])
        return problem(number, 1, "record", Wanted(f"明细 {count} 行与结尾行", f"a T line after {count} D lines"), "")
    wanted = Wanted(f" {TAIL_FORM.width} 字节并以换行结尾，其后无内容", f"{TAIL_FORM.width} bytes, LF, and nothing after it")
    return problem(number, 1, "record", wanted, str(len(content) - at))


def _refuse_crooked(form: SealedForm, content: bytes, layout: Layout, head: Mapping[str, str], rows: Bytes) -> None:
    for first in range(0, len(rows), STEP):
        crooked = rows[first : first + STEP, layout.fixed] != layout.empty[layout.fixed]
        if crooked.any():
            row, place = divmod(int(np.argmax(crooked)), crooked.shape[1])
            at = int(layout.fixed[place])
            if place == 0 or at == layout.width - 1:
                raise FileRefused([_first_crooked(form, content, layout, head)])
            seen = shown("record", rows[first + row, at : at + 1].tobytes())
            raise FileRefused([problem(first + row + 2, at + 1, "record", Wanted("分隔符 |", "a separator |"), seen)])


def _refuse_other_count(body: Body) -> None:
    there = len(body.rows)
    wanted = Wanted(f" {there}（实有明细行数）", f"{there}, the lines that are there,")
    if int(body.head["count"]) != there:
        raise FileRefused([body.in_head("count", wanted)])
    if int(body.tail["count"]) != there:
        column = problem_at(TAIL_FORM, "count", there + 2, wanted).place[1]
        raise FileRefused([problem(there + 2, column, "count", wanted, body.tail["count"])])
