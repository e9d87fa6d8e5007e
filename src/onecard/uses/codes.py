"""A code at a terminal: read and judged before the store is asked, so that a lane knows whom to look up and what would be spent. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from onecard.cards.code import CODE_SKEW, FORMS, CodeReason, Issuers, authentic, read_code, time_reason
from onecard.uses.model import Tap
from onecard.values.keyed_hash import keyed_hash

__all__ = ["NO_CODES", "CodeBook", "Reading", "is_ours", "reading_of", "unread", "vouched_reading"]


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What a code comes to at one instant."""

    key: bytes  # By which the store finds whose it is; a key of nobody where the code proves nothing.
    spends: bytes | None  # By which the record knows that it was used; None where it proves nothing.
    reason: CodeReason | None  # Why it is refused.


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeBook:
    """By what codes are believed: issuers whose keys we have, and what others told about codes of theirs (text → reading)."""

    issuers: Issuers = field(default_factory=dict)
    vouched: Mapping[str, Reading] = field(default_factory=dict)


NO_CODES = CodeBook()
"""Believes nobody."""


def reading_of(text: str, tap: Tap, received_at: datetime, book: CodeBook, hash_key: bytes) -> Reading:
    """Return what the code *text*, shown in *tap*, comes to.

    A code that is not authentic names nobody: whose pseudonym it bears is not proved, so no record of his is touched.
    """
    code = read_code(text)
    if isinstance(code, str) or not authentic(code, book.issuers):
        return book.vouched.get(text) or unread(text, hash_key, "CODE_BAD_SIGN")
    return Reading(
        key=keyed_hash(hash_key, "code", code.pseudonym), spends=keyed_hash(hash_key, "code-once", code.signed),
        reason=time_reason(code, tap.occurred_at, _clock_ahead(tap, received_at)),
    )  # fmt: skip


def is_ours(text: str, issuers: Issuers) -> bool:
    """Tell whether *text* begins as codes of our issuers do, be it whole or not: nobody else need be asked about it."""
    form, _, rest = text.partition(".")
    return form in FORMS and rest.partition(".")[0] in issuers


def unread(text: str, hash_key: bytes, reason: CodeReason | None) -> Reading:
    """Return the reading of a code that names nobody; without *reason* it is somebody whom nobody could name to us."""
    return Reading(key=keyed_hash(hash_key, "code-text", text), spends=None, reason=reason)


def vouched_reading(text: str, key: bytes, hash_key: bytes) -> Reading:
    """Return the reading of a code that somebody else vouches for: *key* is that of the credential it stands for."""
    return Reading(key=key, spends=keyed_hash(hash_key, "code-once", text), reason=None)


def _clock_ahead(tap: Tap, received_at: datetime) -> timedelta | None:
    """Return how far the terminal's clock is ahead of ours, as far as the tap shows it: None where it was offline.

    A tap that comes late shows nothing, and a clock that is ahead by more than the skew gets no credit for it.
    """
    if tap.offline is not None:
        return None
    ahead = tap.occurred_at - received_at
    return ahead if ahead <= CODE_SKEW else timedelta(0)
