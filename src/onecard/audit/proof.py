"""A proof that one record is in the log: all that its holder needs, and nothing about anybody else.

From the record's own canonical form and salt to its seal, from the seal through its batch's tree to the batch's root, from
the batch's leaf through the log's tree to a signed head. `check_proof` needs no store; thirty lines of anybody's do the same
(docs/reference/log.md).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from onecard.audit import store
from onecard.audit.heads import newest_head
from onecard.audit.leaves import batch_data
from onecard.audit.tree import inclusion_proof
from onecard.ledger.seal import canonical_use, record_salt
from onecard.ledger.verify import use_of
from onecard.values.error import OnecardError
from onecard.values.merkle import Digest, leaf_hash, node_hash
from onecard.values.merkle_proof import inclusion_ranges, is_included
from onecard.values.signed_head import NotAHead, SignedHead, read_head

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["NotProvable", "NotYetInLog", "Proof", "Step", "check_proof", "prove_use"]

_SEQ_DIGITS_MAX: Final = 16

_ROOT_IN_LEAF: Final = 7
"""Where the root stands in a batch's leaf (`audit.leaves.batch_data`)."""


class NotYetInLog(OnecardError):
    """The record is there, but no signed head covers it yet."""

    code = "audit.not_yet_in_log"
    http_status = 409
    exit_code = 1
    zh = "用卡记录 {use} 还没有被签名头覆盖。服务每分钟签一次，请稍后再试，或运行 onecard audit head --now。"
    en = "No signed head covers use {use} yet. A server signs each minute: try again soon, or run onecard audit head --now."


class NotProvable(OnecardError):
    """There is no such record, or its person was erased: nobody can prove it any more."""

    code = "audit.not_provable"
    http_status = 404
    exit_code = 1
    zh = "没有用卡记录 {use}，或其持卡人已被删除，无法再证明。"
    en = "There is no use {use}, or its person was erased and it can be proved no more."


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One place in one tree, and the hashes beside the way up, hexadecimal."""

    position: int
    size: int
    path: list[str]


class Proof(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole proof, as its holder gets it."""

    use: str
    record: str  # Its canonical form.
    salt: str  # Hexadecimal; of this record alone.
    in_batch: Step  # SHA-256, over seals.
    batch: str  # What the batch's leaf holds.
    in_log: Step  # The suite's digest.
    head: str  # The signed note.

    def to_json(self) -> bytes:
        """Return it as a file."""
        return msgspec.json.format(msgspec.json.encode(self), indent=2) + b"\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sealed:
    position: int
    seals: Sequence[bytes]


async def prove_use(connection: "Connection", digest: Digest, use: str, anonymous_salt: bytes) -> Proof:
    """Return the proof of *use* under the newest head. Raises `NotProvable`, `NotYetInLog`, `LogBroken`."""
    terminal, _, seq = use.rpartition(".")
    known = seq.isascii() and seq.isdigit() and len(seq) <= _SEQ_DIGITS_MAX
    row: Any = await connection.fetchrow(store.SQL.use_to_prove, terminal, int(seq)) if known else None
    salt = None if row is None else anonymous_salt if row["subject"] is None else row["salt"]
    if row is None or salt is None:
        raise NotProvable(use=use)
    place = await connection.fetchval(store.SQL.place_of, row["batch"])
    head = await newest_head(connection)
    if place is None or head is None or place >= head.head.size:
        raise NotYetInLog(use=use)
    sealed = await _seals(connection, row)
    leaf = (await store.batches(connection, [row["batch"]]))[row["batch"]]
    in_log = await inclusion_proof(connection, digest, place, head.head.size)
    return Proof(
        use=use, record=canonical_use(use_of(row), row["batch"], row["received_at"]).decode(),
        salt=record_salt(salt, terminal, int(seq)).hex(),
        in_batch=Step(position=sealed.position, size=len(sealed.seals), path=[each.hex() for each in _path(sealed)]),
        batch=batch_data(leaf).decode(), in_log=Step(position=place, size=head.head.size, path=[each.hex() for each in in_log]),
        head=head.note.decode(),
    )  # fmt: skip


def check_proof(content: bytes, digest: Digest) -> tuple[Proof, SignedHead] | None:
    """Return what *content* proves, and under which head; None where it proves nothing. Whose head it is, `signed_by` tells."""
    try:
        proof = msgspec.json.decode(content, type=Proof)
        signed = read_head(proof.head.encode())
        seal = hashlib.sha256(bytes.fromhex(proof.salt) + proof.record.encode()).digest()
        root = bytes.fromhex(msgspec.json.decode(proof.batch, type=list[Any])[_ROOT_IN_LEAF])
        in_batch, in_log = _hashes(proof.in_batch), _hashes(proof.in_log)
        _, terminal, seq, *_ = msgspec.json.decode(proof.record, type=list[Any])
    except (msgspec.MsgspecError, NotAHead, ValueError, LookupError, TypeError):
        return None
    whole = (
        proof.use == f"{terminal}.{seq}",
        is_included(_sha256, leaf_hash(_sha256, seal), proof.in_batch.position, proof.in_batch.size, in_batch, root),
        proof.in_log.size == signed.head.size,
        is_included(digest, leaf_hash(digest, proof.batch.encode()), proof.in_log.position, proof.in_log.size, in_log, signed.head.root),
    )
    return (proof, signed) if all(whole) else None


async def _seals(connection: "Connection", row: Any) -> _Sealed:
    rows = await connection.fetch(store.SQL.seals_of, row["batch"])
    position = next(at for at, each in enumerate(rows) if (each["terminal"], each["seq"]) == (row["terminal"], row["seq"]))
    return _Sealed(position=position, seals=[each["seal"] for each in rows])


def _path(sealed: _Sealed) -> list[bytes]:
    leaves = [leaf_hash(_sha256, seal) for seal in sealed.seals]
    return [_tree(leaves[first:end]) for first, end in inclusion_ranges(sealed.position, len(leaves))]


def _tree(level: Sequence[bytes]) -> bytes:
    while len(level) > 1:
        level = [node_hash(_sha256, *level[at : at + 2]) if at + 1 < len(level) else level[at] for at in range(0, len(level), 2)]
    return level[0]


def _hashes(step: Step) -> list[bytes]:
    return [bytes.fromhex(each) for each in step.path]


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
