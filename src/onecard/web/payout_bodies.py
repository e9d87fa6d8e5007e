"""What is told about rosters, as types: OpenAPI is written from them."""

from datetime import datetime
from typing import Annotated, Any

import msgspec

from onecard.payouts.model import AccountKind, LineState, RosterState

__all__ = ["PayoutAnswer", "PayoutLinesAnswer", "PayoutsAnswer", "PublicListAnswer"]


class PayoutAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One roster; money in fen."""

    roster: str
    programme: str
    version: int
    period: str
    region: str
    state: RosterState
    lines: int
    amount: int
    digest: Annotated[str, msgspec.Meta(description="Over all lines in their order: docs/reference/rosters.md.")]
    supplements: Annotated[str | None, msgspec.Meta(description="The roster that it adds to.")]
    planned_at: datetime
    planned_by: str
    card_lines: Annotated[int, msgspec.Meta(description="Lines to a social-security card's account.")]
    card_amount: int
    by_line_state: dict[LineState, int]


class PayoutsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of rosters by name."""

    rosters: list[PayoutAnswer]
    after: Annotated[str | None, msgspec.Meta(description="Where the next page begins; null: this was the last.")]


class PayoutAccount(msgspec.Struct, frozen=True, kw_only=True):
    """How a line is paid."""

    kind: AccountKind
    bank: str


class PayoutLine(msgspec.Struct, frozen=True, kw_only=True):
    """One payment, name and number masked."""

    line: str
    seq: int
    name: str | None
    person_no: str | None
    operator: str | None
    region: str
    village: str
    amount: int
    reason: str
    state: LineState
    payers: list[dict[str, Any]]
    account: PayoutAccount | None


class PayoutLinesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of lines by number."""

    lines: list[PayoutLine]
    after: int | None


class PublicLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line as anyone may see it."""

    seq: int
    name: str
    village: str
    programme: str
    amount: int


class PublicListAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a published list."""

    roster: str
    lines: list[PublicLine]
    after: int | None
