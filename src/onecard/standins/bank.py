"""What a paying bank answers to a batch, rightly or with one fault on purpose. Pure: its chance is a seed that it is given."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.random import PCG64, Generator

from onecard.payouts.batch_file import BatchHead, BatchLines
from onecard.payouts.iso_pain002 import write_pain002
from onecard.payouts.return_file import Result, ReturnHead
from onecard.payouts.return_writing import ReturnLines, write_return
from onecard.standins.bank_chance import BankFault, Chance
from onecard.values.fixed_columns import Encoding

__all__ = ["answers"]

_CODES: Final = ("F01", "F03", "F02", "F06", "F04", "F05", "F07", "F08", "F09", "F99")
_SHARES: Final = (46, 22, 17, 9, 1, 1, 1, 1, 1, 1)
"""Of a hundred failures, how many have each code. Source: FIELD §9; it leaves the last six to be shared."""

_LATE: Final = timedelta(days=21)  # 退票 come weeks later.


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """The bank's mind about each line of a batch."""

    code: Sequence[str]  # Why it fails, blank where it is paid.
    later: Sequence[Result | None]  # What comes weeks later: R after P, P after F.


def answers(
    head: BatchHead, lines: BatchLines, fault: BankFault, chance: Chance, at: datetime, *, message: bool = False
) -> list[bytes]:  # fmt: skip
    """Return the return files to a batch, in the order in which they come; *at* is when the bank pays. *message*: as pain.002.

    `partial`: two returns, of which the first is not the last; `short`: the last line is missing though the return says it is
    the last one; `amount`: one line 0.01 off; `twice`: one line answered two times; `encoding`: text in the other encoding
    than the head says. `late` is the post's fault, and the file is good.
    """
    drawn = _drawn(head, len(lines.ss_no), chance)
    everything = range(len(lines.ss_no))
    first: list[list[int]] = [list(everything)]
    if fault == "partial" and len(everything) > 1:
        half = len(everything) // 2
        first = [list(everything[:half]), list(everything[half:])]
    results: list[Result] = ["F" if code else "P" for code in drawn.code]
    told = [
        _return(head, lines, part, results, drawn.code, number, fault, at, last=number == len(first))
        for number, part in enumerate(first, 1)
    ]
    later = [row for row in everything if drawn.later[row]]
    if later and fault in ("none", "partial", "late"):
        changed: list[Result] = [each or "P" for each in drawn.later]
        codes = ["F99" if each == "R" else "" for each in changed]
        told.append(_return(head, lines, later, changed, codes, len(first) + 1, "none", at + _LATE, last=True))
    return [_message(*each, len(everything), fault) if message else _text(head, *each, fault) for each in told]


def _drawn(head: BatchHead, many: int, chance: Chance) -> _Drawn:
    """Draw by seed and batch alone, so that a bank that was killed comes to the same answers."""
    seed = hashlib.sha256(f"{chance.seed} {head.bank} {head.batch}".encode()).digest()
    dice = Generator(PCG64(int.from_bytes(seed)))
    fails, then = dice.random(many) < chance.failed, dice.random(many)
    picked = dice.choice(len(_CODES), size=many, p=np.array(_SHARES) / sum(_SHARES))
    code = [_CODES[number] if failed else "" for number, failed in zip(picked.tolist(), fails.tolist(), strict=True)]
    later: list[Result | None] = [
        ("P" if drawn < chance.succeeded else None) if failed else ("R" if drawn < chance.refunded else None)
        for failed, drawn in zip(fails.tolist(), then.tolist(), strict=True)
    ]
    return _Drawn(code=code, later=later)


def _return(
    head: BatchHead, lines: BatchLines, rows: Sequence[int], results: Sequence[Result], codes: Sequence[str], number: int,
    fault: BankFault, at: datetime, *, last: bool,
) -> tuple[ReturnHead, ReturnLines]:  # fmt: skip
    if fault == "short" and len(rows) > 1:
        rows = rows[:-1]
    amounts = list(lines.amount_fen)
    if fault == "amount":
        amounts[rows[-1]] += 1
    if fault == "twice":
        rows = [*rows, rows[-1]]
    serial = "流" if fault == "encoding" else ""
    top = ReturnHead(batch=head.batch, return_no=number, bank=head.bank, encoding=head.encoding, last=last)
    told = ReturnLines(
        seq=[row + 1 for row in rows], ss_no=[lines.ss_no[row] for row in rows], account=[lines.account[row] for row in rows],
        amount_fen=[amounts[row] for row in rows], result=[results[row] for row in rows], code=[codes[row] for row in rows],
        bank_serial=[f"{serial}{number:03d}{row + 1:07d}" for row in rows], time=[at] * len(rows),
    )  # fmt: skip
    return top, told


def _text(asked: BatchHead, head: ReturnHead, lines: ReturnLines, fault: BankFault) -> bytes:
    if fault != "encoding":
        return write_return(head, lines)
    other: Encoding = "UTF-8" if asked.encoding == "GB18030" else "GB18030"
    return write_return(replace(head, encoding=other), lines).replace(f"|{other:<7}|".encode(), f"|{asked.encoding:<7}|".encode(), 1)


def _message(head: ReturnHead, lines: ReturnLines, many: int, fault: BankFault) -> bytes:
    content = write_pain002(head, lines, max(lines.time), many)
    return content.decode("utf-8").encode("gb18030") if fault == "encoding" else content
