"""What stays of a person who was erased: his uses, whose seals nobody can compute any more, held together by one digest.

His salt is gone, and with it the proof that a use was his. So that nobody can change such a use unseen, the erasure's own
entry keeps a digest over what stayed.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from onecard.audit import store
from onecard.audit.model import CUT_OFF, Actor
from onecard.audit.service import note
from onecard.ledger.seal import canonical_reversal, canonical_use
from onecard.ledger.verify import reversal_of, use_of

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["Erased", "Kept", "cut_off", "erase_subject", "erased_people", "kept_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How many records of a person stay, and the digest over them."""

    records: int
    digest: bytes

    def to_content(self) -> dict[str, Any]:
        """Return what the erasure's entry says of them."""
        return {"records": self.records, "sha256": self.digest.hex()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """One person who was erased, and what stayed then."""

    subject: int
    at: datetime
    kept: Kept


async def kept_of(connection: "Connection", subject: int) -> Kept:
    """Return what the ledger holds of *subject*: SHA-256 over the canonical forms of uses and reversals, each with LF, by key."""
    uses: Sequence[Any] = await connection.fetch(store.SQL.uses_of, subject)
    reversals: Sequence[Any] = await connection.fetch(store.SQL.reversals_of, subject)
    forms = [
        *(canonical_use(use_of(row), row["batch"], row["received_at"]) for row in uses),
        *(canonical_reversal(reversal_of(row), row["batch"], row["received_at"]) for row in reversals),
    ]
    return Kept(records=len(forms), digest=hashlib.sha256(b"".join(form + b"\n" for form in forms)).digest())


async def erased_people(connection: "Connection") -> list[Erased]:
    """Return who was erased, the earliest first."""
    found = []
    for row in await connection.fetch(store.SQL.erased):
        told = msgspec.json.decode(row["content"])
        kept = Kept(records=told["records"], digest=bytes.fromhex(told["sha256"]))
        found.append(Erased(subject=row["subject"], at=row["at"], kept=kept))
    return found


async def cut_off(connection: "Connection", acting: Actor, subject: int, reason: str, at: datetime) -> None:
    """Let no card or code lead to *subject* any more, in the transaction of *connection*; on record as `CUT_OFF`."""
    await note(
        connection, acting, act=CUT_OFF, object=f"subject {subject}", region="", purpose=reason, result="ok", at=at, subject=subject,
        kind="change",
    )  # fmt: skip
    await connection.fetchval(store.SQL.cut_off, subject)


async def erase_subject(connection: "Connection", acting: Actor, subject: int, reason: str, at: datetime, kept: Kept) -> None:
    """Let *subject* go, in the transaction of *connection*; on record as an erasure, with what was *kept* of him."""
    await note(
        connection, acting, act="residents.erase", object=f"subject {subject}", region="", purpose=reason, result="ok", at=at,
        subject=subject, content=kept.to_content(), kind="erasure",
    )  # fmt: skip
    await connection.fetchval(store.SQL.erase, subject)
