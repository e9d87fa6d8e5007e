"""Where a page of a list begins: the key of the last row before it, as a text for an address. Pure."""

import base64
import binascii
import json
from contextlib import suppress
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from onecard.web.wire import BodyMalformed

__all__ = ["cursor", "moment_of", "place_of"]

_LENGTH_MAX: Final = 400
_YEARS: Final = range(2000, 2101)  # No list holds others, and at either end of all time no store has the instant.


def cursor(*key: str | int) -> str:
    """Return the text for the *key* of a row."""
    return base64.urlsafe_b64encode(json.dumps(key, ensure_ascii=False, separators=(",", ":")).encode()).decode().rstrip("=")


def place_of(text: str, *kinds: type) -> tuple[Any, ...]:
    """Return the key that *text* stands for, each part of its kind. Raises `BodyMalformed` for what no page told."""
    try:
        key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))) if len(text) <= _LENGTH_MAX else None
    except (binascii.Error, ValueError, RecursionError):
        key = None
    if not isinstance(key, list) or len(key) != len(kinds) or not all(map(_is_told, key, kinds)):
        raise _malformed()
    return tuple(key)


def moment_of(text: str) -> tuple[datetime, UUID]:
    """Return the place in a list by time that *text* stands for: an instant, and whose. Raises `BodyMalformed`."""
    at, name = place_of(text, str, str)
    with suppress(ValueError):
        instant, whose = datetime.fromisoformat(at), UUID(name)
        if instant.tzinfo is not None and instant.year in _YEARS:
            return instant, whose
    raise _malformed()


def _malformed() -> BodyMalformed:
    return BodyMalformed(problem_zh="after 不是上一页给出的值", problem_en="after is not what a page told", field="after")


def _is_told(part: object, kind: type) -> bool:
    """Tell whether *part* of a key is of its *kind*; a text as names here are: no store takes a NUL or half a character."""
    return type(part) is kind and (not isinstance(part, str) or part.isprintable())
