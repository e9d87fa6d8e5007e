"""The person number (GB 11643): form, date and check digit are hard; the area code proves nothing (FIELD §3.2)."""

import re
from datetime import date

__all__ = ["check_character", "is_person_number"]

_FORM = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def check_character(first_17: str) -> str:
    """Return the eighteenth character for the *first_17* digits."""
    return "10X98765432"[sum(w * int(d) for w, d in zip(_WEIGHTS, first_17, strict=True)) % 11]


def is_person_number(text: str) -> bool:
    """Tell whether *text* is 18 characters with a real birth date and the right check character.

    Neither unknown nor historic area codes matter: elders of Haining, Pinghu and Tongxiang carry codes
    that no present table holds, and residence permits have 18 characters too.
    """
    if not _FORM.fullmatch(text):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return check_character(text[:17]) == text[17]
