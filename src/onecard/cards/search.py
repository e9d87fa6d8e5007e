"""Find whose card it is by the end of its number, where the card itself is not at hand."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from onecard.cards.service import open_card, tail_mark
from onecard.cards.store import SQL
from onecard.db.walled import along_index
from onecard.settings.keys import Keyring
from onecard.values.search_mark import TAIL

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["SIFTED_MAX", "mark_older_cards", "search_holders"]

SIFTED_MAX: Final = 2_000
"""So many cards of one end are looked at. At 5.5 million cards one end is some 550 cards'."""


async def search_holders(
    connection: "Connection", keyring: Keyring, prefixes: Sequence[str], end: str, inside: str, born_year: int, most: int
) -> list[tuple[int, str]]:
    """Return (subject, region) of at most *most* people a card of whom ends in *end*, at least `TAIL` characters; each person once.

    They belong within *prefixes* and where a region begins with *inside*; *born_year* 0 is whenever. In a transaction. Raises
    `SealBroken`.
    """
    await along_index(connection)
    mark = tail_mark(keyring.hash_key, end)
    rows = await connection.fetch(SQL.holders_marked, mark, prefixes, inside or "0", inside + ":", born_year, SIFTED_MAX)
    found: dict[int, str] = {}
    for row in rows:
        if len(end) > TAIL:
            number, _ = open_card(keyring, row["subject"], row["number_key"], row["key_id"], row["sealed"])
            if not number.reveal().endswith(end.upper()):
                continue
        found[row["subject"]] = row["region"]
    return list(found.items())[:most]


async def mark_older_cards(connection: "Connection", keyring: Keyring, subjects: Sequence[int]) -> None:
    """Let the cards of *subjects* be found by their ends, which came before cards were. Raises `SealBroken`."""
    rows = await connection.fetch(SQL.unmarked_cards, subjects)
    numbers = [open_card(keyring, row["subject"], row["number_key"], row["key_id"], row["sealed"])[0] for row in rows]
    marks = [tail_mark(keyring.hash_key, number.reveal()) for number in numbers]
    await connection.fetch(SQL.mark_cards, [row["subject"] for row in rows], [row["number_key"] for row in rows], marks)
