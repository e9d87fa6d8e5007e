"""The chain beside the uses: what is kept of a link with its use, and who is named when one number comes with two contents."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec.structs import replace

from onecard.db.faults import translated
from onecard.ledger import service as ledger
from onecard.ledger.links import keep_links, link_keys
from onecard.ledger.model import Batch, LinkRecord
from onecard.terminals.alarm import raise_alarm
from onecard.terminals.chain import Link
from onecard.uses.intake import content_without_value
from onecard.uses.model import Tap
from onecard.uses.plan import Prepared, SeqReused
from onecard.values.keyed_hash import keyed_hash
from onecard.values.suites import DIGEST_BYTES

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["keep_evidence", "link_hash", "opened_link", "with_links"]

_NONCE_BYTES: Final = 12  # NIST SP 800-38D: 96 random bits, safe for 2^32 seals a key; each terminal has a key of its own.
_HASH_BYTES: Final = 16  # Of a keyed hash: nobody without the key can make two alike.


def link_hash(hash_key: bytes, terminal: str, key_id: str, link: bytes) -> bytes:
    """Return what stands in the store for *link* within one device's chain, 16 bytes."""
    return keyed_hash(hash_key, "link", f"{terminal}/{key_id}/{link.hex()}")[:_HASH_BYTES]


def with_links(
    hash_key: bytes, chance: Callable[[int], bytes], waiting: Sequence[Prepared], batch: Batch | None
) -> tuple[Batch | None, Sequence[LinkRecord]]:
    """Return *batch* with the links of its uses, and the links of all else in *waiting*: what was on record, or conflicts with it.

    *chance(n)*: n random bytes.
    """
    chained = {}
    for prepared in waiting:
        if prepared.tap.chain is not None:
            record = _record(hash_key, chance, prepared, prepared.tap.chain)
            chained[record.terminal, record.seq, record.link] = record
    if batch is None or not chained:
        return batch, list(chained.values())
    new = {(use.terminal, use.seq) for use in batch.uses}
    mine = [record for record in chained.values() if (record.terminal, record.seq) in new]
    beside = [record for record in chained.values() if (record.terminal, record.seq) not in new]
    return replace(batch, links=mine), beside


async def keep_evidence(
    connection: "Connection", links: Sequence[LinkRecord], reused: Sequence[tuple[Tap, SeqReused]], received_at: datetime
) -> None:
    """Keep *links* that came beside what was on record, and every tap whose number has other content; all of it or nothing.

    Of each such number the alarm tells the device keys that signed either. Whether two devices did it or one that lost its
    log: an operator must look.
    """
    with translated(connection):
        async with connection.transaction():
            await keep_links(connection, links, received_at)
            for tap, each in reused:
                content = content_without_value(tap)
                await ledger.keep_conflict(connection, each.terminal, each.seq, each.digest, received_at, content)
                keys = await link_keys(connection, each.terminal, each.seq)
                await raise_alarm(connection, each.terminal, "clone", received_at, {"door": "use", "seq": each.seq, "keys": keys})


def opened_link(hash_key: bytes, terminal: str, seq: int, sealed: bytes) -> tuple[bytes, bytes] | None:
    """Return link and signature as the device sent them; None where the bytes were altered, or moved here from another row."""
    try:
        plain = _cipher(hash_key, terminal).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], str(seq).encode())
    except (InvalidTag, ValueError):
        return None
    return plain[:DIGEST_BYTES], plain[DIGEST_BYTES:]


def _record(hash_key: bytes, chance: Callable[[int], bytes], prepared: Prepared, link: Link) -> LinkRecord:
    tap, nonce = prepared.tap, chance(_NONCE_BYTES)
    sealed = nonce + _cipher(hash_key, tap.terminal).encrypt(nonce, link.link + link.signature, str(tap.seq).encode())
    return LinkRecord(
        terminal=tap.terminal, seq=tap.seq, link=link_hash(hash_key, tap.terminal, link.key_id, link.link), key_id=link.key_id,
        previous=link_hash(hash_key, tap.terminal, link.key_id, link.previous), digest=prepared.digest, sealed=sealed,
    )  # fmt: skip


def _cipher(hash_key: bytes, terminal: str) -> AESGCM:
    return AESGCM(keyed_hash(hash_key, "link-seal", terminal))
