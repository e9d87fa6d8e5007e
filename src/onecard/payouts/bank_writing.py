"""The lines of a bank file, written many at a time, with their SM3 and their sums for head and tail. Pure."""

from collections.abc import Mapping, Sequence

import numpy as np
from cryptography.hazmat.primitives import hashes

from onecard.payouts.bank_columns import AMOUNT_FEN_MAX, LINES_MAX, TAIL_FORM, TOTAL_FEN_MAX
from onecard.payouts.bank_matrix import STEP, Bytes, Fen, Layout, digits, layout_of
from onecard.payouts.bank_problem import FileRefused, Wanted, problem, shown
from onecard.payouts.bank_text import Misfit
from onecard.values.fixed_columns import Encoding, FileProblem, written
from onecard.values.sealed_file import SealedForm

__all__ = ["BodyWriter", "amounts", "refuse_misfit"]

_BLANK = np.uint8(32)


class BodyWriter:
    """Takes cells of line after line and returns bytes; knows at any time what head and tail have to say.

    The head stands first and tells the SM3 of what follows, so whoever streams leaves `head_bytes` free and fills them last.
    """

    def __init__(self, form: SealedForm, encoding: Encoding) -> None:
        """Begin a file of *form* in *encoding*."""
        self.layout = layout_of(form.row_form)
        self.head_bytes = form.head_form.width + 1
        self.count = 0
        self.total_fen = 0
        self._form = form
        self._encoding = encoding
        self._sm3 = hashes.Hash(hashes.SM3())
        self._widths: dict[str, int] = {}  # Of each column, up to where the last step wrote.
        self._matrix = np.tile(self.layout.empty, (STEP, 1))

    def add(self, cells: Mapping[str, Bytes], seqs: Fen, amounts_fen: Fen) -> bytes:
        """Return the next lines, `STEP` at most: *cells* of every column but seq and amount, as wide as they need to be.

        One row of cells stands for all lines.
        """
        many = len(seqs)
        assert 0 < many <= STEP
        assert len(amounts_fen) == many
        if self.count + many > LINES_MAX:
            wanted = Wanted(f"至多 {LINES_MAX} 行", f"at most {LINES_MAX} lines")
            raise FileRefused([problem(LINES_MAX + 2, 1, "seq", wanted, str(self.count + many))])
        lines = self._matrix[:many]
        for name, column in {**cells, "seq": digits(seqs, 7), "amount": digits(amounts_fen, 12)}.items():
            self._put(name, column, many)
        content = lines.tobytes()
        self._sm3.update(content)
        self.count += many
        self.total_fen += int(amounts_fen.sum())
        return content

    def _put(self, name: str, column: Bytes, many: int) -> None:
        """Put a column into the first *many* lines; behind it stays what is blank, and is made so where a step before was wider."""
        first, size = self.layout.places[name].start, column.shape[1]
        np.maximum(column, _BLANK, out=self._matrix[:many, first : first + size])  # NUL becomes a blank, nothing else is below it.
        self._matrix[:, first + size : first + self._widths.get(name, 0)] = _BLANK
        self._widths[name] = size

    def ends(self, head: Mapping[str, str | int]) -> tuple[bytes, bytes]:
        """Return the head line, *head* being what only this kind of file says, and the tail line."""
        assert self.count > 0
        assert all(str(value).isascii() for value in head.values())  # Names of ours and of banks: a head is read before its encoding.
        if self.total_fen > TOTAL_FEN_MAX:
            wanted = Wanted(f"合计至多 {TOTAL_FEN_MAX} 分", f"a total of at most {TOTAL_FEN_MAX} fen")
            raise FileRefused([problem(1, 1, "total", wanted, str(self.total_fen))])
        told = {"format": 1, "encoding": self._encoding, "count": self.count, "sm3": self._sm3.copy().finalize().hex(), **head}
        try:
            first = written(self._form.head_form, told, "UTF-8", 1)
        except FileProblem as misfit:
            line, column, name = misfit.place
            wanted = Wanted(str(misfit.facts["expected_zh"]), str(misfit.facts["expected_en"]))
            raise FileRefused([problem(line, column, name, wanted, str(told[name]))]) from misfit
        tail = written(TAIL_FORM, {"count": self.count, "total": self.total_fen}, "UTF-8", self.count + 2)
        return first + b"\n", tail + b"\n"


def refuse_misfit(cells: Bytes | Misfit, layout: Layout, name: str, values: Sequence[str], line: int) -> Bytes:
    """Return *cells*, or refuse the value that does not fit into the column *name*; the first of *values* stands on *line*."""
    if isinstance(cells, Misfit):
        at = layout.places[name].start + 1 + cells.at
        raise FileRefused([problem(line + cells.row, at, name, cells.wanted, shown(name, values[cells.row]))])
    return cells


def amounts(values: Sequence[int], layout: Layout, line: int) -> Fen:
    """Return *values* as fen, each 1 to `AMOUNT_FEN_MAX`; the first stands on *line*."""
    found = np.array(values)
    if found.dtype == np.int64 and found.min() > 0 and found.max() <= AMOUNT_FEN_MAX:
        return found
    row = next(row for row, value in enumerate(values) if type(value) is not int or not 0 < value <= AMOUNT_FEN_MAX)
    wanted = Wanted(f"1 至 {AMOUNT_FEN_MAX} 的整数（分）", f"a whole number of fen from 1 to {AMOUNT_FEN_MAX}")
    raise FileRefused([problem(line + row, layout.places["amount"].start + 1, "amount", wanted, repr(values[row]))])
