"""The seal of a record and the root over a batch: fixed canonical form, salted digest, RFC 6962 tree. Pure.

The salt is the person's: where a person is erased, the salt goes and what is left proves nothing about him,
while the tree above stays whole.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from onecard.ledger.model import ReversalRecord, UseRecord
from onecard.values.days import epoch_milliseconds

__all__ = ["canonical_reversal", "canonical_use", "record_salt", "root_of", "sealed"]

_encode = msgspec.json.Encoder().encode


def canonical_use(use: UseRecord, batch: UUID, received_at: datetime) -> bytes:
    """Return the form of *use* that is sealed: a JSON array without blanks, UTF-8, `onecard use 1` and then every column.

    The order is fixed; instants are milliseconds since 1970, days ISO, bytes hexadecimal, JSON columns their text.
    """
    return _encode((
        "onecard use 1", use.terminal, use.seq, batch.hex, use.subject, use.day, epoch_milliseconds(use.occurred_at),
        epoch_milliseconds(received_at), use.digest.hex(), use.credential_kind, use.credential.hex(), use.service, use.site,
        use.site_kind, use.operator, use.region, use.home_region, use.counted, use.outcome, use.reason, use.list_price_fen,
        use.paid_fen, use.funds, use.amounts_fen, use.programme, use.version, use.rules, use.facts, use.limits, use.upload,
        use.offline,
    ))  # fmt: skip


def canonical_reversal(reversal: ReversalRecord, batch: UUID, received_at: datetime) -> bytes:
    """Return the form of *reversal* that is sealed, after the same rules."""
    return _encode((
        "onecard reversal 1", reversal.terminal, reversal.seq, batch.hex, reversal.subject, reversal.day,
        epoch_milliseconds(received_at), reversal.reason, reversal.limits,
    ))  # fmt: skip


def record_salt(owner_salt: bytes, terminal: str, seq: int) -> bytes:
    """Return the salt of one record: no two of a person's records share theirs."""
    return hmac.digest(owner_salt, f"{terminal}/{seq}".encode(), "sha256")


def sealed(salt: bytes, canonical: bytes) -> bytes:
    """Return the salted digest of a record, 32 bytes."""
    return hashlib.sha256(salt + canonical).digest()


def root_of(seals: Sequence[bytes]) -> bytes:
    """Return the RFC 6962 tree head over *seals* in their order (§2.1: leaves begin with 0x00, nodes with 0x01)."""
    assert seals
    level = [hashlib.sha256(b"\x00" + seal).digest() for seal in seals]
    while len(level) > 1:  # Pairing from the left and carrying an odd last one is the split at the largest power of two.
        paired = [hashlib.sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = [*paired, level[-1]] if len(level) % 2 else paired
    return level[0]
