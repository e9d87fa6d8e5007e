"""Whom a request's token speaks for."""

from typing import Any, Final

from onecard.terminals.model import Directory, Place
from onecard.terminals.service import token_hash
from onecard.uses.intake import TerminalUnknown
from onecard.web.problem import TokenMissing, TokenUnknown

__all__ = ["place_of", "spoken_for"]

_BEARER: Final = b"bearer "


def spoken_for(headers: Any, directory: Directory) -> frozenset[str]:
    """Return the terminals that the token in *headers* (of an ASGI scope) speaks for. Raises `TokenMissing`, `TokenUnknown`."""
    for name, value in headers:
        if name == b"authorization" and value[: len(_BEARER)].lower() == _BEARER:
            found = directory.spoken_for(token_hash(value[len(_BEARER) :].decode("latin-1")))
            if found is None:
                raise TokenUnknown(field="authorization")
            return found
    raise TokenMissing(field="authorization")


def place_of(headers: Any, directory: Directory, terminal: str) -> Place:
    """Return where *terminal* stands, if the token in *headers* speaks for it. Raises `TerminalUnknown` besides."""
    place = directory.place(terminal) if terminal in spoken_for(headers, directory) else None
    if place is None:
        raise TerminalUnknown(field="terminal")
    return place
