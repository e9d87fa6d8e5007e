"""What is known about a resident of the demo city besides age and home: registration, insurance, hardship, standing. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from onecard.demo.chance import Chance, weighted
from onecard.demo.clock import DEMO_DAY
from onecard.people.model import DatedFact

__all__ = ["facts_about"]

_KNOWN_SINCE: Final = date(2020, 1, 1)

_ELDER_HARDSHIP: Final = (
    ("tekun", 0.0025), ("dibao", 0.016), ("dibian", 0.010), ("disabled", 0.022), ("youfu", 0.008), ("shidu", 0.003), ("care_home", 0.011),
)  # fmt: skip
_ADULT_HARDSHIP: Final = (("dibao", 0.004), ("disabled", 0.006), ("dibian", 0.002))

_STANDING: Final = (  # Name, from age, to age, share.
    ("student", 6, 18, 0.96),
    ("student", 18, 23, 0.30),
    ("soldier", 18, 45, 0.003),
    ("hero", 25, 100, 0.0002),
    ("blood_donor", 20, 66, 0.012),
    ("talent", 22, 46, 0.010),
    ("only_child_parent", 60, 90, 0.08),
    ("public_payroll", 25, 60, 0.03),
    ("teacher", 24, 60, 0.012),
)


def facts_about(
    registered_in: str | Sequence[str], age: int, born: date, household: int, dead: bool, chance: Chance
) -> tuple[DatedFact, ...]:
    """Return the dated facts of one resident; what is none, no or zero is not written.

    *registered_in*: the area, or the places far away of which one is drawn for a newcomer. *dead*: died within the last year.
    """
    registered = isinstance(registered_in, str)
    since = max(born, _KNOWN_SINCE)
    standing = frozenset(name for name, low, high, share in _STANDING if low <= age < high and chance.random() < share)
    home = registered_in if isinstance(registered_in, str) else chance.choice(registered_in)
    facts = [
        DatedFact(fact="household", since=since, value=household),
        DatedFact(fact="registered_region", since=since, value=home),
        DatedFact(fact="insured_as", since=since, value=_insured_as(age, "student" in standing, chance)),
    ]
    if standing:
        facts.append(DatedFact(fact="standing", since=since, value=standing))
    if registered:
        facts += _hardship(age, since, chance)
    if age >= 80 and chance.random() < 0.06:
        facts.append(DatedFact(fact="care_level", since=since, value=chance.randrange(1, 4)))
    if dead:
        facts.append(DatedFact(fact="alive", since=DEMO_DAY - timedelta(days=chance.randrange(10, 360)), value=False))
    return tuple(facts)


def _insured_as(age: int, student: bool, chance: Chance) -> str:
    if age < 16 or student:
        return "resident"
    if age >= 60:
        return weighted(chance, (("retired", 62.0), ("resident", 36.0), ("none", 2.0)))
    if age >= 50:  # Women of some trades retire from fifty on.
        return weighted(chance, (("employee", 38.0), ("retired", 30.0), ("resident", 28.0), ("none", 4.0)))
    return weighted(chance, (("employee", 68.0), ("resident", 28.0), ("none", 4.0)))


def _hardship(age: int, since: date, chance: Chance) -> list[DatedFact]:
    shares = _ELDER_HARDSHIP if age >= 60 else _ADULT_HARDSHIP if age >= 15 else ()
    names = frozenset(name for name, share in shares if chance.random() < share)
    if not names:
        return []
    facts = [DatedFact(fact="hardship", since=since, value=names)]
    if "disabled" in names:
        facts.append(DatedFact(fact="disability", since=since, value=chance.randrange(1, 3)))
    if "dibao" in names and chance.random() < 0.06:  # Aid that ended lately: older uses still rest on it.
        facts.append(DatedFact(fact="hardship", since=date(2024, 9, 16), value=names - {"dibao"}))
    return facts
