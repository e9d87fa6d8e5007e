"""Releases, versions and proposals as JSON, for the doors and the command line. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from onecard.app.staff_views import request_view
from onecard.releases.model import Draft, Job, Proposal, Simulation, Version, states_of
from onecard.staff.model import Request
from onecard.uses.model import use_id
from onecard.values.days import civil

__all__ = ["job_view", "programme_view", "proposal_view", "version_view", "waiting_view"]

_NO_SIMULATION: Final = {
    "zh": "提交时没有附测算结果；复核人只能依据条文判断。",
    "en": "No simulation came with it: the second person has the text alone to go by.",
}


def waiting_view(request: Request, draft: Draft, simulation: Simulation | None, overtaken: Version | None) -> dict[str, Any]:
    """Return a release that waits for its second person (SURFACES §6): `simulation` is the SHA-256 of the file, or null with why."""
    told = {
        **request_view(request), "programme": draft.programme.name, "version": draft.version,
        "sha256": draft.programme.digest, "from": draft.programme.from_day.isoformat(),
        "simulation": None if simulation is None else simulation.digest,
    }  # fmt: skip
    if simulation is None:
        told["simulation_says"] = dict(_NO_SIMULATION)
    if overtaken is not None:
        told["overtaken_by"] = {"version": overtaken.version, "from": overtaken.from_day.isoformat()}
    return told


def programme_view(versions: Sequence[Version], title: dict[str, str], day: date) -> dict[str, Any]:
    """Return one programme on *day*: which version holds, and which are to come. *versions* are all of its own."""
    states = states_of(versions, day)
    newest = versions[-1]
    return {
        "programme": newest.programme, "kind": newest.kind, "title": title, "versions": len(versions),
        "in_force": next((number for number, state in states.items() if state == "in_force"), None),
        "ahead": [number for number, state in states.items() if state == "ahead"],
    }  # fmt: skip


def version_view(version: Version, state: str, job: Job | None) -> dict[str, Any]:
    """Return one version with how it came about; `released` is null where the home's owner took it in."""
    made = version.release
    return {
        "version": version.version, "state": state, "from": version.from_day.isoformat(),
        "until": None if version.until_day is None else version.until_day.isoformat(), "sha256": version.digest, "file": version.file,
        "released_at": civil(version.released_at).isoformat(timespec="seconds"),
        "released": None if made is None else {
            "approval": str(made.approval), "reason": made.reason, "prepared_by": made.prepared_by, "prepared_as": made.prepared_as or None,
            "approved_by": made.approved_by, "approved_as": made.approved_as or None, "approved_reason": made.approved_reason,
            "simulation": None if made.simulation is None else made.simulation.digest,
            "figures": None if made.simulation is None else dict(made.simulation.figures),
        },
        "corrections": None if job is None else job_view(job),
    }  # fmt: skip


def job_view(job: Job) -> dict[str, Any]:
    """Return how far the records have been decided again for a version that reaches back."""
    return {
        "from": job.from_day.isoformat(), "last": job.last_day.isoformat(), "examined": job.examined, "unknown": job.unknown,
        "missing": list(job.missing), "done": job.done_at is not None,
    }  # fmt: skip


def proposal_view(proposal: Proposal, superseded: bool) -> dict[str, Any]:
    """Return one proposal, old and new side by side; `superseded`: a later release reached back over the same day."""
    return {
        "use": use_id(proposal.terminal, proposal.seq), "resident": str(proposal.subject), "day": proposal.day.isoformat(),
        "occurred_at": civil(proposal.occurred_at).isoformat(timespec="seconds"), "region": proposal.region,
        "old": dict(proposal.old), "new": dict(proposal.new), "superseded": superseded,
    }  # fmt: skip
