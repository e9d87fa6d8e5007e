"""What a text in the search box may stand for, and which of its last words only narrow that down. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from onecard.staff.scope import is_scope_region
from onecard.uses.model import use_key
from onecard.values.person_number import typed_number
from onecard.values.search_mark import folded

__all__ = ["TEXT_MIN", "Typed", "kinds_of", "region_words", "typed"]

TEXT_MIN: Final = 2
"""A shorter text is no name of anything."""

_CARD: Final = re.compile(r"[A-Za-z](?:[A-Za-z][0-9]{7}|[0-9]{8})", re.ASCII)
_CHIP: Final = re.compile(r"[0-9A-Fa-f]{32}", re.ASCII)
_SPACES: Final = re.compile(r"[\s-]+")
_TERMINAL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,63}", re.ASCII)
_LETTERS: Final = re.compile(r"[A-Za-z]{2,8}", re.ASCII)
_END: Final = re.compile(r"(?:[A-Za-z0-9]{0,3}\*+)?([0-9]{4,11})", re.ASCII)  # As typed, or as pages show a masked one.
_CARD_DIGITS_MAX: Final = 8
_YEAR: Final = re.compile(r"((?:19|20)[0-9]{2})(?:年|年生|生)?")
_NAME_THEN_YEAR: Final = re.compile(r"(?<=[\u3400-\u9fff])(?=[0-9]{4}(?:年|年生|生)?$)")
_KIND_OF_PLACE: Final = "市县区镇"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed: what it may stand for, and where and when whoever is meant was born, as far as that was told."""

    text: str  # All of it: sites are looked for by that.
    key: str  # What it may stand for, without the words that narrow it down; digits alone where an end of a number was meant.
    kinds: tuple[str, ...]
    region: str = ""
    born_year: int = 0


def typed(text: str, regions: Mapping[str, str]) -> Typed:
    """Return what *text* says; *regions* are the words for places (`region_words`). A name may be followed by a year and a place."""
    whole = unicodedata.normalize("NFKC", text).strip()
    number = typed_number(whole)
    if number is not None:
        return Typed(text=whole, key=number, kinds=kinds_of(whole))
    words, born_year, region = _NAME_THEN_YEAR.sub(" ", whole).split(), 0, ""
    while len(words) > 1:
        year, place = _YEAR.fullmatch(words[-1]), _place(words[-1], regions)
        if year and not born_year:
            born_year = int(year[1])
        elif place and not region:
            region = place
        else:
            break
        words.pop()
    key = " ".join(words)
    kinds = kinds_of(key)
    return Typed(text=whole, key=_plain(key, kinds), kinds=kinds, region=region, born_year=born_year)


def kinds_of(text: str) -> tuple[str, ...]:
    """Return what *text* may stand for: id, card, chip, use; phone, card-end; name, initials; terminal, site.

    A person's number is looked for as nothing else.
    """
    plain = _SPACES.sub("", text)
    if len(plain) < TEXT_MIN:
        return ()
    if _CHIP.fullmatch(plain):
        return ("chip",)
    if typed_number(text) is not None:
        return ("id",)
    if _CARD.fullmatch(plain):
        return ("card",)
    if use_key(text) is not None:
        return ("use",)
    return (*_of_person(plain), "terminal", "site") if _TERMINAL.fullmatch(text) else (*_of_person(plain), "site")


def region_words(regions: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return word → code of the places that *regions* (code → name in zh and en) names, with and without what kind of place it is."""
    words: dict[str, str] = {}
    for code, names in regions.items():
        chinese = folded(names["zh"])
        short = chinese[:-1] if chinese[-1:] in _KIND_OF_PLACE and len(chinese) > TEXT_MIN else chinese
        for word in (chinese, short, folded(names["en"])):
            words.setdefault(word, code)
    return words


def _of_person(plain: str) -> tuple[str, ...]:
    """Return what of a person *plain* may be: the end of a number, or a name with or without its letters."""
    if (end := _END.fullmatch(plain)) is not None:
        return ("phone", "card-end") if len(end[1]) <= _CARD_DIGITS_MAX else ("phone",)
    if len(name := folded(plain)) < TEXT_MIN or name.isdigit():
        return ()
    return ("name", "initials") if _LETTERS.fullmatch(plain) else ("name",)


def _plain(key: str, kinds: tuple[str, ...]) -> str:
    """Return *key* as it is looked for: an end of a number without its mask, a card or chip without blanks."""
    if {"card", "chip"} & set(kinds):
        return _SPACES.sub("", key)
    end = _END.fullmatch(_SPACES.sub("", key)) if "phone" in kinds else None
    return end[1] if end else key


def _place(word: str, regions: Mapping[str, str]) -> str:
    return word if is_scope_region(word) else regions.get(folded(word), "")
