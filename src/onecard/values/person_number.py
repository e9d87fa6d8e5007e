"""The person number (GB 11643): form, date and check digit are hard; the area code proves nothing (FIELD §3.2)."""

import re
import unicodedata
from datetime import date
from typing import Final

__all__ = ["check_character", "is_person_number", "typed_number"]

_FORM = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_APART: Final = r"[\s\u00b7\u2010-\u2015._/-]{0,3}"  # What people put between the parts of a number.
_TYPED: Final = re.compile(
    r"(?<![0-9])(?:[0-9]{17}[0-9X]"
    rf"|(?:[0-9]{_APART}){{6}}(?:1{_APART}9|2{_APART}0){_APART}(?:[0-9]{_APART}){{9}}[0-9X]"  # Apart: only round a year of birth.
    r"|[0-9]{6}\s?[0-9]{6}\s?[0-9]{3})(?![0-9])"
)
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


def typed_number(text: str) -> str | None:
    """Return what in *text* has the form of a person number, however it was typed, None where nothing has; true or not.

    People copy a number out of a sentence, in full-width digits, with blanks or dashes between its parts, with a small x;
    old documents bear fifteen digits. Whoever takes such a text must not let it into an address, a log or a record.
    """
    found = _TYPED.search(unicodedata.normalize("NFKC", text).upper())
    return None if found is None else re.sub(r"[^0-9X]", "", found[0])
