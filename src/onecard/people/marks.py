"""What one person is found by, as marks: his name, its first letters, the end of his phone number. Pure."""

from collections.abc import Iterable
from typing import Final, Literal

from onecard.people.initials import initials_of
from onecard.people.model import Identity
from onecard.values.search_mark import TAIL, folded, search_mark

__all__ = ["MARK_KINDS", "MarkKind", "mark_of", "marks_of"]

MarkKind = Literal["name", "initials", "phone"]

MARK_KINDS: Final[tuple[MarkKind, ...]] = ("name", "initials", "phone")


def mark_of(hash_key: bytes, kind: MarkKind, text: str) -> int:
    """Return the mark of *text* as somebody typed it: a name, letters, or at least the last `TAIL` digits of a phone number."""
    return search_mark(hash_key, kind, folded(text)[-TAIL:] if kind == "phone" else folded(text))


def marks_of(hash_key: bytes, identity: Identity) -> frozenset[int]:
    """Return everything that *identity* is found by."""
    return frozenset(mark_of(hash_key, kind, text) for kind, text in _texts(identity))


def _texts(identity: Identity) -> Iterable[tuple[MarkKind, str]]:
    name = identity.name.reveal()
    yield "name", name
    for letters in initials_of(name):
        yield "initials", letters
    if identity.phone is not None:
        yield "phone", identity.phone.reveal()
