"""How pages of the console say what the city's data say: persons, places, instants, facts about people. Pure."""

from datetime import datetime
from typing import Final

from onecard.people.model import FACT_FORMS, Identity, read_fact
from onecard.values.days import civil
from onecard.web.words import Catalogue, CityWords, named

__all__ = ["fact_name", "fact_value", "moment", "person_name", "short_digest"]

_DIGEST_GROUP: Final = 8


def moment(at: datetime | None, t: Catalogue) -> str:
    """Return an instant by the city's clock, to the minute; a dash for none."""
    return t("console.word.never") if at is None else f"{civil(at):%Y-%m-%d %H:%M}"


def person_name(identity: Identity | None, t: Catalogue) -> str:
    """Return a person's masked name; a visitor has none."""
    return t("console.word.visitor") if identity is None else str(identity.name)


def short_digest(digest: bytes) -> list[str]:
    """Return a digest in groups of eight digits, as two people read it to each other."""
    text = digest.hex()
    return [text[at : at + _DIGEST_GROUP] for at in range(0, len(text), _DIGEST_GROUP)]


def fact_name(fact: str, t: Catalogue) -> str:
    """Return what a dated fact is called."""
    return t(f"console.fact.{fact}")


def fact_value(fact: str, text: str | None, t: Catalogue, words: CityWords, regions: CityWords) -> str:
    """Return a fact's value, as the store holds it, in words; None: nobody told it."""
    if text is None:
        return t("console.fact.unknown")
    form = FACT_FORMS[fact]
    if form == "region":
        return f"{named(text, regions, t.lang)} {text}"
    if f"console.fact.{fact}_{text}" in t.messages:
        return t(f"console.fact.{fact}_{text}")
    if form == "set":
        told = read_fact(fact, text)
        assert isinstance(told, frozenset)
        return t("console.frame.and").join(named(name, words, t.lang) for name in sorted(told)) or t("console.fact.none")
    return named(text, words, t.lang)
