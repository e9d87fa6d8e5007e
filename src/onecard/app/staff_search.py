"""One box for everything: what a text may stand for is looked up, each within who asks' own regions and rights, on record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from onecard.app.search_text import Typed, typed
from onecard.app.staff_finding import Hits, Known, KnownBy, StaffFinding
from onecard.app.staff_residents import StaffResidents
from onecard.app.staff_work import StaffWork, tail
from onecard.staff.model import Acting
from onecard.terminals.search import FoundSite, search_sites, search_terminals
from onecard.uses.look_store import place_of_use
from onecard.uses.model import use_key

__all__ = ["Found", "StaffSearch"]

_MOST: Final = 20
_CREDENTIALS: Final = ("id", "card", "chip")
_KNOWN_BY: Final[tuple[KnownBy, ...]] = ("name", "initials", "phone", "card-end")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a text was found to stand for; persons masked."""

    kinds: Sequence[str]  # What it was taken for.
    residents: Sequence[dict[str, Any]] = ()
    more: bool = False  # Of residents: what was typed fits others too.
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
    regions: Mapping[str, str] = field(default_factory=dict)  # Words for places, as `search_text.region_words` makes them.

    async def found(self, acting: Acting, text: str) -> Found:
        """Return what *text* stands for."""
        told = typed(text, self.regions)
        people = await self._people(acting, told) if acting.may("residents.find") else Hits()
        use = told.key if "use" in told.kinds and await self._is_use(acting, told.key) else ""
        terminals, sites = await self._places(acting, told.text, told.kinds)
        return Found(kinds=told.kinds, residents=people.residents, more=people.more, use=use, terminals=terminals, sites=sites)

    async def _people(self, acting: Acting, told: Typed) -> Hits:
        """Return whoever *told* may mean, each once, however many ways lead to him."""
        found: dict[str, dict[str, Any]] = {}
        more = False
        for kind in _CREDENTIALS:
            if kind in told.kinds:
                found |= {each["resident"]: each for each in await self.residents.found(acting, kind, told.key)}
        for by in _KNOWN_BY:
            if by in told.kinds:
                known = Known(by=by, text=told.key, region=told.region, born_year=told.born_year)
                hits = await StaffFinding(residents=self.residents).found(acting, known)
                found |= {each["resident"]: each for each in hits.residents}
                more = more or hits.more
        return Hits(residents=list(found.values()), more=more)

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


def _within(acting: Acting, permission: str, found: Sequence[FoundSite]) -> list[FoundSite]:
    """Return those that lie within a right of his, its scene too."""
    return [each for each in found if acting.may_at(permission, region=each.region, scene=each.scene)]
