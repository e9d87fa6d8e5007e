"""Numbers that belong to nobody: person numbers under area codes of no place, phones of no network, cards and chips. Pure.

One `Numbers` serves a whole city, so that no number is given twice.
"""

from collections import Counter
from datetime import date

from onecard.demo.chance import Chance
from onecard.values.person_number import check_character

__all__ = ["Numbers"]

_SEQUENCES = 500  # Of one sex, area code and birthday.


class Numbers:
    """Gives out numbers, none of them twice."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._born: Counter[tuple[str, date, bool]] = Counter()
        self._cards: Counter[str] = Counter()
        self._households = 0
        self._subjects: set[int] = set()

    def subject(self) -> int:
        """Return a number that means nothing: 52 random bits."""
        while (subject := self._chance.getrandbits(52)) in self._subjects or subject == 0:
            pass
        self._subjects.add(subject)
        return subject

    def person_number(self, area_code: str, born: date, male: bool) -> str:
        """Return an 18-character person number (GB 11643) with a true check character; odd sequences are men."""
        first_17 = f"{area_code}{born:%Y%m%d}{self._sequence(area_code, born, male):03d}"
        return first_17 + check_character(first_17)

    def old_person_number(self, area_code: str, born: date, male: bool) -> str:
        """Return a number of the old form, fifteen digits."""
        return f"{area_code}{born:%y%m%d}{self._sequence(area_code, born, male):03d}"

    def card_number(self, letters: str) -> str:
        """Return a card number under one or two capital *letters*; neighbours in time are not neighbours in number."""
        digits = 9 - len(letters)
        given = self._cards[letters]
        self._cards[letters] += 1
        return f"{letters}{(given * 7_654_321 + 1_234_567) % 10**digits:0{digits}d}"  # 7,654,321 shares no factor with 10: all differ.

    def chip(self, region: str) -> str:
        """Return a chip id: region, the ministry's registered id, sixteen hex digits (FIELD §3.2)."""
        return f"{region}d156000005{self._chance.getrandbits(64):016x}"

    def household(self) -> int:
        """Return a number for people who live together: nine digits at most, from which neither place nor size can be read."""
        self._households += 1
        return self._households * 387_420_489 % 10**9  # A power of 3 shares no factor with 10: all differ.

    def phone(self) -> str:
        """Return a phone number that begins with 100, as no mobile number does."""
        return f"100{self._chance.randrange(0, 100_000_000):08d}"

    def _sequence(self, area_code: str, born: date, male: bool) -> int:
        given = self._born[area_code, born, male]
        self._born[area_code, born, male] += 1
        assert given < _SEQUENCES, "more people of one sex, area and birthday than a person number can tell apart"
        return (given * 137 + 41) % _SEQUENCES * 2 + male  # 137 shares no factor with 500.
