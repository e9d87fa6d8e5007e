"""Lines whose columns have a fixed width in bytes: how files go to makers and banks, and come back. Pure.

Columns are cut by bytes and then decoded, each by itself and strictly: in GB18030 the second byte of a character may be the
separator `|` or a backslash, so undecoded text is never split (DESIGN §7.8).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from onecard.values.error import OnecardError

__all__ = ["ENCODINGS", "Column", "Encoding", "FileProblem", "Form", "cut", "problem_at", "written"]

Encoding = Literal["GB18030", "UTF-8"]

ENCODINGS: Final[tuple[Encoding, ...]] = ("GB18030", "UTF-8")

_BAR: Final = ord("|")


class FileProblem(OnecardError):
    """One place of a file that is not as agreed. Nothing of the file is taken."""

    code = "file.problem"
    zh = "文件第 {row} 行第 {column} 字节（{name}）不对：应为{expected_zh}。整份文件未作任何处理，请更正后重新提交。"
    en = "Row {row}, byte {column} ({name}) of the file is wrong: {expected_en}. Nothing of it was taken; send it again once corrected."

    @property
    def place(self) -> tuple[int, int, str]:
        """Return row (from 1), byte of that row (from 1) and column's name."""
        row, column = self.facts["row"], self.facts["column"]
        assert isinstance(row, int)
        assert isinstance(column, int)
        return row, column, str(self.facts["name"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: numbers are padded with zeros on the left, text with blanks on the right."""

    name: str
    width: int  # Bytes.
    number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One kind of line: a letter, then its columns, `|` between."""

    letter: str
    columns: tuple[Column, ...]

    @property
    def width(self) -> int:
        """How many bytes such a line has, without its end."""
        return 1 + sum(1 + column.width for column in self.columns)


def written(form: Form, values: Mapping[str, str | int], encoding: Encoding, row: int) -> bytes:
    """Return one line without its end; raises `FileProblem` where a value does not fit its column."""
    parts = [form.letter.encode("ascii")]
    at = 1
    for column in form.columns:
        text = str(values[column.name])
        content = _encoded(text, encoding)
        if content is None or len(content) > column.width or "\n" in text:
            raise _wrong(row, at + 2, column, f"至多 {column.width} 字节的文字", f"text of at most {column.width} bytes is expected")
        parts.append(content.rjust(column.width, b"0") if column.number else content.ljust(column.width))
        at += 1 + column.width
    return b"|".join(parts)


def cut(form: Form, line: bytes, encoding: Encoding, row: int) -> dict[str, str]:
    """Return the values of one *line*, blanks at their right ends taken off; raises `FileProblem` with row and byte."""
    if not line.startswith(form.letter.encode("ascii")):
        raise _wrong(row, 1, Column(name="record", width=1), f"以 {form.letter} 开头", f"it should begin with {form.letter}")
    if len(line) != form.width:
        column = Column(name="record", width=form.width)
        raise _wrong(row, min(len(line), form.width) + 1, column, f" {form.width} 字节", f"it should have {form.width} bytes")
    values: dict[str, str] = {}
    at = 1
    for column in form.columns:
        if line[at] != _BAR:
            raise _wrong(row, at + 1, column, "分隔符 |", "a separator | is expected")
        values[column.name] = _decoded(line[at + 1 : at + 1 + column.width], column, encoding, row, at + 2)
        at += 1 + column.width
    return values


def _column_at(form: Form, name: str) -> int:
    """Return the byte (from 1) at which the column *name* begins."""
    at = 3
    for column in form.columns:
        if column.name == name:
            return at
        at += 1 + column.width
    raise KeyError(name)


def problem_at(form: Form, name: str, row: int, expected: Sequence[str]) -> FileProblem:
    """Return the problem that the column *name* of *row* is not what was *expected* (zh, en)."""
    return FileProblem(row=row, column=_column_at(form, name), name=name, expected_zh=expected[0], expected_en=expected[1])


def _decoded(content: bytes, column: Column, encoding: Encoding, row: int, at: int) -> str:
    if column.number:
        if not content.isdigit():
            raise _wrong(row, at, column, f" {column.width} 位数字", f"{column.width} digits are expected")
        return content.decode("ascii")
    try:
        text = content.rstrip(b" ").decode(encoding)
    except UnicodeDecodeError as error:
        raise _wrong(row, at + error.start, column, f" {encoding} 编码", f"text in {encoding} is expected") from error
    if not text.isprintable():
        raise _wrong(row, at, column, "可见字符", "visible characters are expected")
    return text


def _encoded(text: str, encoding: Encoding) -> bytes | None:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:  # A lone surrogate.
        return None


def _wrong(row: int, at: int, column: Column, zh: str, en: str) -> FileProblem:
    return FileProblem(row=row, column=at, name=column.name, expected_zh=zh, expected_en=en)
