"""What a roster is, what a line of it holds, and on which account somebody is paid. Frozen values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, NamedTuple, get_args

from onecard.values.masked import CardNumber, PersonName

__all__ = [
    "LINE_STATES", "ROSTER_STATES", "AccountKind", "AccountRef", "Event", "Evidence", "Line", "LineKey", "LineState", "PayAccount",
    "Roster", "RosterState", "Totals", "cycle_of", "line_id", "line_key", "roster_id",
]  # fmt: skip

AccountKind = Literal["card", "passbook"]
"""A social-security card's financial account, or a passbook: the share through the card is counted by it."""

RosterState = Literal[
    "draft", "submitted", "township_ok", "publicity", "dept_ok", "finance_ok", "exported", "bank_processing", "returned", "closed"
]  # fmt: skip
LineState = Literal[
    "pending", "held", "excluded", "exported", "paid", "failed", "corrected", "repaid", "waived", "refunded", "paid_twice", "recovered"
]  # fmt: skip
ROSTER_STATES: Final[tuple[RosterState, ...]] = get_args(RosterState)
"""In the order in which a roster passes them (SURFACES §7)."""
LINE_STATES: Final[tuple[LineState, ...]] = get_args(LineState)

_LINE: Final = re.compile(r"([a-z0-9-]{1,64}\.[0-9A-Za-z-]{4,11}\.[0-9]{6}(?:\.[1-9][0-9]{0,3})?):([1-9][0-9]{0,8})", re.ASCII)


class LineKey(NamedTuple):
    """One line, wherever it lies."""

    roster: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PayAccount:
    """On which account somebody is paid under a programme from *since* on; rows are added, never changed.

    The account of a card follows the card: whoever plans looks first whether the card changed (`service.follow_cards`).
    """

    subject: int
    programme: str
    since: datetime
    kind: AccountKind
    bank: str
    account: CardNumber
    holder: PersonName
    number_key: bytes | None = None  # The card, by the key of its number; None for a passbook.

    def __post_init__(self) -> None:
        assert (self.kind == "card") == (self.number_key is not None)


class AccountRef(NamedTuple):
    """The account of a line as it stood when the roster was planned: the number itself stays in its own row, sealed."""

    kind: AccountKind
    bank: str
    since: datetime
    account_key: bytes  # Equal for equal accounts.


class Evidence(NamedTuple):
    """What a roster file brings of one person."""

    row: int  # Of the file, whose header is row 1.
    subject: int
    village: str
    facts: Mapping[str, Any]  # Kept as `policy.model.Value` says, sets as lists.


class Event(NamedTuple):
    """One thing that happened to a line: it stands in *state* since."""

    step: int
    at: datetime
    state: str
    amount_fen: int
    code: str  # F01 … F99 where the bank failed it.
    bank_batch: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One payment as it was planned: `amount_fen` = Σ `payers`. *account* is None where none is registered."""

    roster: str
    seq: int
    subject: int  # 0 where an operator is paid.
    operator: str
    region: str
    village: str
    day: date
    amount_fen: int
    reason: str
    facts: Mapping[str, Any]
    payers: Sequence[tuple[str, int]]
    account: AccountRef | None
    state: LineState

    def __post_init__(self) -> None:
        assert self.amount_fen == sum(fen for _, fen in self.payers)


class Totals(NamedTuple):
    """What some lines come to."""

    lines: int
    amount_fen: int
    card_lines: int
    card_amount_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who is paid for one period in one area. *digest* is over all lines in their order (docs/reference/rosters.md)."""

    roster: str
    programme: str
    period: str
    region: str
    supplement: int  # 0: the first of its cycle there.
    supplements: str | None  # The roster that it adds to.
    version: int
    planned_at: datetime
    planned_by: str
    lines: int
    amount_fen: int
    digest: bytes
    state: RosterState

    @property
    def cycle(self) -> str:
        """The programme and period whose lines lie together."""
        return cycle_of(self.programme, self.period)


def cycle_of(programme: str, period: str) -> str:
    """Return how the cycle of *programme* and *period* is called: no programme's name holds a full stop."""
    return f"{programme}.{period}"


def roster_id(programme: str, period: str, region: str, supplement: int) -> str:
    """Return how a roster is called: high-age-allowance.2024-09.330481, and .1 for its first supplement."""
    return f"{cycle_of(programme, period)}.{region}" + (f".{supplement}" if supplement else "")


def line_id(key: LineKey) -> str:
    """Return how a line is called: its roster, a colon, its number."""
    return f"{key.roster}:{key.seq}"


def line_key(text: str) -> LineKey | None:
    """Return the line that *text* names, or None where it is no name of a line."""
    found = _LINE.fullmatch(text)
    return LineKey(found[1], int(found[2])) if found else None
