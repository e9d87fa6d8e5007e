"""What terminals send of themselves, and what they are answered, as types: the doors read and the OpenAPI document tells them."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from onecard.uses.intake import SEQ_MAX
from onecard.web.bodies import Instant

__all__ = ["BundleAnswer", "EventAnswer", "HeartbeatAnswer", "HeartbeatBody", "MeAnswer", "SignInAnswer", "SignInBody", "SpokenFor"]

Version = Annotated[int, msgspec.Meta(ge=0, le=SEQ_MAX)]
Name = Annotated[str, msgspec.Meta(max_length=64)]
Etag = Annotated[str, msgspec.Meta(max_length=64, description="The name of a bundle; empty for none.")]
Key = Annotated[str, msgspec.Meta(min_length=44, max_length=44, description="An Ed25519 public key: 32 bytes in base64.")]


class HaveBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What a terminal holds already."""

    hotlist: Version = 0
    bundle: Etag = ""


class SignInBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A terminal says who it is. The first key it shows is bound; another one later is named as another device."""

    terminal: str
    clock: Instant
    version: Name = ""
    public_key: Key | None = None
    have: HaveBody = HaveBody()


class HeartbeatBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A terminal says how it does."""

    terminal: str
    clock: Instant
    waiting: Annotated[int, msgspec.Meta(ge=0, le=SEQ_MAX, description="Uses that it has yet to send.")]
    hotlist: Version
    bundle: Etag
    storage_ok: bool
    version: Name = ""


class SpokenFor(msgspec.Struct, frozen=True, kw_only=True):
    """A terminal that a token speaks for."""

    terminal: str
    key: Annotated[str, msgspec.Meta(description="What the demo's cast calls it.")] | None = None
    list_prices: Annotated[dict[str, int], msgspec.Meta(description="Of a demo's: what is usually asked there, in fen.")] = {}


class MeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a token speaks for, by name."""

    terminals: list[SpokenFor]
    more: Annotated[bool, msgspec.Meta(description="It speaks for others too, who are not named here.")]


class SignInAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a terminal must know to begin."""

    terminal: str
    session: str
    key_id: Annotated[str, msgspec.Meta(description="The first 16 hex digits of the key's SHA-256; null without a key.")] | None
    device: Annotated[
        Literal["bound", "other", "unsigned"], msgspec.Meta(description="other: another device's key is bound; unsigned: no key shown.")
    ]
    cloned: Annotated[bool, msgspec.Meta(description="An open alarm says that two devices are this terminal.")]
    last_seq: Annotated[int, msgspec.Meta(ge=0, description="The highest number of this terminal that ever arrived.")]
    now: datetime
    clock_offset_ms: Annotated[int, msgspec.Meta(description="To be added to the terminal's clock.")]
    clock_ok: Annotated[bool, msgspec.Meta(description="False: off by more than 60 s; the terminal may not decide alone.")]
    hotlist: int
    bundle: str
    params: dict[str, int]


class HeartbeatAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What a terminal should have, and what of its uses is odd."""

    now: datetime
    clock_offset_ms: int
    clock_ok: bool
    hotlist: int
    bundle: str
    gaps: Annotated[list[list[int]], msgspec.Meta(description="Numbers that never came: [from, to], both included.")]
    duplicates: Annotated[list[int], msgspec.Meta(description="Numbers under which other content came as well.")]
    cloned: Annotated[bool, msgspec.Meta(description="An open alarm says that two devices are this terminal.")]


class EventAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One `data:` line: what a terminal may have to fetch anew."""

    hotlist: int
    rules: int
    bundle: str
    params: int


class CityPart(msgspec.Struct, frozen=True, kw_only=True):
    """The city's own names, and the days that their weekday alone would tell wrongly."""

    lists: dict[str, Any]
    day_kinds: dict[str, str]


class DocumentPart(msgspec.Struct, frozen=True, kw_only=True):
    """One version of one programme: its source, and its tree for whoever evaluates that."""

    programme: str
    version: int
    source: str
    rule: dict[str, Any]
    digest: str


class IssuerPart(msgspec.Struct, frozen=True, kw_only=True):
    """Whose codes are believed, and when they were made."""

    kid: str
    suite: str
    public: str
    since: datetime = msgspec.field(name="from")
    until: datetime | None


class BundleAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """All that a terminal needs to decide alone; docs/guides/terminal/protocol.md says what each part is for."""

    etag: str
    terminal: str
    device: dict[str, str | None]
    site: dict[str, Any]
    city: CityPart
    programmes: list[DocumentPart]
    rules: int
    issuers: list[IssuerPart]
    hash_key: str
    cards: Annotated[list[list[str]], msgspec.Meta(description="[alias in hex, birth date, home region, registered region or '']")]
    params: dict[str, int]
