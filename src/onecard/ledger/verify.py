"""Every invariant of the ledger, held against the records: balances, counters, postings, leaves (DESIGN §4)."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from onecard.ledger import store
from onecard.ledger.model import ReversalRecord, UseRecord
from onecard.ledger.seal import canonical_reversal, canonical_use, record_salt, root_of, sealed

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["Check", "verify_ledger"]

LEAVES_AT_ONCE = 500
PROBLEMS_MAX = 100

_encode = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One invariant: how much was looked at, and what is wrong with it."""

    name: str
    examined: int
    problems: Sequence[str] = field(default_factory=tuple)

    @property
    def ok(self) -> bool:
        """Whether it holds."""
        return not self.problems

    def to_json(self) -> dict[str, Any]:
        """Return it in the shape of SURFACES §2."""
        return {"name": self.name, "ok": self.ok, "examined": self.examined, "problems": list(self.problems)}


async def verify_ledger(connection: "Connection", anonymous_salt: bytes, erased: Collection[int] = frozenset()) -> list[Check]:
    """Check everything in one snapshot; *anonymous_salt* salts the seals of uses whose credential is nobody's.

    *erased*: persons whose salts are gone for a reason that is on record. Of their uses the seals alone are held to the leaves.
    """
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        counts = await connection.fetchrow(store.SQL.record_counts)
        assert counts is not None
        return [
            Check(
                name="uses-balance",
                examined=counts["uses"],
                problems=[f"{row['terminal']}.{row['seq']}" for row in await connection.fetch(store.SQL.unbalanced_uses)],
            ),
            Check(
                name="counters-equal-records",
                examined=counts["accumulators"] + counts["places"],
                problems=[_counter_said(row) for row in await connection.fetch(store.SQL.drifted_counters)],
            ),
            Check(
                name="postings-equal-records",
                examined=counts["postings"],
                problems=[_posting_said(row) for row in await connection.fetch(store.SQL.drifted_postings)],
            ),
            Check(
                name="trial-balance-is-zero",
                examined=counts["postings"],
                problems=[f"{row['day']}: {row['total_fen']} fen" for row in await connection.fetch(store.SQL.unequal_days)],
            ),
            Check(
                name="codes-open-once",
                examined=counts["codes"],
                problems=[_code_said(row) for row in await connection.fetch(store.SQL.stray_codes)],
            ),
            await _leaves(connection, _Salts(anonymous=anonymous_salt, erased=erased), counts["leaves"]),
        ]


async def _leaves(connection: "Connection", salts: "_Salts", examined: int) -> Check:
    """Compute every seal and every root again."""
    heads = await connection.fetch(store.SQL.leaf_heads)
    problems: list[str] = []
    after = UUID(int=0)
    for start in range(0, len(heads), LEAVES_AT_ONCE):
        chunk = heads[start : start + LEAVES_AT_ONCE]
        until = chunk[-1]["batch"] if start + LEAVES_AT_ONCE < len(heads) else UUID(int=2**128 - 1)
        uses = await connection.fetch(store.SQL.sealed_uses, after, until)
        reversals = await connection.fetch(store.SQL.sealed_reversals, after, until)
        problems += _leaf_problems(chunk, uses, reversals, salts)
        after = until
    return Check(name="leaves-cover-records", examined=examined, problems=problems[:PROBLEMS_MAX])


def _leaf_problems(heads: Sequence[Any], uses: Sequence[Any], reversals: Sequence[Any], salts: "_Salts") -> Iterator[str]:
    seals: dict[UUID, list[bytes]] = {head["batch"]: [] for head in heads}
    for row in uses:
        told = f"use {row['terminal']}.{row['seq']} of batch {row['batch']}"
        yield from salts.problems(row, told, canonical_use(use_of(row), row["batch"], row["received_at"]))
        if row["batch"] not in seals:
            yield f"{told} stands under no leaf"
        seals.setdefault(row["batch"], []).append(row["seal"])
    for row in reversals:
        told = f"reversal of {row['terminal']}.{row['seq']} in batch {row['batch']}"
        yield from salts.problems(row, told, canonical_reversal(reversal_of(row), row["batch"], row["received_at"]))
        if row["batch"] not in seals:
            yield f"{told} stands under no leaf"
        seals.setdefault(row["batch"], []).append(row["seal"])
    for head in heads:
        found = seals[head["batch"]]
        if len(found) != head["records"] or not found or root_of(found) != head["root"]:
            yield f"batch {head['batch']}: its leaf covers {head['records']} records; {len(found)} are there, or one was changed"


def use_of(row: Mapping[str, Any]) -> UseRecord:
    """Return the record that *row* of `ledger_use` holds, its JSON in canonical form."""
    names = [name for name in UseRecord.__struct_fields__ if name not in ("funds", "amounts_fen", "facts", "limits", "offline", "salt")]
    return UseRecord(
        **{name: row[name] for name in names},
        funds=tuple(row["funds"]),
        amounts_fen=tuple(row["amounts_fen"]),
        facts=_canonical(row["facts"]) or "",
        limits=_canonical(row["limits"]) or "",
        offline=_canonical(row["offline"]),
        salt=b"",
    )


def reversal_of(row: Mapping[str, Any]) -> ReversalRecord:
    """Return the record that *row* of `ledger_reversal` holds."""
    return ReversalRecord(
        terminal=row["terminal"], seq=row["seq"], subject=row["subject"], day=row["day"], reason=row["reason"],
        limits=_canonical(row["limits"]) or "", salt=b"",
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Salts:
    """How the seal of a row is salted."""

    anonymous: bytes
    erased: Collection[int]

    def problems(self, row: Mapping[str, Any], told: str, canonical: bytes) -> Iterator[str]:
        salt = self.anonymous if row["subject"] is None else row["salt"]
        if salt is None:
            if row["subject"] not in self.erased:
                yield f"{told}: its person is gone, and no erasure is on record"
        elif sealed(record_salt(salt, row["terminal"], row["seq"]), canonical) != row["seal"]:
            yield f"{told} differs from its seal"


def _canonical(text: str | None) -> str | None:
    return None if text is None else _encode(json.loads(text)).decode()


def _code_said(row: Any) -> str:
    use = f"{row['terminal']}.{row['seq']}"
    return f"a code is spent by {use}, which accepted nothing" if row["spent"] else f"use {use} was opened by a code that is not spent"


def _counter_said(row: Any) -> str:
    where = f"{row['name']} from {row['window_start']} {row['within']}".rstrip()
    return f"{where} of {row['owner']}: stands at {row['used']} of {row['cap']}, records say {row['rebuilt']}"


def _posting_said(row: Any) -> str:
    where = f"batch {row['batch']} {row['account']} {row['operator']} {row['programme']}"
    return f"{where}: {row['amount_fen']} fen, records say {row['rebuilt_fen']}"
