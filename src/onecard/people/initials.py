"""The first letters of a name's pinyin, as a clerk types them who only heard it: 王建国 is `wjg`. Pure."""

from functools import cache
from itertools import product
from pkgutil import get_data
from typing import Final

from onecard.values.search_mark import folded

__all__ = ["initials_of"]

_FIRST: Final = 0x3400
"""`initials.txt` holds a letter for each character from here on, 128 a line, by its most usual reading; a dot where none is known.

Made from the readings of pypinyin 0.55 (MIT), which come from Unihan; tests/unit/people holds it to them.
"""

_AS_SURNAMES: Final = {
    "单": "s", "仇": "q", "解": "x", "查": "z", "曾": "z", "盖": "g", "翟": "z", "区": "o", "朴": "p", "尉": "y", "万": "m", "秘": "b",
    "种": "c", "乐": "y", "覃": "q", "繁": "p", "召": "s", "缪": "m", "长": "z", "折": "s", "黑": "h", "员": "y", "祭": "z", "褚": "c",
}  # fmt: skip
"""Characters that a surname reads otherwise than a word. Who bears one is found by either reading."""

_LETTERS_MAX: Final = 8
"""A longer name is found by its first so many letters no less: nobody types more."""


def initials_of(name: str) -> frozenset[str]:
    """Return the letters that *name* may be typed by: one text, two where its surname has a reading of its own; '' is none.

    A character that no reading is known of is left out, as by whoever cannot read it. Latin words give their own letters.
    """
    letters = [_of_character(character) for character in folded(name)]
    readings = [{letter} for letter in letters if letter]
    if readings and (other := _AS_SURNAMES.get(name[0])):
        readings[0].add(other)
    return frozenset("".join(each) for each in product(*readings[:_LETTERS_MAX])) - {""}


def _of_character(character: str) -> str:
    if "a" <= character <= "z":
        return character
    at, table = ord(character) - _FIRST, _table()
    return table[at].replace(".", "") if 0 <= at < len(table) else ""


@cache
def _table() -> str:
    content = get_data(__package__, "initials.txt")
    assert content is not None
    return content.decode("ascii").replace("\n", "")
