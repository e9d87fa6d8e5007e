"""The chain of a device's uses: each is linked to the one before it and signed, so that two devices cannot tell one story. Pure.

link = SHA-256(previous link ‖ canonical content); the signature (Ed25519, by the key that the device showed when it signed in)
is over the 32 bytes of the link. A chain is one device key's; its first previous is 32 zero bytes. Two links on one previous
(a fork), or two contents under one number, prove that there are two devices (DESIGN §5).
"""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

import msgspec

from onecard.values.days import epoch_milliseconds
from onecard.values.suites import DIGEST_BYTES, SIGNATURE_BYTES, Signer, Verifier

__all__ = ["CHAIN_START", "Link", "canonical_content", "chain_told", "link_of", "linked", "verify_link"]

CHAIN_START: Final = bytes(DIGEST_BYTES)
"""What the first use of a device key is linked to."""

_CONTENT: Final = ("terminal", "seq", "credential", "service", "list_price", "way", "ticket", "group", "guardian")
_DEFAULTS: Final[Mapping[str, Any]] = MappingProxyType({"way": "dine_in", "ticket": "main", "group": 1})
_KEPT_OF_CREDENTIAL: Final = ("kind", "value", "reason")

_encode = msgspec.json.Encoder(order="sorted").encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One use's place in a chain: proved by `verify_link` only."""

    previous: bytes  # 32 bytes: the link before this one.
    link: bytes  # 32 bytes.
    signature: bytes  # 64 bytes, over `link`.
    key_id: str  # Which device key: the first 16 hex digits of its SHA-256.

    def __post_init__(self) -> None:
        assert len(self.previous) == len(self.link) == DIGEST_BYTES
        assert len(self.signature) == SIGNATURE_BYTES


def canonical_content(use: Mapping[str, Any]) -> bytes:
    """Return the one text of what *use* says: the object that is sent (SURFACES §3), without `offline` and `chain`.

    Keys are sorted at every level, no blanks, UTF-8, nothing escaped but what JSON must; `occurred_at` is whole milliseconds
    since 1970, fractions cut. What is null or stands at its default is left out. Credentials stay as they are sent.
    `occurred_at` may be an aware instant or its ISO 8601 text.
    """
    content = {name: told for name in _CONTENT if (told := use.get(name)) is not None and told != _DEFAULTS.get(name)}
    for name in ("credential", "guardian"):
        if name in content:
            content[name] = {key: told for key in _KEPT_OF_CREDENTIAL if (told := content[name].get(key))}
    at = use["occurred_at"]
    instant = at if isinstance(at, datetime) else datetime.fromisoformat(at)
    return _encode({**content, "occurred_at": epoch_milliseconds(instant)})


def link_of(previous: bytes, content: bytes) -> bytes:
    """Return the link of a canonical *content* upon *previous*, 32 bytes each."""
    assert len(previous) == DIGEST_BYTES
    return hashlib.sha256(previous + content).digest()


def linked(use: Mapping[str, Any], previous: bytes, key_id: str, signer: Signer) -> Link:
    """Return the next link of a chain, signed: what a device writes to its log with *use*."""
    link = link_of(previous, canonical_content(use))
    return Link(previous=previous, link=link, signature=signer.sign(link), key_id=key_id)


def chain_told(link: Link) -> dict[str, str]:
    """Return *link* as a use carries it, in the key `chain`."""
    return {"previous": link.previous.hex(), "signature": b64encode(link.signature).decode(), "key_id": link.key_id}


def verify_link(link: Link, verifier: Verifier) -> bool:
    """Tell whether the owner of the key signed *link*. Some 100 µs with Ed25519."""
    return verifier.verify(link.link, link.signature)
