"""The columns of batch and return files, fixed in bytes, as agreed with the banks (docs/reference/bank-files.md). Pure."""

from typing import Final

from onecard.values.fixed_columns import Column, Form
from onecard.values.sealed_file import COUNT, SealedForm

__all__ = ["AMOUNT_FEN_MAX", "BATCH_FORM", "LINES_MAX", "RETURN_FORM", "TAIL_FORM", "TOTAL_FEN_MAX"]

LINES_MAX: Final = 1_000_000
"""Lines of one file: it is held whole while it is signed or read, and 177 MB are what this machine spares for it."""

_BATCH: Final = Column(name="batch", width=20)
_BANK: Final = Column(name="bank", width=8)
_SS_NO: Final = Column(name="ss_no", width=18)
_ACCOUNT: Final = Column(name="account", width=32)
_AMOUNT: Final = Column(name="amount", width=12, number=True)
_TOTAL: Final = Column(name="total", width=15, number=True)

AMOUNT_FEN_MAX: Final = 10**_AMOUNT.width - 1
TOTAL_FEN_MAX: Final = 10**_TOTAL.width - 1

BATCH_FORM: Final = SealedForm(
    head=(_BATCH, Column(name="programme", width=32), Column(name="period", width=11), _BANK), counts=(_TOTAL,),
    row=(_SS_NO, Column(name="name", width=60), _ACCOUNT, _AMOUNT, Column(name="memo", width=40)), rows_max=LINES_MAX,
)  # fmt: skip

RETURN_FORM: Final = SealedForm(
    head=(_BATCH, Column(name="return_no", width=3, number=True), _BANK),
    counts=(
        Column(name="paid_count", width=7, number=True), Column(name="paid_total", width=15, number=True), Column(name="last", width=1),
    ),
    row=(
        _SS_NO, _ACCOUNT, _AMOUNT, Column(name="result", width=1), Column(name="code", width=3), Column(name="bank_serial", width=20),
        Column(name="time", width=25),
    ),
    rows_max=LINES_MAX,
)  # fmt: skip

TAIL_FORM: Final = Form(letter="T", columns=(COUNT, _TOTAL))
