"""What the doors answer, as types: the OpenAPI document is written from them, and a test holds real answers against it."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

__all__ = [
    "BatchAnswer", "ExplanationAnswer", "InvalidUse", "NowAnswer", "Problem", "ReadyAnswer", "ReversalAnswer", "UploadedUse", "UseAnswer",
]  # fmt: skip

Fen = Annotated[int, msgspec.Meta(ge=0, description="Whole fen.")]
Outcome = Literal["accepted", "refused"]


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """The same in both languages."""

    zh: str
    en: str


class Payer(msgspec.Struct, frozen=True, kw_only=True):
    """A fund and what it bears of the reduction."""

    fund: str
    amount: Fen


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong and what to do next (RFC 9457)."""

    type: Annotated[str, msgspec.Meta(description="Stable; ends with the problem's name, such as /seq-reused.")]
    title: Words
    status: int
    detail: str
    field: Annotated[str, msgspec.Meta(description="Which field is meant.")] | None


class UseAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """How one use came out. Of a refused one paid is 0, payers empty, programme null."""

    use: str
    outcome: Outcome
    reason: str
    say: Words
    list_price: Fen
    paid: Fen
    payers: list[Payer]
    programme: Annotated[str, msgspec.Meta(description="Null where nothing is reduced; a+b for a pile.")] | None
    version: Annotated[int, msgspec.Meta(ge=1)] | None
    duplicate: Annotated[bool, msgspec.Meta(description="The same use came before: nothing has changed.")]


class UploadedUse(UseAnswer, frozen=True, kw_only=True):
    """How one use of a batch came out."""

    upload: Literal["agreed", "accepted_in_error", "refused", "duplicate"]


class InvalidUse(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a batch that was not taken in."""

    upload: Literal["invalid"]
    problem: Problem


class BatchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer for each entry, in order; `upload` is agreed, accepted_in_error, refused, duplicate or invalid."""

    answers: list[dict[str, Any]]


class ReversalAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The use is taken back; `duplicate` where it was before."""

    use: str
    reversed: Literal[True]
    duplicate: bool


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """A condition that was asked. Values that are nobody else's to know are "withheld"."""

    programme: str | None
    reason: str
    text: str
    says: Words
    value: Any
    held: bool


class Limit(msgspec.Struct, frozen=True, kw_only=True):
    """Where a limit stood, and what this use counted."""

    name: str
    per: str
    cap: int
    used_before: int
    counted: int


class Money(msgspec.Struct, frozen=True, kw_only=True):
    """Who pays: list_price = paid + the payers' amounts where the use was accepted."""

    list_price: Fen
    paid: Fen
    payers: list[Payer]


class ExplanationAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Why one use came out as it did; more keys may follow."""

    use: str
    outcome: Outcome
    reason: str
    sentence: Words
    conditions: list[Condition]
    limits: list[Limit]
    money: Money
    programme: str | None
    version: int | None
    basis: str | None
    facts: dict[str, Any]


class NowAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What time it is here."""

    now: datetime


class ReadyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The store answers."""

    ready: bool
