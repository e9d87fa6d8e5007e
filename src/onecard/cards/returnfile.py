"""The maker's return file: for each row of a batch a card with its numbers, or the stage at which it failed and why. Pure.

Rows fail one by one; a file that is wrong is refused whole. Fields: FIELD §3.3.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from onecard.cards.credential import CredentialMalformed, normalise
from onecard.cards.makefile import BATCH, MakeRow
from onecard.values.fixed_columns import Column, Encoding, FileProblem, problem_at
from onecard.values.masked import CardNumber, PersonName, PersonNumber
from onecard.values.sealed_file import SealedForm, read_sealed, write_sealed

__all__ = ["RETURN_FORM", "STAGES", "MadeCard", "ReturnFile", "ReturnRow", "Stage", "match_batch", "read_return_file", "write_return_file"]

Stage = Literal["bank", "making"]

STAGES: Final[tuple[Stage, ...]] = ("bank", "making")

_MADE_FIELDS: Final = ("card_no", "issued", "expiry", "card_id_code", "atr", "box")
_DAY: Final = re.compile(r"[0-9]{8}", re.ASCII)
_HEX: Final = re.compile(r"(?:[0-9A-F]{2}){2,33}", re.ASCII)

RETURN_FORM: Final = SealedForm(
    head=(BATCH,),
    counts=(Column(name="made", width=7, number=True),),
    row=(
        Column(name="card_no", width=9), Column(name="ss_no", width=18), Column(name="name", width=60), Column(name="issued", width=8),
        Column(name="expiry", width=8), Column(name="card_id_code", width=32), Column(name="atr", width=66), Column(name="bank", width=8),
        Column(name="bank_card", width=24), Column(name="account", width=32), Column(name="box", width=12), Column(name="stage", width=8),
        Column(name="reason", width=60),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCard:
    """A card that was made."""

    number: CardNumber
    chip: CardNumber
    issued_on: date
    valid_until: date
    atr: str  # Reset information of the chip, hex.
    bank: str
    bank_card: CardNumber | None
    account: CardNumber | None
    box: str  # Where it lies among the delivered ones.


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRow:
    """The answer to one row of the batch: a card, or why there is none."""

    ss_no: PersonNumber
    name: PersonName
    made: MadeCard | None = None
    stage: Stage | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnFile:
    """A whole answer, row for row."""

    batch: str
    encoding: Encoding
    rows: tuple[ReturnRow, ...]


def write_return_file(file: ReturnFile) -> bytes:
    """Return the bytes of *file*; raises `FileProblem` where a value does not fit."""
    made = sum(row.made is not None for row in file.rows)
    return write_sealed(RETURN_FORM, {"batch": file.batch, "made": made}, map(_written, file.rows), file.encoding)


def read_return_file(content: bytes) -> ReturnFile:
    """Return what a return file says; raises `FileProblem` for the first thing that is wrong."""
    told = read_sealed(RETURN_FORM, content)
    rows = tuple(_read(row, number) for number, row in enumerate(told.rows, 2))
    made = sum(row.made is not None for row in rows)
    if int(told.head["made"]) != made:
        raise problem_at(RETURN_FORM.head_form, "made", 1, (f" {made}（制成 {made} 张）", f"{made} cards are in it"))
    _check_twice(rows)
    return ReturnFile(batch=told.head["batch"], encoding=told.encoding, rows=rows)


def match_batch(file: ReturnFile, sent: Sequence[MakeRow]) -> None:
    """Check that *file* answers the batch that was *sent*, person by person; raises `FileProblem`."""
    form = RETURN_FORM
    if len(file.rows) != len(sent):
        said = (f" {len(sent)}（批次共 {len(sent)} 人）", f"the batch has {len(sent)} rows, and each is answered")
        raise problem_at(form.head_form, "count", 1, said)
    for number, (row, asked) in enumerate(zip(file.rows, sent, strict=True), 2):
        if row.ss_no != asked.ss_no:
            raise problem_at(form.row_form, "ss_no", number, ("批次中同一序号的人", "it should be the person of that seq in the batch"))
        if row.name != asked.name:
            raise problem_at(form.row_form, "name", number, ("送制时的姓名", "it should be the name as it was sent; look at the encoding"))


def _read(told: Mapping[str, str], number: int) -> ReturnRow:
    ss_no, name, stage = PersonNumber(told["ss_no"]), PersonName(told["name"]), told["stage"]
    if not stage:
        if told["reason"]:
            raise _wrong("stage", number, "bank 或 making（有失败原因）", "bank or making is expected where a reason stands")
        return ReturnRow(ss_no=ss_no, name=name, made=_made(told, number))
    if stage not in STAGES:
        raise _wrong("stage", number, " bank 或 making", "bank or making is expected")
    if not told["reason"]:
        raise _wrong("reason", number, "失败原因", "a reason is expected where a card failed")
    for field in _MADE_FIELDS:
        if told[field]:
            raise _wrong(field, number, "空白（未制成）", "a failed row has no card")
    return ReturnRow(ss_no=ss_no, name=name, stage=stage, reason=told["reason"])


def _made(told: Mapping[str, str], number: int) -> MadeCard:
    if _HEX.fullmatch(told["atr"]) is None:
        raise _wrong("atr", number, "复位信息（十六进制）", "the chip's reset information is expected, in hex")
    issued_on, valid_until = _day(told, "issued", number), _day(told, "expiry", number)
    if valid_until <= issued_on:
        raise _wrong("expiry", number, "晚于发卡日期", "it should lie after the day of issue")
    return MadeCard(
        number=_credential("card", told, "card_no", number), chip=_credential("chip", told, "card_id_code", number),
        issued_on=issued_on, valid_until=valid_until, atr=told["atr"], bank=told["bank"], box=told["box"],
        bank_card=CardNumber(told["bank_card"]) if told["bank_card"] else None,
        account=CardNumber(told["account"]) if told["account"] else None,
    )  # fmt: skip


def _credential(kind: str, told: Mapping[str, str], name: str, number: int) -> CardNumber:
    try:
        return CardNumber(normalise(kind, told[name]))
    except CredentialMalformed as error:
        raise _wrong(name, number, "格式正确的号码", "a well-formed number is expected") from error


def _day(told: Mapping[str, str], name: str, number: int) -> date:
    try:
        return date.fromisoformat(told[name]) if _DAY.fullmatch(told[name]) else date.fromisoformat("")
    except ValueError as error:
        raise _wrong(name, number, "日期 YYYYMMDD", "a day YYYYMMDD is expected") from error


def _check_twice(rows: Iterable[ReturnRow]) -> None:
    seen: set[CardNumber] = set()
    for number, row in enumerate(rows, 2):
        if row.made is None:
            continue
        for name, value in (("card_no", row.made.number), ("card_id_code", row.made.chip)):
            if value in seen:
                raise _wrong(name, number, "未出现过的号码", "this number stands in an earlier row")
            seen.add(value)


def _written(row: ReturnRow) -> dict[str, str | int]:
    told: dict[str, str | int] = dict.fromkeys((column.name for column in RETURN_FORM.row), "")
    told |= {"ss_no": row.ss_no.reveal(), "name": row.name.reveal(), "stage": row.stage or "", "reason": row.reason}
    if row.made is not None:
        card = row.made
        told |= {
            "card_no": card.number.reveal(), "card_id_code": card.chip.reveal(), "issued": f"{card.issued_on:%Y%m%d}",
            "expiry": f"{card.valid_until:%Y%m%d}", "atr": card.atr, "bank": card.bank, "box": card.box,
            "bank_card": card.bank_card.reveal() if card.bank_card else "", "account": card.account.reveal() if card.account else "",
        }  # fmt: skip
    return told


def _wrong(name: str, number: int, zh: str, en: str) -> FileProblem:
    return problem_at(RETURN_FORM.row_form, name, number, (zh, en))
