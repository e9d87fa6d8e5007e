"""A file of one head, many rows and one tail, whose head tells the digest of its rows. Pure.

    H|1|…|encoding|count|sm3     D|seq|…     T|count

Lines end with LF, also the last; no byte order mark. SM3 (hex) covers all D lines with their ends (SURFACES §7).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives import hashes

from onecard.values.fixed_columns import ENCODINGS, Column, Encoding, FileProblem, Form, cut, problem_at, written

__all__ = ["COUNT", "ENCODING", "FORMAT", "SEQ", "SM3", "SealedFile", "SealedForm", "read_sealed", "sm3", "write_sealed"]

FORMAT: Final = Column(name="format", width=1, number=True)
ENCODING: Final = Column(name="encoding", width=7)
COUNT: Final = Column(name="count", width=7, number=True)
SM3: Final = Column(name="sm3", width=64)
SEQ: Final = Column(name="seq", width=7, number=True)

_TAIL: Final = Form(letter="T", columns=(COUNT,))


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedForm:
    """One kind of file: *head* columns stand between format and encoding, *row* columns after the seq."""

    head: tuple[Column, ...]
    row: tuple[Column, ...]
    counts: tuple[Column, ...] = ()  # Further figures of the head, between count and sm3.
    rows_max: int = 20_000

    @property
    def head_form(self) -> Form:
        """The first line."""
        return Form(letter="H", columns=(FORMAT, *self.head, ENCODING, COUNT, *self.counts, SM3))

    @property
    def row_form(self) -> Form:
        """A line in between."""
        return Form(letter="D", columns=(SEQ, *self.row))


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFile:
    """What a whole file says; row number n stands on line n + 2."""

    head: Mapping[str, str]
    encoding: Encoding
    rows: tuple[Mapping[str, str], ...]


def sm3(content: bytes) -> bytes:
    """Return the SM3 digest of *content*, 32 bytes (GM/T 0004)."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(content)
    return digest.finalize()


def write_sealed(
    form: SealedForm, head: Mapping[str, str | int], rows: Iterable[Mapping[str, str | int]], encoding: Encoding
) -> bytes:
    """Return the file of *rows*, each without its seq; raises `FileProblem` where a value does not fit its column."""
    lines = [written(form.row_form, {"seq": seq, **row}, encoding, seq + 1) + b"\n" for seq, row in enumerate(rows, 1)]
    assert 1 <= len(lines) <= form.rows_max
    body = b"".join(lines)
    told = {"format": 1, "encoding": encoding, "count": len(lines), "sm3": sm3(body).hex(), **head}
    tail = written(_TAIL, {"count": len(lines)}, encoding, len(lines) + 2)
    return written(form.head_form, told, encoding, 1) + b"\n" + body + tail + b"\n"


def read_sealed(form: SealedForm, content: bytes) -> SealedFile:
    """Return what *content* says, or raise `FileProblem`: the first thing that is wrong, by row and byte.

    What a person did (a line lost, a sum mistaken) is said before what only follows from it (the digest).
    """
    if len(content) > (form.rows_max + 1) * (form.row_form.width + 1) + form.head_form.width:
        raise _problem(1, 1, "file", f"至多 {form.rows_max} 行", f"a file has at most {form.rows_max} rows")
    if not content.endswith(b"\n"):
        raise _problem(content.count(b"\n") + 1, 1, "file", "以换行结尾", "the last line ends with LF")
    lines = content[:-1].split(b"\n")  # LF is no part of any character of either encoding.
    head = cut(form.head_form, lines[0], "UTF-8", 1)
    encoding = _encoding(form, head)
    if head["format"] != "1":
        raise problem_at(form.head_form, "format", 1, (" 1", "format 1 is known"))
    body = lines[1:-1]
    _check_count(form, head, lines)
    rows = tuple(cut(form.row_form, line, encoding, number) for number, line in enumerate(body, 2))
    _check_seqs(form, rows)
    if sm3(b"".join(line + b"\n" for line in body)).hex() != head["sm3"]:
        raise problem_at(form.head_form, "sm3", 1, ("各明细行的 SM3", "the SM3 of the rows is expected: a row was altered"))
    return SealedFile(head=head, encoding=encoding, rows=rows)


def _encoding(form: SealedForm, head: Mapping[str, str]) -> Encoding:
    encoding = head["encoding"]
    if encoding not in ENCODINGS:
        raise problem_at(form.head_form, "encoding", 1, (" GB18030 或 UTF-8", "GB18030 or UTF-8 is expected"))
    return encoding


def _check_count(form: SealedForm, head: Mapping[str, str], lines: Sequence[bytes]) -> None:
    count, there = int(head["count"]), len(lines) - 2
    if len(lines) < 2:
        raise _problem(2, 1, "record", "明细行与结尾行", "rows and a tail are expected")
    tail = cut(_TAIL, lines[-1], "UTF-8", len(lines))
    if count != there:
        said = (f" {there}（实有明细 {there} 行，文件头为 {count}）", f"{there} rows are there, the head says {count}")
        raise problem_at(form.head_form, "count", 1, said)
    if int(tail["count"]) != there:
        raise problem_at(_TAIL, "count", len(lines), (f" {there}", f"{there} rows are there"))


def _check_seqs(form: SealedForm, rows: Sequence[Mapping[str, str]]) -> None:
    for number, row in enumerate(rows, 1):
        if int(row["seq"]) != number:
            said = (f" {number}（序号从 1 起，不重不漏）", f"{number} is expected: seqs rise from 1 without gaps")
            raise problem_at(form.row_form, "seq", number + 1, said)


def _problem(row: int, column: int, name: str, zh: str, en: str) -> FileProblem:
    return FileProblem(row=row, column=column, name=name, expected_zh=zh, expected_en=en)
