"""What staff ask of uses: which ones, from where on; and what they add up to. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

__all__ = ["DAYS_MAX", "NEWEST_USE", "SIFTED_DAYS_MAX", "Sight", "Totals", "UseFilter", "UseKey", "taken_off"]

DAYS_MAX: Final = 92
"""So many days are looked at in one go: a quarter and its ends."""

SIFTED_DAYS_MAX: Final = 3_660
"""So many where uses are sifted by what granted them: a figure counts from the first record on."""


class UseKey(NamedTuple):
    """Where a use stands among all, by time."""

    occurred_at: datetime
    terminal: str
    seq: int


NEWEST_USE: Final = UseKey(datetime(9999, 1, 1, tzinfo=UTC), "", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class UseFilter:
    """Which uses are asked for; what is empty leaves nothing out. The days are those of the city, both included."""

    first: date
    last: date
    region: str = ""  # What the use's region begins with.
    kind: str = ""  # Of the site.
    outcome: str = ""
    reasons: tuple[str, ...] = ()
    site: str = ""
    terminal: str = ""
    subject: int | None = None
    programmes: tuple[str, ...] = ()  # Uses that count, granted by one of these, alone or in a pile; not those taken back.
    in_error: bool = False  # Uses alone that a terminal had accepted offline beyond the rule; not those taken back.

    def __post_init__(self) -> None:
        """Refuse what no statement asks: what is sifted is neither of one person nor of one device."""
        assert not (self.programmes and self.in_error), "by programme, or in error"
        assert not (self.is_sifted and (self.terminal or self.subject is not None))

    @property
    def is_sifted(self) -> bool:
        """Tell whether it asks for more than the index of times holds, and leaves out what was taken back."""
        return bool(self.programmes) or self.in_error


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Who asks sees this: regions by what they begin with; where *scoped* is not empty, only kinds of sites that pair with a region."""

    prefixes: Sequence[str]
    scoped: Sequence[str] = ()
    kinds: Sequence[str] = ()  # One for each of *scoped*; `*` is any.


class Totals(NamedTuple):
    """What a filter adds up to. Refused uses cost nothing and are not in the money."""

    uses: int
    refused: int
    list_fen: int
    paid_fen: int
    reversed: int = 0

    @property
    def saved_fen(self) -> int:
        """What others bore."""
        return self.list_fen - self.paid_fen


def taken_off(all_uses: Totals, taken_back: Totals) -> Totals:
    """Return the totals of *all_uses* with the money of those *taken_back* taken off; both stay counted."""
    assert taken_back.uses <= all_uses.uses
    return Totals(
        uses=all_uses.uses, refused=all_uses.refused, list_fen=all_uses.list_fen - taken_back.list_fen,
        paid_fen=all_uses.paid_fen - taken_back.paid_fen, reversed=taken_back.uses,
    )  # fmt: skip
