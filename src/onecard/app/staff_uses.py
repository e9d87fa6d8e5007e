"""Uses as staff see them: listed by a filter with what they add up to, and each explained; persons masked, every look on record."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from onecard.app.masters import Masters
from onecard.app.staff_work import NOBODY, StaffWork
from onecard.db.walled import along_index
from onecard.people.service import masked_name, open_identities
from onecard.settings.keys import Keyring
from onecard.staff.errors import NotAllowed, NotThere
from onecard.staff.model import Acting
from onecard.staff.scope import EVERY
from onecard.terminals.model import Site
from onecard.uses.look import NEWEST_USE, Sight, Totals, UseFilter, UseKey, taken_off
from onecard.uses.look_store import list_uses, place_of_use, total_reversed, total_uses
from onecard.uses.model import use_id, use_key
from onecard.uses.service import Uses

if TYPE_CHECKING:
    from onecard.db.pool import Connection, Record

__all__ = ["EXPORT_MAX", "SeenUse", "StaffUses"]

EXPORT_MAX: Final = 20_000
"""So many uses are handed over as one file."""

_CHUNK: Final = 500


class SeenUse(NamedTuple):
    """One use as a list shows it. `person` is a masked name, '' where nobody is known or he belongs elsewhere."""

    use: str
    occurred_at: datetime
    service: str
    site: str  # Its key.
    site_kind: str
    region: str
    outcome: str
    reason: str
    list_fen: int
    paid_fen: int
    programme: str | None
    version: int | None
    subject: int | None
    person: str
    method: str
    upload: str | None
    reversed: bool

    @property
    def key(self) -> UseKey:
        """Where it stands in the list."""
        terminal, seq = use_key(self.use) or ("", 0)
        return UseKey(self.occurred_at, terminal, seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffUses:
    """What may be asked about uses. Every method's first argument is who asks."""

    work: StaffWork
    uses: Uses
    masters: Masters
    keyring: Keyring

    async def listed(self, acting: Acting, asked: UseFilter, before: UseKey = NEWEST_USE, most: int = 51) -> list[SeenUse]:
        """Return at most *most* uses, newest first. Raises `NotAllowed`; `NotThere` for a person who is not his to see."""
        assert most <= _CHUNK
        async with self._looking(acting, "uses.list", asked) as connection:
            return await self._read(connection, acting, asked, before, most)

    async def listed_with_totals(
        self, acting: Acting, asked: UseFilter, before: UseKey = NEWEST_USE, most: int = 51
    ) -> tuple[list[SeenUse], Totals]:
        """Return the same, and what the whole filter adds up to."""
        async with self._looking(acting, "uses.list", asked) as connection:
            totals, drawn = await self._totals(connection, acting, asked)
            return await self._read(connection, acting, drawn, before, most) if totals.uses else [], totals

    async def exported(self, acting: Acting, asked: UseFilter, form: str) -> tuple[list[SeenUse], Totals]:
        """Return every use of the filter with its totals, none where they are more than `EXPORT_MAX`; on record as an export."""
        async with self._looking(acting, f"uses.export-{form}", asked) as connection:
            totals, drawn = await self._totals(connection, acting, asked)
            found: list[SeenUse] = []
            before = NEWEST_USE
            while totals.uses <= EXPORT_MAX and (some := await self._read(connection, acting, drawn, before, _CHUNK)):
                found += some  # In pieces: names are unsealed here, and others wait meanwhile.
                before = some[-1].key
            return found, totals

    async def explained(self, acting: Acting, use: str) -> dict[str, Any]:
        """Return why a use came out as it did. Raises `NotThere`, `NotAllowed`.

        What else the person did that day is told as far as who asks may read uses there: a right to something else opens none.
        """
        async with self.work.doing(acting, "uses.explain", f"use {use}"[:80]) as connection:
            key = use_key(use)
            terminal, seq = key or ("", NOBODY)
            place = await place_of_use(connection, terminal, seq, self.work.prefixes(acting))
            if place is None:
                raise NotThere
            site = self.masters.directory.sites.get(place["site"])
            if not acting.may_at("uses.explain", region=place["region"], scene=site.scene if site else ""):
                raise NotAllowed(region=place["region"])
            await self.work.noted(connection, acting, "uses.explain", f"use {use}", region=place["region"], subject=place["subject"])
            told = await self.uses.explain_through(connection, use, _reads_uses_at(acting))
            assert told is not None
            subject = told.pop("subject")
            told["person"] = None if subject is None else await masked_name(connection, self.keyring, subject)
            return {**told, "region": place["region"], "resident": None if told["person"] is None else str(subject)}

    def sight(self, acting: Acting, permission: str = "uses.read") -> Sight:
        """Return where *acting* may look: regions, and there kinds of sites where a right holds for one scene alone."""
        prefixes = self.work.prefixes(acting, permission)
        rights = [right for right in acting.rights if permission in right.permissions and right.scope.prefix is not None]
        if all(right.scope.scene == EVERY for right in rights):
            return Sight(prefixes=prefixes)
        pairs = sorted({(right.scope.prefix or "", kind) for right in rights for kind in self._kinds(right.scope.scene)})
        return Sight(prefixes=prefixes, scoped=[prefix for prefix, _ in pairs] or ["-"], kinds=[kind for _, kind in pairs] or ["-"])

    @asynccontextmanager
    async def _looking(self, acting: Acting, act: str, asked: UseFilter) -> AsyncIterator["Connection"]:
        """Lend a connection for a look at a list, which is on record by then. Raises `NotAllowed`, `NotThere`."""
        async with self.work.doing(acting, act, _told(asked)) as connection:
            if not acting.may("uses.read"):
                raise NotAllowed
            region = ""
            if asked.subject is not None:
                region = await self.work.person_inside(connection, acting, asked.subject, "uses.read")
            await self.work.noted(connection, acting, act, _told(asked), region=region, subject=asked.subject, content=_content(asked))
            yield connection

    async def _totals(self, connection: "Connection", acting: Acting, asked: UseFilter) -> tuple[Totals, UseFilter]:
        """Return what a filter adds up to, and the same filter without the days at its ends on which nothing matches."""
        sight = self.sight(acting)
        totals, drawn = await total_uses(connection, sight, asked)
        return taken_off(totals, await total_reversed(connection, sight, asked)), drawn

    async def _read(self, connection: "Connection", acting: Acting, asked: UseFilter, before: UseKey, most: int) -> list[SeenUse]:
        await along_index(connection)
        rows = await list_uses(connection, self.sight(acting), asked, before, most)
        subjects = sorted({row["subject"] for row in rows if row["subject"] is not None})
        identities = await open_identities(connection, self.keyring, subjects)
        names = {subject: str(identity.name) for subject, identity in identities.items()}
        return [_seen(row, names) for row in rows]

    def _kinds(self, scene: str) -> Sequence[str]:
        """Return the kinds of sites that belong to *scene*."""
        if scene == EVERY:
            return (EVERY,)
        return sorted({site.kind for site in self.masters.directory.sites.values() if site.scene == scene})


def _reads_uses_at(acting: Acting) -> Callable[[Site], bool]:
    """Return what tells whether *acting* may read the uses of a site."""
    return lambda site: acting.may_at("uses.read", region=site.region, scene=site.scene)


def _seen(row: "Record", names: Mapping[int, str]) -> SeenUse:
    return SeenUse(
        use=use_id(row["terminal"], row["seq"]), occurred_at=row["occurred_at"], service=row["service"], site=row["site"],
        site_kind=row["site_kind"], region=row["region"], outcome=row["outcome"], reason=row["reason"],
        list_fen=row["list_price_fen"], paid_fen=row["paid_fen"], programme=row["programme"], version=row["version"],
        subject=row["subject"], person=names.get(row["subject"], ""), method=row["credential_kind"], upload=row["upload"],
        reversed=row["reversed"],
    )  # fmt: skip


def _told(asked: UseFilter) -> str:
    """Return how a look at a list is called on record."""
    return f"uses {asked.first} {asked.last}"


def _content(asked: UseFilter) -> dict[str, Any]:
    """Return what was asked for, without what is empty."""
    told = {
        "region": asked.region, "kind": asked.kind, "outcome": asked.outcome, "reasons": list(asked.reasons), "site": asked.site,
        "terminal": asked.terminal, "programmes": list(asked.programmes), "in_error": asked.in_error,
    }  # fmt: skip
    return {name: value for name, value in told.items() if value}
