"""Residents as staff see them: found by a credential or by region, masked; whole only within a budget, else by a second person."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from onecard.app.correction_rules import CorrectionRules
from onecard.app.staff_views import request_view, resident_view
from onecard.app.staff_work import NOBODY, StaffWork, tail
from onecard.audit.model import FULL_ID
from onecard.audit.service import BudgetSpent, check_budget
from onecard.cards.credential import CredentialMalformed, normalise
from onecard.cards.desk import DeskTools, card_by_key
from onecard.cards.service import find_subject, keys_of_cards
from onecard.db.pool import Connection
from onecard.people.model import FACT_FORMS
from onecard.people.service import find_inside, open_identities, open_identity, people_inside
from onecard.staff.errors import NotAllowed, NotThere
from onecard.staff.model import Acting, Waiting
from onecard.staff.scope import is_scope_region, subtree
from onecard.values.days import civil
from onecard.values.error import OnecardError
from onecard.values.masked import PersonNumber

__all__ = ["RESIDENTS_MAX", "Correction", "CorrectionMalformed", "StaffResidents"]

RESIDENTS_MAX: Final = 200

_SUBJECT: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


_FIRST_DAY: Final = date(1900, 1, 1)

_FORMS: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType(
    {
        "region": re.compile(r"[1-9][0-9]{5}", re.ASCII), "number": re.compile(r"[0-9]{1,9}", re.ASCII),
        "yes_no": re.compile(r"yes|no"), "name": re.compile(r"[a-z][a-z0-9_-]{0,63}", re.ASCII),
        "set": re.compile(r"(?:[a-z][a-z0-9_-]{0,63}(?:,[a-z][a-z0-9_-]{0,63}){0,15})?", re.ASCII),
    }
)  # fmt: skip


class CorrectionMalformed(OnecardError):
    """No such fact, a value that it cannot have, or a day that has not come yet."""

    code = "residents.correction_malformed"
    zh = "没有这项信息，或取值不合格式，或日期尚未到来。可更正的信息见操作手册。"
    en = "There is no such fact, it cannot have that value, or its day has not come yet. The operator's guide lists what can be corrected."


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A dated fact about a person that shall be told anew, and why."""

    fact: str
    since: date
    value: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffResidents:
    """What may be asked about people. Every method's first argument is who asks."""

    work: StaffWork
    tools: DeskTools
    rules: CorrectionRules

    async def found(self, acting: Acting, kind: str, value: str) -> list[dict[str, Any]]:
        """Return the one person whom a credential names, or nobody. What is no credential names nobody."""
        shown = f"{kind} *{tail(value)}"
        if not acting.may("residents.find"):
            raise NotAllowed
        try:
            async with self.work.doing(acting, "residents.find", shown) as connection:
                subject, region = await self._place(connection, acting, kind, value)
                await self.work.noted(connection, acting, "residents.find", shown, region=region, subject=subject)
                return [await self.view(connection, subject, region)]
        except NotThere:
            return []

    async def listed(self, acting: Acting, region: str, after: tuple[str, int], most: int) -> list[dict[str, Any]]:
        """Return at most *most* people of *region* ('': all that are his), by region and number. Another's region holds nobody."""
        assert most <= RESIDENTS_MAX
        if not acting.may("residents.find"):
            raise NotAllowed
        if region and not is_scope_region(region):
            return []
        async with self.work.doing(acting, "residents.list", region or "*") as connection:
            prefixes = self.work.prefixes(acting, "residents.find")
            inside = subtree(region) if region else (prefixes[0] if len(prefixes) == 1 else "")
            rows = await people_inside(connection, prefixes, inside, after, most)
            await self.work.noted(connection, acting, "residents.list", region or "*", region="", content={"rows": len(rows)})
            identities = await open_identities(connection, self.tools.keyring, [subject for subject, _ in rows])
            return [resident_view(subject, where, identities.get(subject)) for subject, where in rows]

    async def one(self, acting: Acting, name: str) -> dict[str, Any]:
        """Return one person, masked. Raises `NotThere`, `NotAllowed`."""
        async with self.work.doing(acting, "residents.read", _thing(name)) as connection:
            subject = _subject_of(name)
            region = await self.work.person_inside(connection, acting, subject, "residents.read")
            assert subject is not None
            await self.work.noted(connection, acting, "residents.read", _thing(name), region=region, subject=subject)
            return await self.view(connection, subject, region)

    async def whole(self, acting: Acting, name: str, approval: UUID | None) -> dict[str, Any]:
        """Return a person with name and number whole; or, once the hour's budget is spent, what waits for a second person.

        With an *approval* of his own he sees that one person, once. Raises `NotThere`, `NotAllowed`, `ApprovalNeeded`.
        """
        thing, subject = _thing(name), _subject_of(name)
        async with self.work.doing(acting, FULL_ID, thing) as connection:
            region = await self.work.person_inside(connection, acting, subject, FULL_ID)
            assert subject is not None
            if approval is not None:
                await self.work.staff.approvals.use_up(connection, acting, approval, "full-id", thing)
            elif await self._budget_spent(connection, acting):
                return await self._asked_for_whole(connection, acting, name, region, subject)
            act = FULL_ID if approval is None else f"{FULL_ID}-approved"  # Outside the budget: a second person answered for it.
            await self.work.noted(connection, acting, act, thing, region=region, subject=subject)
            identity = await open_identity(connection, self.tools.keyring, subject)
        if identity is None:
            raise NotThere
        phone = None if identity.phone is None else identity.phone.reveal()
        return {"resident": name, "region": region, "name": identity.name.reveal(), "number": identity.number.reveal(), "phone": phone}

    async def _budget_spent(self, connection: Connection, acting: Acting) -> bool:
        try:
            await check_budget(connection, acting, most=self.work.staff.roles.full_ids_per_hour, at=self.work.staff.now())
        except BudgetSpent:
            return True
        return False

    async def _asked_for_whole(self, connection: Connection, acting: Acting, name: str, region: str, subject: int) -> dict[str, Any]:
        thing = _thing(name)
        await self.work.noted(connection, acting, FULL_ID, thing, region=region, subject=subject, result=BudgetSpent.code)
        payload = {"resident": name, "purpose": acting.purpose}
        waiting = Waiting(kind="full-id", object=thing, region=region, subject=subject, reason=acting.purpose, payload=payload)
        return request_view(await self.work.staff.approvals.prepare(connection, acting, waiting))

    async def correct(self, acting: Acting, name: str, correction: Correction) -> dict[str, Any]:
        """Prepare that a fact be told anew; a second person decides. Raises what `refuse_wrong` raises, `NotThere`, `NotAllowed`."""
        self.refuse_wrong(correction)
        async with self.work.doing(acting, "residents.correct", _thing(name)) as connection:
            subject = _subject_of(name)
            region = await self.work.person_inside(connection, acting, subject, "residents.correct")
            await self.work.noted(connection, acting, "residents.correct", _thing(name), region=region, subject=subject, result="waiting")
            payload = {"fact": correction.fact, "since": correction.since.isoformat(), "value": correction.value}
            waiting = Waiting(
                kind="person-correction", object=_thing(name), region=region, subject=subject, payload=payload, reason=correction.reason
            )
            return request_view(await self.work.staff.approvals.prepare(connection, acting, waiting))

    def refuse_wrong(self, correction: Correction) -> None:
        """Raise `CorrectionMalformed` or `CorrectionUnlisted` for what no second person need be asked about."""
        form = _FORMS.get(FACT_FORMS.get(correction.fact, ""))
        if form is None or form.fullmatch(correction.value) is None:
            raise CorrectionMalformed(field="fact" if form is None else "value")
        if not _FIRST_DAY <= correction.since <= civil(self.work.staff.now()).date():
            raise CorrectionMalformed(field="since")  # Nothing could be told after a fact of the year 9999.
        self.rules.refuse_unlisted(correction.fact, correction.value)

    async def view(self, connection: Connection, subject: int, region: str) -> dict[str, Any]:
        """Return one person, masked, with his cards. Whoever calls it has put the look on record."""
        at = self.work.staff.now()
        keys = await keys_of_cards(connection, subject)
        cards = [await card_by_key(connection, self.tools, key, at) for key in keys]
        return resident_view(subject, region, await open_identity(connection, self.tools.keyring, subject), cards)

    async def _place(self, connection: Connection, acting: Acting, kind: str, value: str) -> tuple[int, str]:
        """Return whose credential this is and where he belongs. Raises `NotThere`, `NotAllowed`."""
        try:
            if kind != "id":
                subject = await find_subject(connection, self.tools.keyring, kind, value)
                return subject or NOBODY, await self.work.person_inside(connection, acting, subject, "residents.find")
            number = PersonNumber(normalise(kind, value))
        except CredentialMalformed:
            raise NotThere from None
        found = await find_inside(connection, self.tools.keyring, number, self.work.prefixes(acting))
        if found is None:
            raise NotThere
        if not acting.may_at("residents.find", region=found[1]):
            raise NotAllowed(region=found[1])
        return found


def _thing(name: str) -> str:
    return f"resident {tail(name, 20)}"


def _subject_of(name: str) -> int | None:
    """Return the subject that an address names, None where it can name none."""
    if _SUBJECT.fullmatch(name) is None or int(name) >= 2**63:
        return None
    return int(name)
