"""Return files written, as a bank does: for the stand-in, for benches, and for tests of the reader. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np

from onecard.payouts.bank_columns import RETURN_FORM
from onecard.payouts.bank_matrix import STEP, Fen
from onecard.payouts.bank_text import mark_cells, text_cells
from onecard.payouts.bank_writing import BodyWriter, amounts, refuse_misfit
from onecard.payouts.return_file import Result, ReturnHead

__all__ = ["ReturnLines", "write_return"]

_MARKS: Final = ("ss_no", "account", "result", "time")
_WORDS: Final = ("code", "bank_serial")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLines:
    """Answers of a bank, column by column."""

    seq: Sequence[int]
    ss_no: Sequence[str] = field(repr=False)
    account: Sequence[str] = field(repr=False)
    amount_fen: Sequence[int]
    result: Sequence[Result]
    code: Sequence[str]
    bank_serial: Sequence[str]
    time: Sequence[datetime]

    def __post_init__(self) -> None:
        columns = (self.ss_no, self.account, self.amount_fen, self.result, self.code, self.bank_serial, self.time)
        assert all(len(column) == len(self.seq) for column in columns)


def write_return(head: ReturnHead, lines: ReturnLines) -> bytes:
    """Return the whole file of *lines*, one at least. Raises `FileRefused` where a value does not fit."""
    body = BodyWriter(RETURN_FORM, head.encoding)
    pieces = [_piece(body, head, lines, slice(first, first + STEP)) for first in range(0, len(lines.seq), STEP)]
    paid = [fen for fen, result in zip(lines.amount_fen, lines.result, strict=True) if result == "P"]
    told: dict[str, str | int] = {
        "batch": head.batch, "return_no": head.return_no, "bank": head.bank, "paid_count": len(paid), "paid_total": sum(paid),
        "last": "Y" if head.last else "N",
    }  # fmt: skip
    first, tail = body.ends(told)
    return b"".join([first, *pieces, tail])


def _piece(body: BodyWriter, head: ReturnHead, lines: ReturnLines, part: slice) -> bytes:
    layout, line = body.layout, body.count + 2
    told: dict[str, Sequence[str]] = {name: getattr(lines, name)[part] for name in ("ss_no", "account", "result", *_WORDS)}
    told["time"] = [time.isoformat(timespec="seconds") for time in lines.time[part]]
    cells = {}
    for name, values in told.items():
        width = layout.places[name].stop - layout.places[name].start
        made = mark_cells(values, width) if name in _MARKS else text_cells(values, width, head.encoding)
        cells[name] = refuse_misfit(made, layout, name, values, line)
    seqs: Fen = np.array(lines.seq[part], dtype=np.int64)
    return body.add(cells, seqs, amounts(lines.amount_fen[part], layout, line))
