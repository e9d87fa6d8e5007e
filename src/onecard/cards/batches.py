"""Batches to the card maker: who is taken up, what the checks say, and the file that goes out."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, cast

from onecard.cards import making_store
from onecard.cards.application import WAITING, path
from onecard.cards.checks import Authority, Candidate, Known, check_candidate
from onecard.cards.desk import DeskTools
from onecard.cards.errors import MovedMeanwhile
from onecard.cards.makefile import MakeFile, MakeRow, write_make_file
from onecard.cards.making_store import ApplicationRow, BatchRow, StateOfApplication
from onecard.cards.service import open_card
from onecard.people.model import Identity
from onecard.people.service import fact_of_many, open_identities
from onecard.values.days import civil
from onecard.values.error import OnecardError
from onecard.values.fixed_columns import Encoding
from onecard.values.sealed_file import sm3

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["Batch", "BatchChanged", "BatchUnknown", "ask_authority", "batch_file", "make_batch", "rows_sent", "waiting_applications"]

_ASKED_AT_ONCE_MAX: Final = 20


class BatchUnknown(OnecardError):
    """No batch bears that name."""

    code = "cards.batch_unknown"
    http_status = 404
    exit_code = 2
    zh = "没有批次 {batch}。请核对回盘文件是否属于本系统。"
    en = "There is no batch {batch}. Check that the file is an answer to this house."


class BatchChanged(OnecardError):
    """Written again, the batch's file would hold other bytes: somebody in it was corrected since."""

    code = "cards.batch_changed"
    http_status = 409
    exit_code = 1
    zh = "批次 {batch} 中有人的信息已更正，无法生成与当时相同的文件。请使用当时的文件，或等待回盘后重新制卡。"
    en = "Somebody in batch {batch} was corrected since, so the file cannot be written as it was. Use the one that went out."


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What became of those who waited: *name* and *content* are of the file, None where nobody passed."""

    name: str | None
    content: bytes | None
    sent: int
    failed: Mapping[str, int]  # By check.
    unanswered: int  # The next batch asks the province again.


async def waiting_applications(connection: "Connection", tools: DeskTools) -> list[ApplicationRow]:
    """Return whom the next batch takes up, oldest first."""
    return await making_store.waiting(connection, sorted(WAITING), tools.rules.batch_cards_max)


async def ask_authority(authority: Authority | None, waiting: Sequence[ApplicationRow]) -> dict[bytes, Known]:
    """Ask how the cards that are to be replaced stand elsewhere, outside any transaction; without *authority* nobody is asked."""
    if authority is None:
        return {}
    asker, few = authority, asyncio.Semaphore(_ASKED_AT_ONCE_MAX)

    async def one(key: bytes) -> tuple[bytes, Known]:
        async with few:
            return key, await asker.status(key)

    return dict(await asyncio.gather(*(one(row.replaces) for row in waiting if row.replaces is not None)))


async def make_batch(
    connection: "Connection", tools: DeskTools, waiting: Sequence[ApplicationRow], elsewhere: Mapping[bytes, Known], at: datetime
) -> Batch:
    """Check everyone who waits and put those who pass into one file. Raises `MovedMeanwhile`: then ask who waits anew.

    A check that fails one person stops him alone.
    """
    people = await open_identities(connection, tools.keyring, [row.subject for row in waiting])
    alive = await fact_of_many(connection, [row.subject for row in waiting], "alive", civil(at).date())
    states: list[StateOfApplication] = []
    passed: list[ApplicationRow] = []
    failed: dict[str, int] = {}
    for row in waiting:
        went = path(row.state, check_candidate(_candidate(tools, row, people, alive.get(row.subject) is not False, elsewhere)))
        states += [StateOfApplication(row.subject, row.application, row.step + n, *each) for n, each in enumerate(went, 1)]
        last = went[-1][0] if went else row.state
        if last == "making":
            passed.append(row)
        elif last.endswith("_failed"):
            failed[last.removesuffix("_failed")] = failed.get(last.removesuffix("_failed"), 0) + 1
    if await making_store.add_states(connection, at, states) != len(states):
        raise MovedMeanwhile
    unanswered = len(waiting) - len(passed) - sum(failed.values())
    if not passed:
        return Batch(name=None, content=None, sent=0, failed=failed, unanswered=unanswered)
    name = f"M{civil(at):%Y%m%d}-{tools.chance(4).hex().upper()}"
    encoding = cast(Encoding, tools.rules.encoding)
    content = write_make_file(MakeFile(batch=name, encoding=encoding, rows=await _rows(connection, tools, passed, people)))
    batch = BatchRow(at, encoding, len(passed), sm3(content))
    if not await making_store.add_batch(connection, name, batch, [(n, row.subject, row.application) for n, row in enumerate(passed, 1)]):
        raise MovedMeanwhile
    return Batch(name=name, content=content, sent=len(passed), failed=failed, unanswered=unanswered)


async def batch_file(connection: "Connection", tools: DeskTools, name: str) -> bytes:
    """Return the file of a batch again, the same bytes. Raises `BatchUnknown`, `BatchChanged`."""
    batch = await making_store.find_batch(connection, name)
    if batch is None:
        raise BatchUnknown(batch=name)
    rows = await rows_sent(connection, tools, name)
    content = write_make_file(MakeFile(batch=name, encoding=cast(Encoding, batch.encoding), rows=tuple(row for _, row in rows)))
    if sm3(content) != batch.digest:
        raise BatchChanged(batch=name)
    return content


async def rows_sent(connection: "Connection", tools: DeskTools, name: str) -> list[tuple[ApplicationRow, MakeRow]]:
    """Return a batch's applications as they stand now, beside what was asked of the maker, in the order of the file."""
    names = await making_store.applications_in(connection, name)
    found = await making_store.applications_named(connection, names)
    applications = [found[each] for each in names]
    people = await open_identities(connection, tools.keyring, [subject for subject, _ in names])
    return list(zip(applications, await _rows(connection, tools, applications, people), strict=True))


async def _rows(
    connection: "Connection", tools: DeskTools, rows: Sequence[ApplicationRow], people: Mapping[int, Identity]
) -> tuple[MakeRow, ...]:
    sealed = await making_store.sealed_numbers(connection, [(row.subject, row.replaces) for row in rows if row.replaces is not None])
    made = []
    for row in rows:
        old = None
        if row.replaces is not None:
            subject, key_id, content = sealed[row.replaces]
            old = open_card(tools.keyring, subject, row.replaces, key_id, content)[0]
        who = people[row.subject]
        made.append(MakeRow(kind=row.kind, ss_no=who.number, name=who.name, region=row.region, bank=row.bank, replaces=old))
    return tuple(made)


def _candidate(
    tools: DeskTools, row: ApplicationRow, people: Mapping[int, Identity], alive: bool, elsewhere: Mapping[bytes, Known]
) -> Candidate:
    told: Known = "none" if row.replaces is None else elsewhere.get(row.replaces, "none")
    return Candidate(kind=row.kind, identity=people.get(row.subject), alive=alive, encoding=tools.rules.encoding, elsewhere=told)
