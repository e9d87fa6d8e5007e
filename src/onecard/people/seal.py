"""What seals a row about a person: fixed canonical form, a salted digest, and the root over all that one transaction told. Pure.

The salt is the person's, as with his uses: where he is erased it goes, and the digests that stay say nothing of him.
"""

import hmac
from collections.abc import Sequence
from uuid import UUID

import msgspec

from onecard.ledger.seal import root_of, sealed
from onecard.people.model import FactRow, PersonRow

__all__ = ["SEAL_BYTES", "fact_seal", "person_seal", "root_of_told", "seals_of"]

SEAL_BYTES = 32

_SUBJECT_BYTES = 8
_encode = msgspec.json.Encoder().encode


def person_seal(salt: bytes, batch: UUID, row: PersonRow) -> bytes:
    """Return the seal over birth date and home region, under a salt that no other row shares (docs/reference/log.md)."""
    return sealed(hmac.digest(salt, b"person", "sha256"), _encode(("onecard person 1", batch.hex, *row)))


def fact_seal(salt: bytes, batch: UUID, row: FactRow) -> bytes:
    """Return the seal over one dated fact, after the same rules."""
    own = hmac.digest(salt, f"fact/{row.fact}/{row.since.isoformat()}".encode(), "sha256")
    return sealed(own, _encode(("onecard fact 1", batch.hex, *row)))


def root_of_told(subjects: Sequence[int], seals: Sequence[bytes]) -> bytes:
    """Return the RFC 6962 head over seals, each behind the 8 bytes of whom it is about: none can be passed off as another's."""
    return root_of([
        subject.to_bytes(_SUBJECT_BYTES, "big", signed=True) + seal for subject, seal in zip(subjects, seals, strict=True)
    ])  # fmt: skip


def seals_of(joined: bytes) -> list[bytes]:
    """Return the seals that a batch keeps one behind the other."""
    return [joined[at : at + SEAL_BYTES] for at in range(0, len(joined), SEAL_BYTES)]
