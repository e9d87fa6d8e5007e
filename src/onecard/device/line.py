"""What a line on stdin means: something that was shown, or an order of whoever serves. Pure.

A card reader types as a keyboard does and ends a line with Enter; a line is known by its shape alone.
"""

import re
from dataclasses import dataclass
from typing import Final

from onecard.cards.credential import normalise
from onecard.device.errors import LineUnreadable, OrderUnknown
from onecard.uses.intake import CODE_LENGTH_MAX
from onecard.values.money import FEN_MAX

__all__ = ["ORDERS", "Order", "Shown", "read_line", "read_shown"]

ORDERS: Final = ("service", "price", "way", "ticket", "group", "guardian", "status", "sync", "exit")
"""What may stand behind #: `service NAME`, `price FEN` until told otherwise; `way`, `ticket`, `group`, `guardian` for the next tap."""

_ASK_NOTHING: Final = frozenset({"status", "sync", "exit"})
_NUMBERS: Final = {"price": (0, FEN_MAX), "group": (1, 200)}
_WORDS: Final = {"way": ("dine_in", "take_away", "delivery"), "ticket": ("main", "extra")}

_SHAPES: Final = (
    ("chip", re.compile(r"[0-9a-fA-F]{32}")),
    ("id", re.compile(r"[0-9]{17}[0-9Xx]")),
    ("card", re.compile(r"[A-Za-z][A-Za-z0-9][0-9]{7}")),
)
_CODE: Final = re.compile(
    r"[1-4]\.[0-9a-z]{1,8}\..*"  # One of ours, whole or not.
    r"|(?:[\w-]+\.){6,}[\w-]{40,}"  # One that is built like ours.
    r"|[A-Z]{2}[0-9]:[\w-]{16,}",  # One that the national service decodes.
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A credential in its one form."""

    kind: str
    value: str

    def __repr__(self) -> str:
        return f"Shown({self.kind})"  # Its value is somebody's number.


@dataclass(frozen=True, slots=True)
class Order:
    """What whoever serves wants of the program; *number* where a number was asked."""

    name: str
    text: str = ""
    number: int = 0


def read_line(line: str) -> Shown | Order:
    """Return what *line* means. Raises `LineUnreadable`, `OrderUnknown`, and `CredentialMalformed` for a number that is none."""
    text = line.strip(" \t\r\n\x02\x03")  # Some readers put their marks around a line.
    return _order(text[1:].split()) if text.startswith("#") else read_shown(text)


def read_shown(text: str) -> Shown:
    """Return the credential that *text* is, known by its shape. Raises `LineUnreadable`, `CredentialMalformed`."""
    for kind, shape in _SHAPES:
        if shape.fullmatch(text):
            return Shown(kind, normalise(kind, text))
    if len(text) <= CODE_LENGTH_MAX and text.isascii() and text.isprintable() and _CODE.fullmatch(text):
        return Shown("code", text)
    raise LineUnreadable


def _order(words: list[str]) -> Order:
    name, *rest = words or [""]
    if name not in ORDERS:
        raise _wrong("没有这个指令", "there is no such order")
    if len(rest) != (name not in _ASK_NOTHING):
        raise _wrong(f"{name} 后面的内容不对", f"{name} takes {'nothing' if name in _ASK_NOTHING else 'one word'}")
    if name in _NUMBERS:
        least, most = _NUMBERS[name]
        if not (rest[0].isascii() and rest[0].isdecimal() and len(rest[0]) <= 10 and least <= int(rest[0]) <= most):
            raise _wrong(f"{name} 应为 {least} 到 {most} 的整数", f"{name} takes a whole number from {least} to {most}")
        return Order(name, rest[0], int(rest[0]))
    if name in _WORDS and rest[0] not in _WORDS[name]:
        known = ", ".join(_WORDS[name])
        raise _wrong(f"{name} 应为 {known}", f"{name} takes {known}")
    return Order(name, rest[0] if rest else "")


def _wrong(problem_zh: str, problem_en: str) -> OrderUnknown:
    return OrderUnknown(problem_zh=problem_zh, problem_en=problem_en, known=" ".join(f"#{name}" for name in ORDERS))
