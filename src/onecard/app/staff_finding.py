"""Find residents whose number nobody has at hand: by name, its letters, the end of a phone or card number; few, masked, on record."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from onecard.app.staff_residents import StaffResidents
from onecard.cards.search import search_holders
from onecard.db.pool import Connection
from onecard.people.search import Sought, search_people
from onecard.staff.errors import NotAllowed
from onecard.staff.model import Acting
from onecard.staff.scope import is_scope_region, subtree
from onecard.values.error import OnecardError
from onecard.values.search_mark import TAIL, folded

__all__ = ["FOUND_MAX", "Hits", "Known", "KnownBy", "KnownMalformed", "StaffFinding"]

FOUND_MAX: Final = 20
"""So many people are shown. Whoever has more before him needs another word, not a longer list of people who are none of his business."""

KnownBy = Literal["name", "initials", "phone", "card-end"]

_MAY: Final = "residents.find"
_NAME_MIN: Final = 2
_ENDS: Final = {"phone": re.compile(r"[0-9]{4,11}", re.ASCII), "card-end": re.compile(r"[A-Za-z0-9]{4,8}", re.ASCII)}


class KnownMalformed(OnecardError):
    """What is known is too little to look for, or no such thing."""

    code = "residents.known_malformed"
    zh = "查找内容不合格式：姓名或首字母至少两个字，手机号后 4 至 11 位数字，卡号后 4 至 8 位。"
    en = "This cannot be looked for: a name or its letters have two characters at least, a phone's end 4 to 11 digits, a card's 4 to 8."


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of somebody, and what narrows it down."""

    by: KnownBy
    text: str  # Of a phone or card number the end: `TAIL` characters at least.
    region: str = ""  # In which, '' for wherever one may look.
    born_year: int = 0  # 0 for whenever.


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """Who was found, masked, at most `FOUND_MAX`, and whether there are more."""

    residents: Sequence[dict[str, Any]] = ()
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffFinding:
    """Looks for people. The first argument is who asks; whoever is out of his scope is not found, as if absent."""

    residents: StaffResidents

    async def found(self, acting: Acting, known: Known) -> Hits:
        """Return who is found by *known*. Raises `NotAllowed`, `KnownMalformed`.

        The record tells by what was looked, where, and who was shown; never the name or number that was typed.
        """
        if not acting.may(_MAY):
            raise NotAllowed
        _refuse_malformed(known)
        shown = _shown(known)
        if known.region and not is_scope_region(known.region):
            return Hits()
        work = self.residents.work
        async with work.doing(acting, "residents.search", shown) as connection:
            rows = await self._rows(connection, acting, known)
            people = rows[:FOUND_MAX]
            one = people[0] if len(rows) == 1 else None
            told = {"rows": len(people), "more": len(rows) > FOUND_MAX, "subjects": [str(subject) for subject, _ in people]}
            await work.noted(
                connection, acting, "residents.search", shown, region=one[1] if one else known.region or _sole_region(acting),
                subject=one[0] if one else None, content=told,
            )  # fmt: skip
            views = [await self.residents.view(connection, subject, region) for subject, region in people]
        return Hits(residents=views, more=len(rows) > FOUND_MAX)

    async def _rows(self, connection: Connection, acting: Acting, known: Known) -> list[tuple[int, str]]:
        """Return (subject, region) of one more than may be shown."""
        prefixes, keyring = self.residents.work.prefixes(acting, _MAY), self.residents.tools.keyring
        inside = subtree(known.region) if known.region else prefixes[0] if len(prefixes) == 1 else ""
        if known.by == "card-end":
            return await search_holders(connection, keyring, prefixes, known.text, inside, known.born_year, FOUND_MAX + 1)
        sought = Sought(kind=known.by, text=known.text, inside=inside, born_year=known.born_year)
        return await search_people(connection, keyring, prefixes, sought, FOUND_MAX + 1)


def _refuse_malformed(known: Known) -> None:
    end = _ENDS.get(known.by)
    if (len(folded(known.text)) < _NAME_MIN) if end is None else (end.fullmatch(known.text) is None):
        raise KnownMalformed(field="text")


def _shown(known: Known) -> str:
    """Return what a record may tell of *known*: an end of a number is no secret among thousands, a name is."""
    text = f"*{known.text[-TAIL:]}" if known.by in ("phone", "card-end") else "*"
    return f"{known.by} {text} {known.region or '*'} {known.born_year or '*'}"


def _sole_region(acting: Acting) -> str:
    """Return the one region in which *acting* may look, '' where there are several: that region's auditors are told."""
    regions = {right.scope.region for right in acting.rights if _MAY in right.permissions}
    return regions.pop() if len(regions) == 1 else ""
