"""Policies for those who signed in: a release prepared for a second person, the history, and what reaching back proposes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from onecard.app.release_views import job_view, programme_view, proposal_view, version_view, waiting_view
from onecard.app.staff_work import StaffWork
from onecard.policy.findings import Desk
from onecard.policy.heading import read_heading
from onecard.policy.model import CityLists, Source
from onecard.policy.reader import read_page
from onecard.releases.correcting import FIRST_PROPOSAL, PROPOSALS_MAX, jobs_of, list_proposals, total_proposals
from onecard.releases.drafting import read_draft, read_simulation
from onecard.releases.model import Draft, Simulation, Version, states_of
from onecard.releases.releasing import source_of, versions_of
from onecard.staff.errors import NotAllowed, NotThere
from onecard.staff.model import Acting, Waiting
from onecard.uses.look import UseKey
from onecard.values.days import civil

__all__ = ["StaffReleases"]

_NAME: Final = re.compile(r"[a-z0-9-]{1,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffReleases:
    """What may be asked and prepared about policies. Every method's first argument is who acts."""

    work: StaffWork
    lists: CityLists

    async def prepare(self, acting: Acting, source: Source, reason: str, simulation: bytes | None = None) -> dict[str, Any]:
        """Prepare that *source* be released, for a second person; nothing is in force by it.

        The document itself waits, so a file that is changed later changes nothing. Raises `NotAllowed`, and what
        `read_draft` and `read_simulation` raise.
        """
        async with self.work.doing(acting, "policy.prepare", "policy") as connection:
            if not acting.may("policy.release"):
                raise NotAllowed
            draft = await read_draft(connection, source, self.lists)
            name = draft.programme.name
            if not acting.may_at("policy.release", region=self.lists.region, programme=name):
                raise NotAllowed
            found = None if simulation is None else read_simulation(simulation, draft)
            waiting = self._waiting(draft, reason, found)
            request = await self.work.staff.approvals.prepare(connection, acting, waiting)
            told = {"approval": str(request.approval), "digest": request.digest.hex(), "sha256": draft.programme.digest}
            await self.work.noted(connection, acting, "policy.prepare", waiting.object, region=self.lists.region, content=told)
            later = [each for each in await versions_of(connection, name) if each.from_day > draft.programme.from_day]
            return waiting_view(request, draft, found, min(later, key=lambda each: each.from_day, default=None))

    async def listed(self, acting: Acting) -> list[dict[str, Any]]:
        """Return every programme that was ever released, by name. Raises `NotAllowed`."""
        async with self.work.doing(acting, "policy.list", "policies") as connection:
            if not acting.may("policy.read"):
                raise NotAllowed
            await self.work.noted(connection, acting, "policy.list", "policies")
            by_name: dict[str, list[Version]] = {}
            for each in await versions_of(connection):
                if acting.may_at("policy.read", region="", programme=each.programme):
                    by_name.setdefault(each.programme, []).append(each)
            told = []
            for name, versions in by_name.items():
                source = await source_of(connection, name, versions[-1].version)
                told.append(programme_view(versions, _title(source or ""), self._today()))
            return told

    async def history(self, acting: Acting, programme: str) -> dict[str, Any]:
        """Return every version of *programme* with who released it, why, when, and by which simulation. Raises `NotThere`, `NotAllowed`."""
        programme = _name(programme)
        async with self.work.doing(acting, "policy.read", f"policy {programme}") as connection:
            versions = await self._versions(connection, acting, programme)
            await self.work.noted(connection, acting, "policy.read", f"policy {programme}")
            jobs = {job.version: job for job in await jobs_of(connection, programme)}
            states = states_of(versions, self._today())
            source = await source_of(connection, programme, versions[-1].version)
            return {
                **programme_view(versions, _title(source or ""), self._today()),
                "history": [version_view(each, states[each.version], jobs.get(each.version)) for each in reversed(versions)],
            }

    async def document(self, acting: Acting, programme: str, version: int) -> dict[str, Any]:
        """Return one version with its document, as it was released. Raises `NotThere`, `NotAllowed`."""
        programme = _name(programme)
        thing = f"policy {programme} {version}"
        async with self.work.doing(acting, "policy.read", thing) as connection:
            versions = await self._versions(connection, acting, programme)
            found = next((each for each in versions if each.version == version), None)
            if found is None:
                raise NotThere
            await self.work.noted(connection, acting, "policy.read", thing)
            jobs = {job.version: job for job in await jobs_of(connection, programme)}
            shown = version_view(found, states_of(versions, self._today())[version], jobs.get(version))
            return {"programme": programme, **shown, "source": await source_of(connection, programme, version)}

    async def proposals(
        self, acting: Acting, programme: str, version: int, after: UseKey = FIRST_PROPOSAL, most: int = 50
    ) -> tuple[dict[str, Any], Sequence[UseKey]]:
        """Return at most *most* proposals of a version that reaches back, oldest use first, with what all of them add up to.

        Of regions within who asks' own. The second value holds each one's place. Raises `NotThere`, `NotAllowed`.
        """
        assert most <= PROPOSALS_MAX + 1
        programme = _name(programme)
        thing = f"proposals {programme} {version}"
        async with self.work.doing(acting, "policy.proposals", thing) as connection:
            await self._versions(connection, acting, programme)
            job = next((job for job in await jobs_of(connection, programme) if job.version == version), None)
            if job is None:
                raise NotThere
            await self.work.noted(connection, acting, "policy.proposals", thing)
            prefixes = self.work.prefixes(acting, "policy.read")
            found = await list_proposals(connection, programme, version, prefixes, after, most)
            told = {
                "programme": programme, "version": version, **job_view(job),
                "totals": await total_proposals(connection, programme, version, prefixes),
                "proposals": [proposal_view(proposal, superseded) for proposal, superseded in found],
            }  # fmt: skip
            return told, [UseKey(each.occurred_at, each.terminal, each.seq) for each, _ in found]

    def _waiting(self, draft: Draft, reason: str, simulation: Simulation | None) -> Waiting:
        programme = draft.programme
        payload: Mapping[str, Any] = {
            "programme": programme.name, "version": draft.version, "kind": programme.kind, "from": programme.from_day.isoformat(),
            "until": None if programme.until_day is None else programme.until_day.isoformat(), "file": draft.file,
            "sha256": programme.digest, "source": draft.source,
            "simulation": None if simulation is None else {"sha256": simulation.digest, "figures": dict(simulation.figures)},
        }  # fmt: skip
        return Waiting(
            kind="policy-release", object=f"policy {programme.name} {draft.version}", region=self.lists.region, payload=payload,
            reason=reason, programme=programme.name,
        )  # fmt: skip

    async def _versions(self, connection: Any, acting: Acting, programme: str) -> Sequence[Version]:
        versions = await versions_of(connection, programme)
        if not versions:
            raise NotThere
        if not acting.may_at("policy.read", region="", programme=programme):
            raise NotAllowed
        return versions

    def _today(self) -> date:
        return civil(self.work.staff.now()).date()


def _name(programme: str) -> str:
    """Return the name that an address bears; what can be none stands on record as `?`, and names nothing."""
    return programme if _NAME.fullmatch(programme) else "?"


def _title(source: str) -> dict[str, str]:
    desk = Desk("")
    page = read_page(source.encode(), desk)
    heading = read_heading(page, desk) if page is not None else None
    return {"zh": heading.title_zh, "en": heading.title_en} if heading is not None else {"zh": "", "en": ""}
