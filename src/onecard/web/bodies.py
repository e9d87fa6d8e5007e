"""The bodies that doors take in, as types: closed, with every bound. The OpenAPI document is written from them."""

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec

from onecard.uses.intake import GROUP_MAX, SEQ_MAX
from onecard.values.money import FEN_MAX

__all__ = ["BatchBody", "ChainBody", "CredentialBody", "Instant", "OfflineBody", "ReversalBody", "UseBody"]

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
Fen = Annotated[int, msgspec.Meta(ge=0, le=FEN_MAX, description="Whole fen.")]

# No control characters, not blanks alone, and nothing of the form of a person number: it is kept for ever.
_WORDS: Final = r"^(?!.*[0-9]{17}[0-9Xx])[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"


class CredentialBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What was shown."""

    kind: Literal["card", "chip", "code", "id", "lookup"]
    value: Annotated[str, msgspec.Meta(min_length=1, max_length=400)]
    reason: Annotated[str, msgspec.Meta(max_length=200, description="Why a clerk looks somebody up.")] | None = None


class OfflineBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What the terminal itself answered."""

    outcome: Literal["accepted", "refused"]
    paid: Fen
    hotlist: Annotated[int, msgspec.Meta(ge=0, le=SEQ_MAX, description="Which hotlist the terminal held.")] | None = None


class ChainBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The use's place in its device's chain (docs/guides/terminal/protocol.md)."""

    previous: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$", description="The link before, in hex; zeros before the first.")]
    signature: Annotated[str, msgspec.Meta(min_length=88, max_length=88, description="Ed25519 over the link: 64 bytes in base64.")]
    key_id: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{16}$", description="As the sign-in told.")]


class UseBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One use (SURFACES §3)."""

    terminal: str
    seq: Annotated[int, msgspec.Meta(ge=1, le=SEQ_MAX, description="With the terminal it names the use; gaps are allowed.")]
    credential: CredentialBody
    service: str
    list_price: Fen
    occurred_at: Instant
    way: Literal["dine_in", "take_away", "delivery"] = "dine_in"
    ticket: Literal["main", "extra"] = "main"
    group: Annotated[int, msgspec.Meta(ge=1, le=GROUP_MAX)] = 1
    guardian: CredentialBody | None = None
    offline: OfflineBody | None = None
    chain: ChainBody | None = None


class BatchBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Many uses, each still to be read: one that is bad spoils only itself."""

    uses: msgspec.Raw


class ReversalBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Why a use is taken back: no control characters, and not blanks alone."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=_WORDS)]
