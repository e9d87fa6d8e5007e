"""What a home's keys are: named data keys, each for one purpose, of one suite, in one state."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, NamedTuple, get_args

from onecard.values.suites import SuiteName

__all__ = ["ANY", "PURPOSES", "DataKey", "KeyPurpose", "KeySet", "KeyState", "Purpose", "Sealed", "SealedPlace"]

Purpose = Literal["identity", "card", "account", "pseudonym", "totp", "signing"]
"""What is sealed: names and person numbers, card and chip numbers, banks' numbers, pseudonyms of codes, second factors of staff;
and, in files of the home, the secrets of keys that sign."""

KeyPurpose = Literal["identity", "card", "account", "pseudonym", "totp", "signing", "any"]

KeyState = Literal["waiting", "active", "decrypt-only", "retired"]
"""Waiting: known, does not seal yet. Active: seals. Decrypt-only: opens what it sealed. Retired: its secret is destroyed."""

PURPOSES: Final[tuple[Purpose, ...]] = get_args(Purpose)
ANY: Final = "any"  # The one key of homes that are older than purposes.


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedPlace:
    """A table in which sealed values stand, and what for: a key of another purpose opens nothing there."""

    table: str
    purpose: KeyPurpose


class Sealed(NamedTuple):
    """A sealed value as a row holds it."""

    key_id: str
    content: bytes  # Nonce, ciphertext, tag.


@dataclass(frozen=True, slots=True, kw_only=True)
class DataKey:
    """One key that seals. `repr` leaves the secret out."""

    id: str
    purpose: KeyPurpose
    suite: SuiteName
    state: KeyState
    created_at: datetime | None  # None: older than dates.
    ended_at: datetime | None = None  # When it ceased to seal.
    secret: bytes | None = field(default=None, repr=False)  # None once retired.


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySet:
    """All keys of one home at one moment, oldest first."""

    hash_key: bytes = field(repr=False)  # 32 bytes, for `values.keyed_hash`.
    keys: tuple[DataKey, ...]
    kek: str  # Where the key is under which these are wrapped; empty in the old form, which wraps nothing.

    def find(self, key_id: str) -> DataKey | None:
        """Return the key of that id, None where this home has none."""
        return next((key for key in self.keys if key.id == key_id), None)

    def sealing(self, purpose: KeyPurpose) -> DataKey | None:
        """Return the key that seals for *purpose* now: its own, else the one for anything, else None."""
        active = [key for key in self.keys if key.state == "active"]
        return next((key for wanted in (purpose, ANY) for key in reversed(active) if key.purpose == wanted), None)

    def lacking(self) -> Sequence[Purpose]:
        """Return the purposes for which nothing seals: those that a newer version brought."""
        return [purpose for purpose in PURPOSES if self.sealing(purpose) is None]
