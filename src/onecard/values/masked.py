"""Personal data in types of its own: what prints, logs or becomes JSON is masked; the whole text must be asked for."""

import re
from typing import Final

__all__ = ["CardNumber", "PersonName", "PersonNumber", "Phone", "holds_number", "mask_name", "mask_numbers"]

_WHOLE: Final = re.compile(r"(?<![0-9０-９a-f])[0-9０-９]{17}[0-9０-９XxＸｘ](?![0-9０-９a-f])")  # Digits of a hex text are no number.


def mask_name(name: str) -> str:
    """Return a name as a public list may show it: 王建国 → 王*国, 王建 → 王*."""
    if len(name) < 2:
        return "*"
    return name[0] + "*" if len(name) == 2 else name[0] + "*" * (len(name) - 2) + name[-1]


def mask_numbers(text: str) -> str:
    """Return *text* with whatever has the form of a person number masked, rightly typed or not: people write them anywhere."""
    return _WHOLE.sub(lambda found: str(PersonNumber(found[0])), text)


def holds_number(text: str) -> bool:
    """Tell whether something in *text* has the form of a person number: what is kept for ever, such as a reason, may not."""
    return _WHOLE.search(text) is not None


class _Masked:
    """A text that shows itself masked everywhere but in `reveal`."""

    __slots__ = ("_whole",)

    def __init__(self, whole: str) -> None:
        self._whole: Final = whole

    def reveal(self) -> str:
        """Return the whole text. Whoever calls this has a reason, and where a person asked, a log entry."""
        return self._whole

    def _mask(self) -> str:
        raise NotImplementedError

    def __str__(self) -> str:
        return self._mask()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._mask()!r})"

    def __format__(self, spec: str) -> str:
        return format(self._mask(), spec)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, _Masked) and other._whole == self._whole

    def __hash__(self) -> int:
        return hash((type(self), self._whole))

    def __reduce__(self) -> str:
        raise TypeError(f"{type(self).__name__} is never pickled: it would travel unmasked.")


class PersonName(_Masked):
    """A name; shown as 王*国."""

    __slots__ = ()

    def _mask(self) -> str:
        return mask_name(self._whole)


class PersonNumber(_Masked):
    """A person number; shown as 330402********1234."""

    __slots__ = ()

    def _mask(self) -> str:
        return self._whole[:6] + "*" * max(0, len(self._whole) - 10) + self._whole[-4:] if len(self._whole) > 10 else "*" * len(self._whole)


class CardNumber(_Masked):
    """A card number or chip id; shown by its last four characters."""

    __slots__ = ()

    def _mask(self) -> str:
        return "*" * max(0, len(self._whole) - 4) + self._whole[-4:]


class Phone(_Masked):
    """A phone number; shown as 138****1234."""

    __slots__ = ()

    def _mask(self) -> str:
        return self._whole[:3] + "****" + self._whole[-4:] if len(self._whole) >= 11 else "*" * len(self._whole)
