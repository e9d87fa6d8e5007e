"""What a card maker answers to a batch, rightly or with one fault on purpose. Pure."""

import hashlib
from dataclasses import replace
from datetime import date
from typing import Final, Literal

from onecard.cards.makefile import MakeFile, MakeRow
from onecard.cards.returnfile import MadeCard, ReturnFile, ReturnRow, write_return_file
from onecard.cards.rules import years_later
from onecard.values.fixed_columns import Encoding
from onecard.values.masked import CardNumber

__all__ = ["FAULTS", "LETTERS", "Fault", "return_bytes"]

Fault = Literal["none", "partial", "short", "total", "twice", "encoding", "late"]

FAULTS: Final[tuple[Fault, ...]] = ("none", "partial", "short", "total", "twice", "encoding", "late")

LETTERS: Final = "MA"
"""What the maker's card numbers begin with: no desk of ours draws such."""

_CHIP_HEAD: Final = "d156000005"
_FAILS_EVERY: Final = 3
_OTHER: Final[dict[Encoding, Encoding]] = {"GB18030": "UTF-8", "UTF-8": "GB18030"}


def return_bytes(make: MakeFile, fault: Fault, day: date, first: int) -> bytes:
    """Return the return file of *make*, its cards numbered from *first* on and issued on *day*.

    `partial`: every third row failed, and at least one; `short`: the last row is missing; `total`: the head counts one card
    too many; `encoding`: the text is in the other encoding than the head says. Other faults are of the post, not of the file.
    """
    rows = tuple(_made(row, day, first + number) for number, row in enumerate(make.rows))
    if fault == "partial":
        rows = tuple(_failed(row, number) if number % _FAILS_EVERY == 0 else row for number, row in enumerate(rows))
    file = ReturnFile(batch=make.batch, encoding=make.encoding, rows=rows)
    if fault == "encoding":
        other = _OTHER[make.encoding]
        wrong = write_return_file(replace(file, encoding=other))
        return wrong.replace(f"{other:<7}".encode(), f"{make.encoding:<7}".encode(), 1)
    content = write_return_file(file)
    if fault == "short":
        lines = content.split(b"\n")
        del lines[-3]
        return b"\n".join(lines)
    if fault == "total":
        count = f"|{len(rows):07d}|{len(rows):07d}|".encode()
        return content.replace(count, f"|{len(rows):07d}|{len(rows) + 1:07d}|".encode(), 1)
    return content


def _made(row: MakeRow, day: date, number: int) -> ReturnRow:
    drawn = hashlib.sha256(f"{row.ss_no.reveal()} {number}".encode()).digest()
    made = MadeCard(
        number=CardNumber(f"{LETTERS}{number % 10_000_000:07d}"), chip=CardNumber(f"{row.region[:4]}00{_CHIP_HEAD}{drawn[:8].hex()}"),
        issued_on=day, valid_until=years_later(day, 10), atr="3B6D000000814D86", bank=row.bank, bank_card=CardNumber(_bank_card(drawn)),
        account=CardNumber(f"{int.from_bytes(drawn[16:24]) % 10**18:018d}"), box=f"A{number // 200:04d}-{number % 200:03d}",
    )  # fmt: skip
    return ReturnRow(ss_no=row.ss_no, name=row.name, made=made)


def _failed(row: ReturnRow, number: int) -> ReturnRow:
    if number % (2 * _FAILS_EVERY) == 0:
        return replace(row, made=None, stage="bank", reason="户名不符")
    return replace(row, made=None, stage="making", reason="照片不合格")


def _bank_card(drawn: bytes) -> str:
    """Return a made-up bank card number: a prefix that no bank has, and a true check digit (Luhn)."""
    first = f"6200{int.from_bytes(drawn[8:16]) % 10**14:014d}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(first))]
    return f"{first}{-sum(value - 9 * (value > 9) for value in doubled) % 10}"
