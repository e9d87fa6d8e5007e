"""One box for everything: what a text may stand for is looked up, each within who asks' own regions and rights, on record."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from onecard.app.staff_residents import StaffResidents
from onecard.app.staff_work import StaffWork, tail
from onecard.staff.model import Acting
from onecard.terminals.search import FoundSite, search_sites, search_terminals
from onecard.uses.look_store import place_of_use
from onecard.uses.model import use_key
from onecard.values.person_number import typed_number

__all__ = ["TEXT_MIN", "Found", "StaffSearch", "kinds_of"]

TEXT_MIN: Final = 2
"""A shorter text is no name of anything."""

_MOST: Final = 20
_CARD: Final = re.compile(r"[A-Za-z](?:[A-Za-z][0-9]{7}|[0-9]{8})", re.ASCII)
_CHIP: Final = re.compile(r"[0-9A-Fa-f]{32}", re.ASCII)
_SPACES: Final = re.compile(r"[\s-]+")
_TERMINAL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{2,63}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a text was found to stand for; persons masked."""

    kinds: Sequence[str]  # What it was taken for.
    residents: Sequence[dict[str, Any]] = ()
    use: str = ""
    terminals: Sequence[FoundSite] = field(default_factory=list)
    sites: Sequence[FoundSite] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many hits there are."""
        return len(self.residents) + bool(self.use) + len(self.terminals) + len(self.sites)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSearch:
    """Looks a text up. The first argument is who asks; what his role may not look for is not looked for."""

    work: StaffWork
    residents: StaffResidents

    async def found(self, acting: Acting, text: str) -> Found:
        """Return what *text* stands for."""
        kinds = kinds_of(text)
        residents: list[dict[str, Any]] = []
        if acting.may("residents.find"):
            for kind in ("id", "card", "chip"):
                if kind in kinds:
                    residents += await self.residents.found(acting, kind, typed_number(text) or _SPACES.sub("", text))
        use = text if "use" in kinds and await self._is_use(acting, text) else ""
        terminals, sites = await self._places(acting, text, kinds)
        return Found(kinds=kinds, residents=residents, use=use, terminals=terminals, sites=sites)

    async def _is_use(self, acting: Acting, text: str) -> bool:
        key = use_key(text)
        if key is None or not acting.may("uses.explain"):
            return False
        async with self.work.doing(acting, "search.use", f"use {text}"[:80]) as connection:
            await self.work.noted(connection, acting, "search.use", f"use {text}"[:80])
            return await place_of_use(connection, *key, self.work.prefixes(acting, "uses.explain")) is not None

    async def _places(self, acting: Acting, text: str, kinds: Sequence[str]) -> tuple[list[FoundSite], list[FoundSite]]:
        """Return devices and sites; for them nothing of a person is told, so the record holds no more than that it was asked."""
        may = next((each for each in ("sites.read", "uses.read") if acting.may(each)), None)
        if may is None or not {"site", "terminal"} & set(kinds):
            return [], []
        async with self.work.doing(acting, "search.sites", f"sites *{tail(text)}") as connection:
            await self.work.noted(connection, acting, "search.sites", f"sites *{tail(text)}")
            prefixes = self.work.prefixes(acting, may)
            terminals = await search_terminals(connection, prefixes, text, _MOST) if "terminal" in kinds else []
            sites = await search_sites(connection, prefixes, text, _MOST) if "site" in kinds else []
        return _within(acting, may, terminals), _within(acting, may, sites)


def kinds_of(text: str) -> tuple[str, ...]:
    """Return what *text* may stand for: id, card, chip, use, terminal, site. A person's number is looked for as nothing else."""
    plain = _SPACES.sub("", text)
    if len(plain) < TEXT_MIN:
        return ()
    if _CHIP.fullmatch(plain):
        return ("chip",)
    if typed_number(text) is not None:
        return ("id",)
    if _CARD.fullmatch(plain):
        return ("card",)
    if use_key(text) is not None:
        return ("use",)
    return ("terminal", "site") if _TERMINAL.fullmatch(text) else ("site",)


def _within(acting: Acting, permission: str, found: Sequence[FoundSite]) -> list[FoundSite]:
    """Return those that lie within a right of his, its scene too."""
    return [each for each in found if acting.may_at(permission, region=each.region, scene=each.scene)]
