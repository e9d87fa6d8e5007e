"""Half a million payments and the bank's answer to them, the same for the same size: what every contender is given."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from typing import Final

from onecard.payouts.batch_file import BatchHead, BatchLines, write_batch
from onecard.payouts.return_file import ReturnHead
from onecard.payouts.return_writing import ReturnLines, write_return

__all__ = ["HEAD", "Payments", "payments"]

HEAD: Final = BatchHead(batch="P20241025-0001", programme="employees-pension", period="2024-09", bank="B01", encoding="GB18030")

# Ordinary ones, one whose last byte in GB18030 is the separator, one outside GBK, one with a dot.
_NAMES: Final = ("王建国", "李丽", "张伟强", "李晐", "㐂𠮷", "阿卜杜拉·买买提", "欧阳静", "陈敏", "杨磊", "赵秀英", "周军")
_PAID_AT: Final = datetime(2024, 10, 25, 2, tzinfo=UTC)
_FAILS_EVERY: Final = 71  # 1.4 %.


@dataclass(frozen=True, slots=True, kw_only=True)
class Payments:
    """A batch, its file, and the return to it."""

    lines: BatchLines
    batch: bytes
    returned: bytes


def payments(many: int) -> Payments:
    """Return a batch of so *many* lines."""
    lines = BatchLines(
        ss_no=[f"330491{number:012d}" for number in range(many)], name=list(islice(cycle(_NAMES), many)),
        account=[f"62{number:017d}" for number in range(many)], amount_fen=[280_000 + number % 30_000 for number in range(many)],
        memo=["2024-09 职工养老金"] * many,
    )  # fmt: skip
    failed = [number % _FAILS_EVERY == 0 for number in range(many)]
    answers = ReturnLines(
        seq=range(1, many + 1), ss_no=lines.ss_no, account=lines.account, amount_fen=lines.amount_fen,
        result=["F" if fails else "P" for fails in failed], code=["F01" if fails else "" for fails in failed],
        bank_serial=[f"S{number:012d}" for number in range(many)], time=[_PAID_AT] * many,
    )  # fmt: skip
    head = ReturnHead(batch=HEAD.batch, return_no=1, bank=HEAD.bank, encoding=HEAD.encoding, last=True)
    return Payments(lines=lines, batch=write_batch(HEAD, lines), returned=write_return(head, answers))
