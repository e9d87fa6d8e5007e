"""Account numbers of nobody: a made-up prefix 62 and a true Luhn digit, one for each person and bank. Pure."""

from typing import Final

from onecard.demo.chance import Chance
from onecard.values.masked import CardNumber

__all__ = ["AccountNumbers", "luhn"]

_LENGTH: Final = 19
_PREFIX: Final = "62"


class AccountNumbers:
    """Gives out account numbers, none of them twice."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._given: set[str] = set()

    def account_number(self) -> CardNumber:
        """Return a number of nineteen digits."""
        while True:
            digits = _LENGTH - len(_PREFIX) - 1
            body = f"{_PREFIX}{self._chance.randrange(0, 10**digits):0{digits}d}"
            number = body + luhn(body)
            if number not in self._given:
                self._given.add(number)
                return CardNumber(number)


def luhn(body: str) -> str:
    """Return the check digit of *body* (ISO/IEC 7812-1, annex B)."""
    total = 0
    for at, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if at % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)
