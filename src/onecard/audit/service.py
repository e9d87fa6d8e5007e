"""Put a look or a change on record before anything is shown or done, and count who sees whole person numbers."""

import os
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from onecard.audit import store
from onecard.audit.leaves import canonical_json
from onecard.audit.model import ACT_MAX, FULL_ID, OBJECT_MAX, PURPOSE_MAX, Actor, Entry, EntryKind, RowWritten
from onecard.audit.rows import rows_content
from onecard.values.error import OnecardError
from onecard.values.masked import mask_numbers

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["BUDGET_HOUR", "BudgetSpent", "check_budget", "note", "note_change"]

BUDGET_HOUR: Final = timedelta(hours=1)

_SALT_BYTES: Final = 16
_PERSON_LOCK: Final = 0x4F434255 << 32  # "OCBU": people are told apart by the lower half.


class BudgetSpent(OnecardError):
    """Somebody has seen as many whole person numbers in an hour as the city allows; a second person may let him see more."""

    code = "audit.budget_spent"
    http_status = 403
    exit_code = 1
    zh = "您在一小时内查看完整证件号已达 {most} 次上限。请写明用途，由另一人批准后再看。"
    en = "You have seen {most} whole person numbers within an hour, as many as are allowed. Say why; another person may then approve it."


async def note(
    connection: "Connection", acting: Actor, *, act: str, object: str, region: str, purpose: str, result: str, at: datetime,  # noqa: A002
    subject: int | None = None, content: Mapping[str, Any] | None = None, kind: EntryKind = "look",
) -> Entry:  # fmt: skip
    """Put on record that *acting* did *act* to *object*, in the transaction of *connection*; return what was kept.

    Call it before anything is shown, and in the transaction of what is changed: neither is without the other. *object* names
    a thing; what has the form of a person number is masked in it, in *purpose* and in *content*, for an entry is kept for ever
    and somebody typed it. *result* is `ok`, or why not; *at* is the home's instant. A `change` tells in
    *content* which rows it wrote (`note_change` does).
    """
    return await _keep(
        connection, acting, act=act, object=object, region=region, purpose=purpose, result=result, at=at, subject=subject,
        content=_masked(content or {}), kind=kind,
    )  # fmt: skip


async def _keep(
    connection: "Connection", acting: Actor, *, act: str, object: str, region: str, purpose: str, result: str, at: datetime,  # noqa: A002
    subject: int | None, content: Mapping[str, Any], kind: EntryKind,
) -> Entry:  # fmt: skip
    assert len(act) <= ACT_MAX
    entry = Entry(
        entry=uuid.uuid4(), at=at, kind=kind, person=acting.person, account=acting.account, as_person=acting.as_person,
        roles=tuple(acting.roles), purpose=mask_numbers(purpose)[:PURPOSE_MAX], act=act, object=mask_numbers(object)[:OBJECT_MAX],
        region=region, subject=subject, result=result, content=canonical_json(content), salt=os.urandom(_SALT_BYTES),
    )  # fmt: skip
    await store.add_entry(connection, entry)
    return entry


async def note_change(
    connection: "Connection", acting: Actor, *, act: str, object: str, region: str, purpose: str, at: datetime,  # noqa: A002
    rows: Sequence[RowWritten], subject: int | None = None, more: Mapping[str, Any] | None = None,
) -> Entry:  # fmt: skip
    """Put on record a change that wrote *rows* (`audit.rows.rows_written`), in their own transaction; `verify` holds them to it."""
    return await _keep(
        connection, acting, act=act, object=object, region=region, purpose=purpose, result="ok", at=at, subject=subject,
        content={**_masked(more or {}), **rows_content(rows)}, kind="change",
    )  # fmt: skip


async def check_budget(connection: "Connection", acting: Actor, *, most: int, at: datetime, act: str = FULL_ID) -> None:
    """Raise `BudgetSpent` where *acting* did *act* *most* times in the hour before *at*, as `ok`.

    In the transaction that then notes the look: of two looks of one person at once the second waits, and counts the first.
    """
    await connection.fetchval(store.SQL.lock_person, _PERSON_LOCK | crc32(acting.person.encode()))
    if await connection.fetchval(store.SQL.acts_since, acting.person, act, at - BUDGET_HOUR) >= most:
        raise BudgetSpent(most=most)


def _masked(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return *content* with its texts masked, however deep they lie. Keys of rows are not among them: they must be found again."""
    return {name: _masked_value(value) for name, value in content.items()}


def _masked_value(value: Any) -> Any:
    if isinstance(value, str):
        return mask_numbers(value)
    if isinstance(value, Mapping):
        return _masked(value)
    return [_masked_value(each) for each in value] if isinstance(value, list | tuple) else value
