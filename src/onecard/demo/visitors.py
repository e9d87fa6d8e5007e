"""Who comes from elsewhere: known by card alone, so a birth date and a home region is all there is. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from typing import Final

from onecard.cards.model import NewCard, NewIdDocument
from onecard.demo.chance import Chance
from onecard.demo.city import DemoCity
from onecard.demo.numbers import Numbers
from onecard.demo.people import Resident, born_at_age
from onecard.people.model import NewPerson
from onecard.values.masked import CardNumber, PersonNumber

__all__ = ["DELTA_ELDERS", "foreign_resident", "visitors"]

DELTA_ELDERS: Final = 4_000
_DELTA_YOUNGER: Final = 300
_FROM_ELSEWHERE: Final = 300

_LETTERS: Final = "V"


def visitors(city: DemoCity, numbers: Numbers, chance: Chance) -> Iterator[Resident]:
    """Yield 4,000 elders of the delta (60 to 85, most under 70), then younger people from there, then people from elsewhere.

    They do not grow with the scale: the pass figures are the newsletter's own at every scale.
    """
    area = city.particulars.numbers.visitors  # Visitors are told apart by region, never by number.
    homes = [region for region, _ in city.visitor_weights]
    weights = list(accumulate(weight for _, weight in city.visitor_weights))
    for home in chance.choices(homes, cum_weights=weights, k=DELTA_ELDERS):
        age = 62 + int(24 * min(chance.random(), chance.random()))  # 62 now: 60 already when the pass began.
        yield foreign_resident(home, area, born_at_age(age, chance), numbers, chance)
    for home in chance.choices(homes, cum_weights=weights, k=_DELTA_YOUNGER):
        yield foreign_resident(home, area, born_at_age(chance.randrange(25, 58), chance), numbers, chance)
    for _ in range(_FROM_ELSEWHERE):
        yield foreign_resident(chance.choice(city.elsewhere), area, born_at_age(chance.randrange(25, 80), chance), numbers, chance)


def foreign_resident(home: str, number_area: str, born: date, numbers: Numbers, chance: Chance) -> Resident:
    """Return somebody with a good card of another city."""
    subject = numbers.subject()
    issued_on = date(2018, 1, 1) + timedelta(days=chance.randrange(0, 1700))
    card = NewCard(
        subject=subject,
        number=CardNumber(numbers.card_number(_LETTERS)),
        chip=CardNumber(numbers.chip(home)),
        issue_region=home,
        issued_on=issued_on,
        valid_until=date(issued_on.year + 10, issued_on.month, min(issued_on.day, 28)),
        foreign=True,
    )
    number = PersonNumber(numbers.person_number(number_area, born, chance.random() < 0.5))
    return Resident(
        person=NewPerson(subject=subject, born=born, home_region=home, salt=chance.randbytes(16)),
        cards=(card,),
        document=NewIdDocument(subject=subject, number=number, valid_from=date(2015, 1, 1)),
    )
