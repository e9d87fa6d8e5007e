"""The batch file `BANK_BATCH.txt`: whom a bank is to pay how much on which account. Pure; form: docs/reference/bank-files.md."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from onecard.payouts.bank_columns import BATCH_FORM
from onecard.payouts.bank_matrix import STEP, Cells, Fen
from onecard.payouts.bank_problem import FileRefused, Wanted
from onecard.payouts.bank_reading import cell_column, money_column, open_body
from onecard.payouts.bank_text import mark_cells, text_cells, texts
from onecard.payouts.bank_writing import BodyWriter, amounts, refuse_misfit
from onecard.values.fixed_columns import Encoding

__all__ = ["BatchFile", "BatchHead", "BatchLines", "BatchWriter", "read_batch", "write_batch"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchHead:
    """What a batch says of itself, beside what follows from its lines."""

    batch: str
    programme: str
    period: str
    bank: str
    encoding: Encoding


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLines:
    """Payments, column by column; line n of them has seq n where they are all of a batch."""

    ss_no: Sequence[str] = field(repr=False)
    name: Sequence[str] = field(repr=False)
    account: Sequence[str] = field(repr=False)
    amount_fen: Sequence[int]
    memo: Sequence[str]  # What the holder reads on his statement.

    def __post_init__(self) -> None:
        assert len({len(self.ss_no), len(self.name), len(self.account), len(self.amount_fen), len(self.memo)}) == 1

    def steps(self) -> Iterator["BatchLines"]:
        """Yield the same lines, `STEP` at a time."""
        for first in range(0, len(self.ss_no), STEP):
            part = slice(first, first + STEP)
            yield BatchLines(
                ss_no=self.ss_no[part], name=self.name[part], account=self.account[part], amount_fen=self.amount_fen[part],
                memo=self.memo[part],
            )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BatchFile:
    """A batch as it was read, columns as arrays; the line at place n has seq n + 1."""

    head: BatchHead
    ss_no: Cells = field(repr=False)
    name: Cells = field(repr=False)
    account: Cells = field(repr=False)
    amount_fen: Fen
    memo: Cells

    def lines(self) -> BatchLines:
        """Return the lines as Python's own values."""
        return BatchLines(
            ss_no=texts(self.ss_no, "UTF-8"), name=texts(self.name, self.head.encoding), account=texts(self.account, "UTF-8"),
            amount_fen=self.amount_fen.tolist(), memo=texts(self.memo, self.head.encoding),
        )  # fmt: skip


class BatchWriter:
    """Writes one batch piece by piece, so that memory does not grow with it: first `add` for all lines, then `ends`."""

    def __init__(self, head: BatchHead) -> None:
        """Begin the file of *head*."""
        self._head = head
        self._body = BodyWriter(BATCH_FORM, head.encoding)

    @property
    def head_bytes(self) -> int:
        """How many bytes the head takes: they stand before the first piece and are known last."""
        return self._body.head_bytes

    def add(self, lines: BatchLines) -> bytes:
        """Return the next piece, of one line at least and `STEP` at most. Raises `FileRefused` with line and column."""
        layout, encoding, line = self._body.layout, self._head.encoding, self._body.count + 2
        cells = {}
        for name, marks in (("ss_no", lines.ss_no), ("account", lines.account)):
            place = layout.places[name]
            cells[name] = refuse_misfit(mark_cells(marks, place.stop - place.start), layout, name, marks, line)
        for name, words in (("name", lines.name), ("memo", lines.memo)):
            place = layout.places[name]
            cells[name] = refuse_misfit(text_cells(words, place.stop - place.start, encoding), layout, name, words, line)
        seqs = np.arange(self._body.count + 1, self._body.count + 1 + len(lines.ss_no), dtype=np.int64)
        return self._body.add(cells, seqs, amounts(lines.amount_fen, layout, line))

    def ends(self) -> tuple[bytes, bytes]:
        """Return head and tail of what was added."""
        head = self._head
        told = {"batch": head.batch, "programme": head.programme, "period": head.period, "bank": head.bank}
        return self._body.ends({**told, "total": self._body.total_fen})


def write_batch(head: BatchHead, lines: BatchLines) -> bytes:
    """Return the whole file of *lines*, one at least: the same bytes for the same lines. Raises `FileRefused`."""
    writer = BatchWriter(head)
    pieces = [writer.add(step) for step in lines.steps()]
    first, tail = writer.ends()
    return b"".join([first, *pieces, tail])


def read_batch(content: bytes) -> BatchFile:
    """Return what a batch file says, as a bank reads it; raises `FileRefused` with whatever is wrong."""
    body = open_body(BATCH_FORM, content)
    body.refuse_unless_rising()
    amount_fen = money_column(body, "amount")
    if (total := int(amount_fen.sum())) != int(body.head["total"]):
        raise FileRefused([body.in_head("total", Wanted(f" {total}（各行合计）", f"{total}, the sum of all lines"))])
    body.refuse_other_total(total)
    body.refuse_other_digest()
    told = body.head
    head = BatchHead(
        batch=told["batch"], programme=told["programme"], period=told["period"], bank=told["bank"], encoding=body.encoding
    )  # fmt: skip
    return BatchFile(
        head=head, ss_no=cell_column(body, "ss_no", mark=True), name=cell_column(body, "name"),
        account=cell_column(body, "account", mark=True), amount_fen=amount_fen, memo=cell_column(body, "memo"),
    )  # fmt: skip
