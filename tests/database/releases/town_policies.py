"""The town's elder pass on buses, with something changed, and how it comes into force without an office."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from onecard.app.application import city_rules
from onecard.app.release_work import ReleaseWork
from onecard.db.walled import walled
from onecard.policy.model import Source
from onecard.releases.correcting import FIRST_PROPOSAL, jobs_of, list_proposals, total_proposals
from onecard.releases.model import Job, Proposal, Release
from onecard.releases.releasing import release
from onecard.settings.city_folder import find_city
from tests.database.town import NOON, Town

PASS = "elder-pass-bus"
FOLDER = find_city("jiaxing")
CITY = city_rules(FOLDER)
TEXT = FOLDER.text(f"policies/{PASS}.yaml")
RULES, TESTS = TEXT.split("tests:\n")


def changed(*pairs: tuple[str, str], day: str = "2024-10-01", cases: Sequence[str] = ()) -> str:
    """Return the pass beginning on *day*, each old text in place of a new one, with cases that hold for it."""
    text = RULES.replace("{from: 2023-01-01}", f"{{from: {day}}}")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    own = cases or ("{age: 59, expect: {reason: NOT_ELIGIBLE_AGE}}", "{age: 75, list_price: 2.00, expect: {paid: 0.00}}")
    return f"{text}tests:\n" + "".join(f"  - {case}\n" for case in own)


def made(**more: Any) -> Release:
    """Return how a release came about."""
    told: dict[str, Any] = {
        "approval": uuid.uuid4(), "reason": "for a test", "simulation": None, "prepared_by": "author", "prepared_as": "",
        "approved_by": "approver", "approved_as": "", "approved_reason": "read",
    }  # fmt: skip
    return Release(**{**told, **more})


async def released(town: Town, text: str, version: int = 2, at: datetime = NOON) -> None:
    """Bring *text* into force."""
    async with walled(town.store.database, ("33",)) as connection:  # As an approver does.
        await release(connection, Source(file="draft.yaml", content=text.encode()), version, made(), CITY.lists, at)


async def corrected(town: Town, at: datetime, most: int = 100) -> int:
    """Decide everything again that waits; return in how many pages."""
    work, pages = ReleaseWork(town.store.database, CITY, lambda: at), 0
    while await work.page(most):
        pages += 1
    return pages


async def proposals(town: Town, version: int = 2) -> list[tuple[Proposal, bool]]:
    """Return all proposals of a version."""
    async with town.store.database.acquire("desk") as connection:
        return await list_proposals(connection, PASS, version, ["33"], FIRST_PROPOSAL, 1000)


async def totals(town: Town, version: int = 2) -> dict[str, Any]:
    """Return what they add up to."""
    async with town.store.database.acquire("desk") as connection:
        return await total_proposals(connection, PASS, version, ["33"])


async def job(town: Town, version: int = 2) -> Job:
    """Return how far they are."""
    async with town.store.database.acquire("desk") as connection:
        return next(each for each in await jobs_of(connection, PASS) if each.version == version)


def seqs(found: Sequence[tuple[Proposal, bool]]) -> list[int]:
    """Return which uses are meant."""
    return [each.seq for each, _ in found]

