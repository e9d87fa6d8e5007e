"""Columns of text on their way into a file and out of it: encoded and decoded strictly, with the line that does not fit. Pure."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onecard.payouts.bank_matrix import Bytes, Cells
from onecard.payouts.bank_problem import Wanted
from onecard.values.fixed_columns import Encoding

__all__ = ["Misfit", "first_bad_mark", "first_bad_text", "mark_cells", "text_cells", "texts"]

# Characters that are not seen, or turn around what is. Others than Python calls printable may be names: unassigned and
# private ones stand for rare characters at many banks.
_HIDDEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")

_BLANK: Final = 32
_VISIBLE: Final = (33, 126)
_DELETE: Final = 127
_LF: Final = 10


class Misfit(NamedTuple):
    """The first value of a column that does not fit: its place from 0, the byte of it, and what would."""

    row: int
    at: int
    wanted: Wanted


def text_cells(values: Sequence[str], width: int, encoding: Encoding) -> Bytes | Misfit:
    """Return *values* in *encoding* as cells of at most *width* bytes, or the first that does not fit; one row for equal ones."""
    if values[-1] == values[0] and values.count(values[0]) == len(values):  # A memo mostly is the same everywhere.
        values = values[:1]
    joined = "\n".join(values) + "\n"
    try:
        encoded = joined.encode(encoding)
    except UnicodeEncodeError:
        encoded = b""
    if not encoded or not joined.replace("\n", "").isprintable():
        misfit = _first(values, width, encoding)
        if misfit is not None:
            return misfit
    content = np.frombuffer(encoded, dtype=np.uint8)
    ends = np.flatnonzero(content == _LF)  # LF is no part of any character of either encoding.
    sizes = np.diff(ends, prepend=-1)
    if len(ends) != len(values) or sizes.max() > width + 1:
        misfit = _first(values, width, encoding)
        assert misfit is not None
        return misfit
    return _spread(content, ends, sizes)


def mark_cells(values: Sequence[str], width: int) -> Bytes | Misfit:
    """Return *values* as cells of at most *width* bytes: numbers of persons, accounts, receipts; visible ASCII without blanks."""
    joined = "".join(values)
    sizes = set(map(len, values))
    if joined.isascii() and min(sizes) > 0 and max(sizes) <= width:
        marks = np.frombuffer(joined.encode("ascii"), dtype=np.uint8)
        if marks.min() >= _VISIBLE[0] and marks.max() <= _VISIBLE[1]:
            return marks.reshape(len(values), -1) if len(sizes) == 1 else _marks(values, max(sizes))
    wanted = Wanted(f"1 至 {width} 位可见字符，不含空格", f"1 to {width} visible ASCII characters without blanks")
    return Misfit(next(row for row, value in enumerate(values) if not 0 < len(value) <= width or not _is_mark(value)), 0, wanted)


def first_bad_mark(cells: Bytes) -> tuple[int, int] | None:
    """Return line and byte (from 0) of the first of *cells*, padded with blanks, that is no mark; None where all are."""
    above = np.subtract(cells, np.uint8(_BLANK), order="C")  # What is below a blank wraps around.
    blank = above == 0
    ended = np.count_nonzero(blank[:-1, -1])  # Where a line ends in blanks and the next begins, in one row of all bytes.
    flat = blank.ravel()
    if above.max() <= _VISIBLE[1] - _BLANK and not blank[:, 0].any() and np.count_nonzero(flat[:-1] > flat[1:]) == ended:
        return None
    bad = above > _VISIBLE[1] - _BLANK
    bad[:, 0] |= blank[:, 0]
    bad[:, :-1] |= blank[:, :-1] & ~blank[:, 1:]
    return _first_of(bad)


def first_bad_text(cells: Bytes, encoding: Encoding) -> tuple[int, int] | None:
    """Return line and byte (from 0) of the first of *cells* that is not text in *encoding*; None where all are.

    All cells are decoded at once with an LF after each: no character of either encoding reaches over it, so a character
    that is cut off at the end of its cell is found, and never eats into the next one.
    """
    if (cells[-1] == cells[0]).all() and (cells == cells[0]).all():  # A memo mostly is the same everywhere.
        cells = cells[:1]
    highest = cells.max(axis=0)
    if cells.min() < _BLANK or (highest.max() >= _DELETE and bool((cells == _DELETE).any())):
        return _first_of((cells < _BLANK) | (cells == _DELETE))
    if highest.max() < _DELETE:
        return None
    width = int(np.flatnonzero(highest != _BLANK)[-1]) + 1  # Behind it there are blanks only.
    lines = np.full((len(cells), width + 1), _LF, dtype=np.uint8)
    lines[:, :width] = cells[:, :width]
    try:
        text = lines.tobytes().decode(encoding)
    except UnicodeDecodeError as error:
        row, at = divmod(error.start, width + 1)
        return row, at
    if text.replace("\n", "").isprintable():
        return None
    hidden = next((row for row, line in enumerate(text.split("\n")) if _HIDDEN.search(line)), None)
    return None if hidden is None else (hidden, 0)


def texts(column: Cells, encoding: Encoding) -> list[str]:
    """Return a column that was found good as texts, the padding taken off."""
    return [cell.rstrip(b" ").decode(encoding) for cell in column.tolist()]


def _marks(values: Sequence[str], width: int) -> Bytes:
    return np.array(values, dtype=f"S{width}").view(np.uint8).reshape(len(values), width)


def _spread(content: Bytes, ends: NDArray[np.intp], sizes: NDArray[np.intp]) -> Bytes:
    """Return the lines of *content*, which end at *ends* and have *sizes* with their LF, as cells padded with NUL."""
    longest = int(sizes.max())
    first = np.arange(len(ends), dtype=np.intp) * longest
    places = np.arange(len(content), dtype=np.intp) + np.repeat(first - (ends + 1 - sizes), sizes)
    cells = np.zeros((len(ends), longest), dtype=np.uint8)
    cells.ravel()[places] = content * (content != _LF)
    return cells[:, :-1]  # Only LF stood in the last place.


def _first(values: Sequence[str], width: int, encoding: Encoding) -> Misfit | None:
    for row, value in enumerate(values):
        if _HIDDEN.search(value):
            return Misfit(row, 0, Wanted("不含控制字符的文字", "text without control characters"))
        try:
            size = len(value.encode(encoding))
        except UnicodeEncodeError as error:
            at = len(value[: error.start].encode(encoding))
            return Misfit(row, at, Wanted(f" {encoding} 能表示的文字", f"text that {encoding} can express"))
        if size > width:
            wanted = Wanted(f"至多 {width} 字节的文字（实有 {size} 字节）", f"text of at most {width} bytes (it has {size})")
            return Misfit(row, width, wanted)
    return None


def _is_mark(value: str) -> bool:
    return all(_VISIBLE[0] <= ord(character) <= _VISIBLE[1] for character in value)


def _first_of(bad: NDArray[np.bool_]) -> tuple[int, int]:
    row, at = divmod(int(np.argmax(bad)), bad.shape[1])
    return row, at
