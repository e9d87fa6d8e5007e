"""Lines of fixed width as one matrix of bytes: columns are written and read for many lines at once. Pure.

A cell column is an array (lines, width) of bytes, padded on the right with NUL; in the file the padding is blanks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from onecard.values.fixed_columns import Form

__all__ = ["STEP", "Bytes", "Cells", "Fen", "Layout", "digits", "layout_of", "numbers_in", "strings"]

Bytes = NDArray[np.uint8]
"""Bytes of many lines: (lines, width)."""

Cells = NDArray[np.bytes_]
"""One column as byte strings, one a line."""

Fen = NDArray[np.int64]

STEP: Final = 4_096
"""Lines that are worked on at a time: a step stays in the processor's cache, and memory does not grow with the file."""

_BLANK: Final = 32
_BAR: Final = ord("|")
_ZERO: Final = 48
_FOUR: Final = np.frombuffer(b"".join(b"%04d" % number for number in range(10_000)), dtype=np.uint32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """Where the columns of one kind of line are, in bytes from 0."""

    form: Form
    places: Mapping[str, slice]
    width: int  # With the LF at the end.
    empty: Bytes  # A line without its values: letter, bars, blanks, LF.
    fixed: NDArray[np.intp]  # Where letter, bars and LF stand.


def layout_of(form: Form) -> Layout:
    """Return where the columns of *form* are."""
    places: dict[str, slice] = {}
    at = len(form.letter)
    for column in form.columns:
        places[column.name] = slice(at + 1, at + 1 + column.width)
        at += 1 + column.width
    empty = np.full(at + 1, _BLANK, dtype=np.uint8)
    fixed = np.array([0, *(place.start - 1 for place in places.values()), at], dtype=np.intp)
    empty[fixed] = [ord(form.letter), *[_BAR] * len(places), ord("\n")]
    return Layout(form=form, places=places, width=at + 1, empty=empty, fixed=fixed)


def digits(values: Fen, width: int) -> Bytes:
    """Return *values* (not negative, of *width* digits at most) in decimal, zeros on the left: four digits at a time by table."""
    groups = -(-width // 4)
    out = np.empty((len(values), groups), dtype=np.uint32)
    rest = values
    for group in range(groups - 1, -1, -1):
        rest, last = np.divmod(rest, 10_000)
        out[:, group] = _FOUR[last]
    assert not rest.any()
    return out.view(np.uint8)[:, 4 * groups - width :]


def numbers_in(cells: Bytes) -> tuple[Fen, NDArray[np.bool_]]:
    """Return the numbers that *cells* say in decimal, and for each whether it is one: digits only, 18 at most."""
    by_place = np.subtract(cells.T, np.uint8(_ZERO), order="C")  # What is below '0' wraps around and is above 9 too.
    values = np.zeros(len(cells), dtype=np.int64)
    for digit in by_place:
        values *= 10
        values += digit
    return values, by_place.max(axis=0) <= 9


def strings(cells: Bytes) -> Cells:
    """Return *cells*, whose bytes lie one behind the other, as byte strings."""
    assert cells.flags.c_contiguous
    return cells.view(f"S{cells.shape[1]}").ravel()
