"""Who stands at the terminal programs: elders with card, chip and phone. Half of them the sites expect, half they never saw."""

import os
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

from onecard.app.code_keys import CodeKeys
from onecard.app.opening import Store
from onecard.cards.code import code_text
from onecard.cards.codes import CodeTools, ensure_pseudonym
from onecard.cards.credential import credential_key
from onecard.cards.ecard import CODE_RULES
from onecard.cards.issuers import form_of
from onecard.cards.model import NewCard
from onecard.cards.service import register_cards
from onecard.people.model import DatedFact, NewPerson
from onecard.people.service import register_people
from onecard.settings.clock import read_clock
from onecard.settings.suites import SUITES
from onecard.terminals.expected import expect_cards
from onecard.terminals.model import Terminal
from onecard.terminals.service import allow_tokens, register_sites
from onecard.values.masked import CardNumber
from tests.database.town import CARDS, LONG_AGO, TOKEN
from tests.torture.home import EVENING, settings_of

__all__ = ["Phones", "Resident", "Residents", "add_residents", "add_terminals"]

_LOCAL, _VISITOR = "330481", "341800"
_AROUND = 16  # So many people are about at one time: they meet their limits, and others with room come after them.


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """One of them."""

    subject: int
    card: str
    chip: str
    born: date
    region: str
    pseudonym: str = ""


class Phones:
    """Shows codes as the city's own servers sign them."""

    def __init__(self, home: Path, store: Store) -> None:
        self._clock = read_clock(home)
        self._signing = CodeKeys(store.home, store.keyring, CODE_RULES.suite, self._clock).signing()

    def code(self, resident: Resident) -> str:
        """Return a new code of *resident*."""
        assert self._signing.secret is not None
        suite = self._signing.suite
        return code_text(
            SUITES[suite].signer(self._signing.secret), form=form_of(suite, shared=False), kid=self._signing.kid,
            pseudonym=resident.pseudonym, born=resident.born, home_region=resident.region,
            registered_region=resident.region if resident.region == _LOCAL else "", issued_at=self._clock.now().replace(microsecond=0),
            nonce=urlsafe_b64encode(os.urandom(6)).decode(),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Residents:
    """All of them, and their phones."""

    people: Sequence[Resident]
    phones: Phones

    def shows(self, random: Random, progress: float) -> str:
        """Return what somebody shows when so much (0 to 1) of the run is over."""
        first = int(progress * max(0, len(self.people) - _AROUND))
        who = random.choice(self.people[first : first + _AROUND])
        (what,) = random.choices(["card", "chip", "code", "lost", "unknown"], weights=[40, 25, 25, 5, 5])
        return {
            "card": lambda: who.card, "chip": lambda: who.chip, "code": lambda: self.phones.code(who),
            "lost": lambda: CARDS["lost"], "unknown": lambda: f"Z{random.randrange(10**8):08d}",
        }[what]()  # fmt: skip


async def add_residents(home: Path, store: Store, number: int) -> Residents:
    """Let *number* people live in the town of *store*; its clock must have been set."""
    people = [_resident(place) for place in range(1, number + 1)]
    tools = CodeTools(keyring=store.keyring, rules=CODE_RULES, chance=os.urandom)
    async with store.database.acquire("batch") as connection, connection.transaction():
        await register_people(connection, store.keyring, [_person(each) for each in people], EVENING)
        await register_cards(connection, store.keyring, [_card(each) for each in people])
    async with store.database.acquire("desk") as connection, connection.transaction():
        pseudonyms = [(await ensure_pseudonym(connection, tools, each.subject, EVENING))[1] for each in people]
        expected = [
            credential_key(store.keyring.hash_key, kind, value)
            for each in people if each.subject % 2 for kind, value in (("card", each.card), ("chip", each.chip))
        ]  # fmt: skip
        for site in ("bus", "canteen", "campus"):
            await expect_cards(connection, site, expected, EVENING)
    named = [
        Resident(subject=each.subject, card=each.card, chip=each.chip, born=each.born, region=each.region, pseudonym=pseudonym)
        for each, pseudonym in zip(people, pseudonyms, strict=True)
    ]  # fmt: skip
    return Residents(people=named, phones=Phones(settings_of(home).home.folder, store))


async def add_terminals(store: Store, sites: Sequence[tuple[str, str]]) -> None:
    """Bind more terminals, each (number, site), to the town's sites; its token speaks for them too."""
    async with store.database.acquire("desk") as connection, connection.transaction():
        await register_sites(connection, [], [], [Terminal(terminal=name, site=site, bound_on=LONG_AGO) for name, site in sites])
        await allow_tokens(connection, [(TOKEN, name) for name, _ in sites])


def _resident(place: int) -> Resident:
    subject = 1000 + place
    born = date(1950 if place % 3 else 1960, 3, 1)
    return Resident(
        subject=subject, card=f"D{subject:08d}", chip=f"{subject:032x}", born=born, region=_LOCAL if place % 4 < 2 else _VISITOR
    )


def _person(each: Resident) -> NewPerson:
    facts = (DatedFact(fact="registered_region", since=LONG_AGO, value=_LOCAL),) if each.region == _LOCAL else ()
    return NewPerson(subject=each.subject, born=each.born, home_region=each.region, salt=each.subject.to_bytes(16, "big"), facts=facts)


def _card(each: Resident) -> NewCard:
    return NewCard(
        subject=each.subject, number=CardNumber(each.card), chip=CardNumber(each.chip), issue_region=each.region, issued_on=LONG_AGO,
        valid_until=date(2030, 1, 1),
    )  # fmt: skip
