"""What one read of the store told a lane: credentials, people, counters, earlier uses. Kept current while a batch is planned. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from onecard.cards.ecard import CODE_RULES, CodeRules, HeldCard, ecard_reason
from onecard.cards.model import StateRow, state_reason, with_lapses
from onecard.decision.model import Count, Counter, Used
from onecard.people.model import FactValue, facts_on
from onecard.values.days import instant_of

__all__ = ["CredentialRow", "Known", "Person", "known_from"]


@dataclass(slots=True)
class CredentialRow:
    """A credential that the store knows."""

    subject: int
    valid_from: date
    valid_until: date | None
    states: list[StateRow] = field(default_factory=list)
    follows: tuple[CodeRules, dict[bytes, HeldCard]] | None = None  # A code: the city's rules, and its person's cards by key.

    def barred(self, at: datetime) -> str | None:
        """Return why it opens nothing at the instant *at*, or None."""
        if self.follows is not None:
            rules, cards = self.follows
            return ecard_reason(self.states, list(cards.values()), at, rules)
        return state_reason(with_lapses(self.states), self.valid_from, self.valid_until, at)


@dataclass(slots=True)
class Person:
    """A person as far as rules may ask, and the counters of the windows that the batch falls in."""

    subject: int
    born: date
    home_region: str
    salt: bytes
    facts: list[tuple[str, date, str]] = field(default_factory=list)
    used: dict[Counter, int] = field(default_factory=dict)

    def facts_on(self, day: date) -> dict[str, FactValue]:
        """Return the dated facts in force on *day*."""
        return facts_on(self.facts, day) if self.facts else {}


@dataclass(slots=True)
class Known:
    """Everything a batch needs from the store. Counters move on as its taps are decided, in order."""

    credentials: dict[bytes, CredentialRow] = field(default_factory=dict)
    people: dict[int, Person] = field(default_factory=dict)
    places: dict[str, dict[Counter, int]] = field(default_factory=dict)
    earlier: dict[tuple[str, int], tuple[bytes, str]] = field(default_factory=dict)  # → content digest, record as JSON.
    last: dict[tuple[str, bytes, str], list[datetime]] = field(default_factory=dict)  # (terminal, credential, service).
    spent: set[bytes] = field(default_factory=set)  # Codes that opened something.
    changes: dict[str, int] = field(default_factory=dict)

    def used(self, person: Person | None, sites: Iterable[str]) -> Used:
        """Return the counters that a use of *person* at one of *sites* looks at."""
        together = [found for site in sites if (found := self.places.get(site))]
        if person is None:
            return {}
        if not together:
            return person.used
        merged = dict(person.used)
        for counters in together:
            merged.update(counters)
        return merged

    def move(self, person: Person | None, counts: Iterable[Count]) -> None:
        """Count what was just decided, so that the next tap of this batch sees it."""
        for count in counts:
            if not count.counted:
                continue
            counter = count.counter
            if counter.site:
                counters = self.places.setdefault(counter.site, {})
            else:
                assert person is not None
                counters = person.used
            counters[counter] = counters.get(counter, 0) + count.counted


def known_from(rows: Iterable[Mapping[str, Any]], rules: CodeRules = CODE_RULES) -> Known:
    """Return what the *rows* of `read_batch` say, whatever their order. *rules*: when the city lets codes outlive a lost card."""
    known = Known()
    held: dict[int, dict[bytes, HeldCard]] = {}
    loose: list[Mapping[str, Any]] = []
    for row in rows:
        match row["what"]:
            case "credential":
                follows = (rules, held.setdefault(row["subject"], {})) if row["name"] == "code" else None
                known.credentials[row["key"]] = CredentialRow(row["subject"], row["day"], row["until"], follows=follows)
            case "person":
                known.people[row["subject"]] = Person(row["subject"], row["day"], row["text"], row["salt"])
            case "held":
                held.setdefault(row["subject"], {})[row["key"]] = HeldCard(row["day"], row["until"])
            case _:
                loose.append(row)
    cards = {key: card for of_person in held.values() for key, card in of_person.items()}
    for row in loose:
        if row["what"] == "held_state":
            cards[row["key"]].states.append(_state(row))
        else:
            _take(known, row)
    for credential in known.credentials.values():
        credential.states.sort()
    return known


def _take(known: Known, row: Mapping[str, Any]) -> None:
    match row["what"]:
        case "fact":
            known.people[row["subject"]].facts.append((row["name"], row["day"], row["text"]))
        case "used":
            known.people[row["subject"]].used[Counter("", row["day"], row["name"], row["text"])] = row["n"]
        case "state":
            known.credentials[row["key"]].states.append(_state(row))
        case "place":
            site, _, within = row["text"].partition("/")
            known.places.setdefault(site, {})[Counter(site, row["day"], row["name"], within)] = row["n"]
        case "last":
            known.last.setdefault((row["name"], row["key"], row["text"]), []).append(row["at"])
        case "spent":
            known.spent.add(row["key"])
        case "change":
            known.changes[row["name"]] = row["n"]
        case what:
            raise AssertionError(f"read_batch told of {what!r}")


def _state(row: Mapping[str, Any]) -> StateRow:
    return StateRow(row["at"], row["text"], None if row["n"] is None else instant_of(row["n"]))
