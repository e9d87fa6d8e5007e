"""What each terminal is given so that it can decide alone: the programmes of its site, the city's names, keys, cards it expects."""

import base64
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from onecard.app.masters import Masters
from onecard.db.pool import Database
from onecard.decision.rulebook import RuleBook
from onecard.policy.matching import fits
from onecard.policy.model import Programme
from onecard.terminals.bundle import city_json, device_json, document_json, etag_of, site_json
from onecard.terminals.expected import expected_cards
from onecard.terminals.model import Place, Site
from onecard.terminals.params import ParamsOfCity
from onecard.uses.occasion import CityRules
from onecard.values.days import civil

__all__ = ["Bundles", "programmes_of"]

_encode = msgspec.json.Encoder().encode


class Bundles:
    """Makes bundles and their names. A name changes when something in the bundle does, and each midnight with the cards in it."""

    def __init__(
        self, *, database: Database, masters: Masters, city: CityRules, params: ParamsOfCity, hash_key: bytes,
        issuers: Callable[[], Sequence[dict[str, Any]]], clock: Callable[[], datetime],
    ) -> None:  # fmt: skip
        """*hash_key* is the terminals' own; *issuers* tells whose codes are believed."""
        self._database = database
        self._masters = masters
        self._city = city
        self._params = params
        self._hash_key = base64.b64encode(hash_key).decode()
        self._issuers = issuers
        self._clock = clock
        self._etags: dict[str, str] = {}
        self._etags_of: tuple[Any, ...] = ()
        self._city_of: tuple[int, dict[str, Any]] = (0, {})

    def etag(self, place: Place) -> str:
        """Return the name of the bundle that *place*'s terminal would get now."""
        day, issuers = civil(self._clock()).date(), self._issuers()
        made_of = (self._masters.rules.number, self._masters.directory.version, day, issuers)
        if made_of != self._etags_of:
            self._etags, self._etags_of = {}, made_of
        found = self._etags.get(place.terminal.terminal)
        if found is None:
            parts = {**self._parts(place, day, issuers), "cards_of": day.isoformat()}
            parts["programmes"] = [[p.name, p.version, p.digest] for p in programmes_of(self._masters.rules, place.site, day)]
            found = self._etags[place.terminal.terminal] = etag_of(parts)
        return found

    async def bundle(self, place: Place) -> tuple[str, bytes]:
        """Return name and content of the bundle for *place*'s terminal."""
        etag, day, rules = self.etag(place), civil(self._clock()).date(), self._masters.rules
        params = self._params.of(place.site.kind)
        beside = [each for each in self._masters.directory.terminals.values() if each.site.site == place.site.site]
        async with self._database.acquire("desk") as connection:
            cards = await expected_cards(connection, place.site.site, [each.terminal.terminal for each in beside], params, day)
        content = {
            "etag": etag,
            **self._parts(place, day, self._issuers()),
            "programmes": [document_json(programme) for programme in programmes_of(rules, place.site, day)],
            "rules": rules.number,
            "cards": [[alias.hex(), born.isoformat(), home, registered] for alias, born, home, registered in cards],
        }
        return etag, _encode(content)

    def _parts(self, place: Place, day: date, issuers: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Return what is made in a moment: everything but programmes and cards."""
        if self._city_of[0] != day.year:
            years = range(day.year - 1, day.year + 2)
            self._city_of = day.year, city_json(self._city.lists, self._city.day_kinds, years)
        return {
            "terminal": place.terminal.terminal,
            "device": device_json(place.terminal),
            "site": site_json(place.site),
            "city": self._city_of[1],
            "issuers": list(issuers),
            "hash_key": self._hash_key,
            "params": self._params.of(place.site.kind).to_json(),
        }


def programmes_of(rules: RuleBook, site: Site, day: date) -> list[Programme]:
    """Return the versions that a terminal at *site* may ask on *day* or later, by name and version.

    A programme that stands on top of another, or before it, comes with it: the check of a document asks for both.
    """
    held = {programme.name: programme for programme in rules.in_force(day)}
    coming = [p for p in rules.programmes if p.from_day > day]
    current = [*held.values(), *coming]
    chosen = {p.name for p in current if p.kind in ("gate", "use") and _asked_at(p, site)}
    while more := {n for p in current if p.name in chosen for n in (*p.prefer_over, *p.on_top_of)} - chosen:
        chosen |= more
    return sorted((p for p in current if p.name in chosen), key=lambda p: (p.name, p.version))


def _asked_at(programme: Programme, site: Site) -> bool:
    return any(
        fits(programme.where, region=site.region, service=service, site_kind=site.kind, operator=site.operator, site=site.site)
        for service in site.services
    )
