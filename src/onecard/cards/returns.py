"""Take the maker's return file: whole or not at all, once, and row by row inside."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from onecard.cards import making_store, store
from onecard.cards.batches import BatchUnknown, rows_sent
from onecard.cards.credential import credential_key
from onecard.cards.desk import DeskTools
from onecard.cards.errors import MovedMeanwhile
from onecard.cards.following import Account, sealed_account
from onecard.cards.making_store import ApplicationRow, StateOfApplication, TakenFile
from onecard.cards.model import NewCard, StateChange
from onecard.cards.returnfile import RETURN_FORM, MadeCard, ReturnFile, match_batch, read_return_file
from onecard.cards.service import register_cards
from onecard.values.error import OnecardError
from onecard.values.fixed_columns import FileProblem, problem_at
from onecard.values.masked import CardNumber
from onecard.values.sealed_file import sm3

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["ReturnRepeated", "Taken", "take_return"]


class ReturnRepeated(OnecardError):
    """The batch was answered already, by other bytes."""

    code = "cards.return_repeated"
    http_status = 409
    zh = "批次 {batch} 的回盘已于 {day} 处理，这份文件内容不同，未作任何处理。请向制卡方核实。"
    en = "Batch {batch} was answered on {day}; this file holds other bytes and nothing of it was taken. Ask the maker which is right."


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a return file came to."""

    batch: str
    duplicate: bool  # The same bytes again: nothing changed.
    made: int
    failed: Mapping[str, int]  # By stage; of a duplicate all together, under `rows`.
    withdrawn: Sequence[str] = ()  # Boxes of cards whose application was withdrawn meanwhile: to be destroyed.


async def take_return(connection: "Connection", tools: DeskTools, content: bytes, at: datetime) -> Taken:
    """Take a return file in the transaction of *connection*: cards come sealed, rows that failed keep stage and reason.

    Raises `FileProblem` with row and byte, `BatchUnknown`, `ReturnRepeated`, `MovedMeanwhile`; then nothing was taken.
    """
    file = read_return_file(content)
    if await making_store.find_batch(connection, file.batch) is None:
        raise BatchUnknown(batch=file.batch)
    made = sum(row.made is not None for row in file.rows)
    digest = sm3(content)
    if not await making_store.add_return(connection, file.batch, TakenFile(at, digest, made, len(file.rows) - made)):
        return await _taken_before(connection, file.batch, digest)
    sent = await rows_sent(connection, tools, file.batch)
    match_batch(file, [row for _, row in sent])
    applications = [application for application, _ in sent]
    await _refuse_taken(connection, tools, file)
    await _register(connection, tools, file, applications, at)
    failed = Counter(str(row.stage) for row in file.rows if row.stage is not None)
    boxes = [row.made.box for row, asked in zip(file.rows, applications, strict=True) if row.made and asked.state != "making"]
    return Taken(batch=file.batch, duplicate=False, made=made - len(boxes), failed=dict(failed), withdrawn=boxes)


async def _taken_before(connection: "Connection", batch: str, digest: bytes) -> Taken:
    before = await making_store.find_return(connection, batch)
    assert before is not None
    if before.digest != digest:
        raise ReturnRepeated(batch=batch, day=before.at.date())
    return Taken(batch=batch, duplicate=True, made=before.first, failed={"rows": before.second} if before.second else {})


async def _refuse_taken(connection: "Connection", tools: DeskTools, file: ReturnFile) -> None:
    """Refuse a file that gives out a number or chip which somebody holds already."""
    keys: dict[bytes, tuple[str, int]] = {}
    for line, row in enumerate(file.rows, 2):
        if row.made is not None:
            keys[_key(tools, "card", row.made)] = "card_no", line
            keys[_key(tools, "chip", row.made)] = "card_id_code", line
    taken = await store.taken(connection, list(keys))
    if taken:
        name, line = min((keys[key] for key in taken), key=lambda place: place[1])
        raise _held(name, line)


async def _register(
    connection: "Connection", tools: DeskTools, file: ReturnFile, applications: Sequence[ApplicationRow], at: datetime
) -> None:
    cards, states, accounts = [], [], []
    for row, asked in zip(file.rows, applications, strict=True):
        if asked.state != "making":  # Withdrawn meanwhile: the holder has died, or thought better of it.
            continue
        step = asked.step + 1
        if row.made is None:
            state = "bank_failed" if row.stage == "bank" else "tasked"
            states.append(StateOfApplication(asked.subject, asked.application, step, state, row.reason))
            continue
        key = _key(tools, "card", row.made)
        cards.append(_new_card(asked, row.made, at))
        states.append(StateOfApplication(asked.subject, asked.application, step, "made", row.made.box, key))
        if row.made.account is not None:
            accounts.append((asked.subject, key, sealed_account(tools, asked.subject, key, _account(row.made, row.made.account), at)))
    await register_cards(connection, tools.keyring, cards)
    await making_store.add_accounts(connection, accounts)
    if await making_store.add_states(connection, at, states) != len(states):
        raise MovedMeanwhile


def _new_card(asked: ApplicationRow, made: MadeCard, at: datetime) -> NewCard:
    return NewCard(
        subject=asked.subject, number=made.number, chip=made.chip, issue_region=asked.region, issued_on=made.issued_on,
        valid_until=made.valid_until, states=(StateChange(since=at, state="sealed"),), replaces=asked.replaces,
    )  # fmt: skip


def _account(made: MadeCard, account: CardNumber) -> Account:
    return Account(bank=made.bank, account=account, bank_card=made.bank_card)


def _key(tools: DeskTools, kind: str, made: MadeCard) -> bytes:
    value = made.number if kind == "card" else made.chip
    return credential_key(tools.keyring.hash_key, kind, value.reveal())


def _held(name: str, line: int) -> FileProblem:
    return problem_at(RETURN_FORM.row_form, name, line, ("未使用过的号码", "a number is expected that nobody holds yet"))
