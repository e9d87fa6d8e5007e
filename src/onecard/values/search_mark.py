"""A mark: the 64 bits under which a part of somebody's data is looked for, where the data itself is sealed. Pure."""

import unicodedata
from typing import Final

from onecard.values.keyed_hash import keyed_hash

__all__ = ["TAIL", "folded", "search_mark"]

TAIL: Final = 4
"""So many characters of the end of a number make a mark; more of them are compared once the number is open."""

_BYTES: Final = 8


def search_mark(hash_key: bytes, kind: str, text: str) -> int:
    """Return the mark of *text* as a *kind* of thing (`name`, `phone`, `card` …), a signed 64-bit number.

    It tells what is alike and nothing else. Two texts of a city share one by chance once in a thousand cities: then one person too
    many is shown, masked.
    """
    return int.from_bytes(keyed_hash(hash_key, f"mark-{kind}", text)[:_BYTES], signed=True)


def folded(text: str) -> str:
    """Return *text* as it is compared: full-width characters as half-width ones, small letters, no space, dot or other sign."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
