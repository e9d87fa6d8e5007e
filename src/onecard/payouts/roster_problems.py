"""One thing that is wrong with a roster file, and where. Pure."""

from typing import NamedTuple

__all__ = ["Problem"]


class Problem(NamedTuple):
    """Where it is and what: a person number in it is never whole."""

    row: int  # From 1; the header is row 1.
    column: str  # The name in the header, or a sheet's letter; '' where the whole row or file is meant.
    seen: str
    zh: str
    en: str
