"""The cast as `onecard cast` prints it: people with their credentials, terminals with their tokens (SURFACES §4). Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from onecard.demo.cast_people import CastPerson
from onecard.demo.people import Resident
from onecard.demo.sites import CitySites
from onecard.terminals.model import Site

__all__ = ["Cast", "CastTerminal", "build_cast", "cast_json", "crowd_json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CastTerminal:
    """A device of the cast, with what is usually asked there."""

    key: str
    terminal: str
    site: Site
    prices_fen: Mapping[str, int]  # Service → the usual list price.
    name: Mapping[str, str] | None = None  # In zh and en, where the key does not say it in every city.


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who and where; tokens are made per installation and kept apart."""

    people: tuple[CastPerson, ...]
    terminals: tuple[CastTerminal, ...]


def build_cast(written: Mapping[str, Any], people: tuple[CastPerson, ...], sites: CitySites) -> Cast:
    """Return the cast: the *people* made before, the devices that `cast.yaml` (*written*) names among the city's *sites*."""
    devices: dict[str, list[str]] = {}
    for terminal in sites.terminals:
        devices.setdefault(terminal.site, []).append(terminal.terminal)
    return Cast(people=people, terminals=tuple(_terminal(row, sites, devices) for row in written["terminals"]))


def cast_json(
    cast: Cast, tokens: Mapping[str, str], logins: Sequence[Mapping[str, Any]] = (), crowd: Sequence[Resident] | None = None
) -> dict[str, Any]:
    """Return the document of `onecard cast --json`; *tokens* by terminal id, *logins* as they were made."""
    document: dict[str, Any] = {
        "people": [_person_json(person) for person in cast.people],
        "terminals": [_terminal_json(terminal, tokens[terminal.terminal]) for terminal in cast.terminals],
        "logins": [dict(login) for login in logins],
    }
    if crowd is not None:
        document["crowd"] = crowd_json(crowd)
    return document


def crowd_json(crowd: Sequence[Resident]) -> list[dict[str, str]]:
    """Return the card of each ordinary resident in *crowd*."""
    return [{"kind": "card", "value": resident.cards[-1].number.reveal()} for resident in crowd]


def _terminal(row: Mapping[str, Any], sites: CitySites, devices: Mapping[str, Sequence[str]]) -> CastTerminal:
    site = next(site for site in sites.sites if site.scene == row["scene"] and site.region == row["region"])
    return CastTerminal(
        key=row["key"], terminal=devices[site.site][row.get("device", 0)], site=site, prices_fen=dict(row["prices"]),
        name=row.get("name"),
    )  # fmt: skip


def _person_json(person: CastPerson) -> dict[str, Any]:
    member = person.member
    return {
        "key": member.key,
        "name": member.name,
        "born": member.born.isoformat(),
        "home_region": member.home,
        "story": {"zh": member.zh, "en": member.en},
        "credentials": [{"kind": kind, "value": value} for kind, value in person.credentials()],
    }


def _terminal_json(terminal: CastTerminal, token: str) -> dict[str, Any]:
    named = {} if terminal.name is None else {"name": dict(terminal.name)}
    return {
        "key": terminal.key,
        **named,
        "id": terminal.terminal,
        "token": token,
        "scene": terminal.site.scene,
        "region": terminal.site.region,
        "services": list(terminal.prices_fen),
        "list_prices": dict(terminal.prices_fen),
        "site": {"zh": terminal.site.name_zh, "en": terminal.site.name_en},
    }
