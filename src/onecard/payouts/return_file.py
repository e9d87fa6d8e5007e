"""The return file `BANK_BATCH.rNNN`: what became of each payment of a batch. Pure; form: docs/reference/bank-files.md."""

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from onecard.payouts.bank_columns import LINES_MAX, RETURN_FORM
from onecard.payouts.bank_matrix import Bytes, Cells, Fen
from onecard.payouts.bank_problem import FileRefused, Problem, Wanted
from onecard.payouts.bank_reading import Body, cell_column, money_column, number_column, open_body
from onecard.payouts.return_time import time_column
from onecard.values.fixed_columns import Encoding
from onecard.values.sealed_file import sm3

__all__ = ["FAILED", "PAID", "REFUNDED", "RETURN_NO_MAX", "Result", "ReturnFile", "ReturnHead", "read_return"]

Result = Literal["P", "F", "R"]
"""Paid; failed; refunded after it was paid (退票)."""

PAID, FAILED, REFUNDED = (ord(letter) for letter in "PFR")
RETURN_NO_MAX: Final = 999

_RESULTS: Final = Wanted(" P、F 或 R", "P, F or R")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnHead:
    """What a return says of itself, beside what follows from its lines."""

    batch: str
    return_no: int
    bank: str
    encoding: Encoding
    last: bool  # The bank has answered every line by now; refunds may follow all the same.


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReturnFile:
    """A return as it was read, columns as arrays, in the order of the file."""

    head: ReturnHead
    digest: bytes  # Of head and tail, and so, by the SM3 in the head, of the whole file.
    seq: Fen
    ss_no: Cells = field(repr=False)
    account: Cells = field(repr=False)
    amount_fen: Fen
    result: NDArray[np.uint8]  # `PAID`, `FAILED`, `REFUNDED`.
    code: NDArray[np.uint8]  # 1–99, 0 for none.
    bank_serial: Cells  # For `bank_text.texts`.
    time: NDArray[np.datetime64]  # UTC, whole seconds.


def read_return(content: bytes) -> ReturnFile:
    """Return what a return file says; raises `FileRefused` with whatever is wrong in itself."""
    body = open_body(RETURN_FORM, content)
    head = _head(body)
    seq, amount_fen = number_column(body, "seq"), money_column(body, "amount")
    _refuse_twice(body, seq)
    result, code = _results(body)
    _hold_sums(body, amount_fen, result)
    body.refuse_other_digest()
    return ReturnFile(
        head=head, digest=sm3(body.ends), seq=seq, ss_no=cell_column(body, "ss_no", mark=True),
        account=cell_column(body, "account", mark=True), amount_fen=amount_fen, result=result, code=code,
        bank_serial=cell_column(body, "bank_serial"), time=time_column(body, "time"),
    )  # fmt: skip


def _head(body: Body) -> ReturnHead:
    told = body.head
    if not int(told["return_no"]):
        raise FileRefused([body.in_head("return_no", Wanted(" 001 至 999", "001 to 999"))])
    if told["last"] not in ("Y", "N"):
        raise FileRefused([body.in_head("last", Wanted(" Y 或 N", "Y or N"))])
    return ReturnHead(
        batch=told["batch"], return_no=int(told["return_no"]), bank=told["bank"], encoding=body.encoding, last=told["last"] == "Y"
    )  # fmt: skip


def _refuse_twice(body: Body, seq: Fen) -> None:
    beyond = (seq < 1) | (seq > LINES_MAX)
    if beyond.any():
        raise FileRefused(body.all_at(beyond, "seq", Wanted(f" 1 至 {LINES_MAX} 的序号", f"a seq from 1 to {LINES_MAX}")))
    if len(seq) < 2 or (np.diff(seq) > 0).all():
        return
    order = np.argsort(seq, kind="stable")  # Of two equal ones the later in the file comes second.
    twice = np.zeros(len(seq), dtype=np.bool_)
    twice[order[1:]] = seq[order[1:]] == seq[order[:-1]]
    if twice.any():
        raise FileRefused(body.all_at(twice, "seq", Wanted("未出现过的序号（每行只答一次）", "a seq that no earlier line has")))


def _results(body: Body) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    result = np.ascontiguousarray(body.rows[:, body.layout.places["result"]]).ravel()
    if (bad := ~np.isin(result, (PAID, FAILED, REFUNDED))).any():
        raise FileRefused(body.all_at(bad, "result", _RESULTS))
    cells = np.ascontiguousarray(body.rows[:, body.layout.places["code"]])
    code, problems = _codes(body, cells, result)
    if problems:
        raise FileRefused(problems)
    return result, code


def _codes(body: Body, cells: Bytes, result: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], list[Problem]]:
    """Return the codes as numbers. A refund may say why or leave it blank; a failure says why, a payment has no reason."""
    blank = (cells == ord(" ")).all(axis=1)
    digit = cells[:, 1:] - np.uint8(ord("0"))
    value = (digit[:, 0] * np.uint8(10) + digit[:, 1]).astype(np.uint8)
    coded = (cells[:, 0] == ord("F")) & (digit <= 9).all(axis=1) & (value > 0)
    problems = body.all_at((result == PAID) & ~blank, "code", Wanted("空白（已付）", "blanks with P"))
    problems += body.all_at((result == FAILED) & ~coded, "code", Wanted(" F01 至 F99", "F01 to F99 with F"))
    problems += body.all_at((result == REFUNDED) & ~(coded | blank), "code", Wanted(" F01 至 F99 或空白", "F01 to F99 or blanks with R"))
    value[blank] = 0
    return value, problems


def _hold_sums(body: Body, amount_fen: Fen, result: NDArray[np.uint8]) -> None:
    paid = result == PAID
    count, total = int(paid.sum()), int(amount_fen[paid].sum())
    if int(body.head["paid_count"]) != count:
        raise FileRefused([body.in_head("paid_count", Wanted(f" {count}（P 的行数）", f"{count}, the lines with P,"))])
    if int(body.head["paid_total"]) != total:
        raise FileRefused([body.in_head("paid_total", Wanted(f" {total}（P 的合计）", f"{total}, the sum of the lines with P,"))])
    body.refuse_other_total(int(amount_fen.sum()))
