"""Sites, devices and alarms for staff: counties apart behind both walls, what each lacks, moves and settlements on record; plans."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from onecard.app.opening import Store
from onecard.app.staff_sites import StaffSites
from onecard.db.walled import walled
from onecard.staff.errors import NotAllowed, NotThere
from onecard.terminals.alarm import raise_alarm
from onecard.terminals.model import Operator, Site, SiteState, Terminal
from onecard.terminals.service import register_sites
from onecard.terminals.store import SQL
from onecard.terminals.way import NotProved
from tests.database.staff.office import HAINING, NOON, TONGXIANG, Office, open_office

OPENED = date(2024, 3, 1)
PEOPLE = {"engineer": ("terminal-engineer", "330400"), "engineer-haining": ("terminal-engineer", HAINING)}


@pytest.fixture
async def office(store: Store) -> AsyncIterator[Office]:
    async with open_office(store, ("viewer", "clerk")) as office:
        for who, (role, region) in PEOPLE.items():
            await office.hire(who, role, region)
        async with store.database.acquire("desk") as connection, connection.transaction():
            await register_sites(connection, [Operator(operator="op", name_zh="公司", name_en="Company")], sites(), terminals())
        yield office


def sites() -> list[Site]:
    def made(key: str, region: str, state: SiteState, scene: str = "campus") -> Site:
        return Site(
            site=key, operator="op", kind=scene, scene=scene, region=region, name_zh=key, name_en=key, services=("entry",),
            states=((OPENED, state),), planned_for=date(2024, 9, 1),
        )  # fmt: skip

    return [
        made("campus-1", HAINING, "trial"), made("campus-2", TONGXIANG, "testing"), made("museum-1", HAINING, "live", "museum"),
        made("campus-3", HAINING, "in_talks"),
    ]  # fmt: skip


def terminals() -> list[Terminal]:
    return [Terminal(terminal=f"T-{site}", site=site, bound_on=OPENED) for site in ("campus-1", "campus-2", "museum-1")]


async def test_what_is_not_live_is_counted_by_county_and_each_says_what_it_lacks(office: Office):
    told = await office.desk.sites.pipeline(await office.acting("viewer"), states=["trial", "testing", "in_talks"])
    assert told.counts == {HAINING: {"in_talks": 1, "live": 1, "trial": 1}, TONGXIANG: {"testing": 1}}
    assert [(each.site.site, len(each.missing)) for each in told.sites] == [("campus-1", 2), ("campus-2", 2), ("campus-3", 0)]


async def test_a_county_sees_its_own_alone_by_either_wall(office: Office):
    acting = await office.acting("engineer-haining")
    without = StaffSites(work=replace(office.desk.work, prefixes=lambda acting, permission="": ("",)))
    for desk in (office.desk.sites, without):
        assert {each.site.site for each in (await desk.pipeline(acting)).sites} == {"campus-1", "campus-3", "museum-1"}
        assert [each.terminal for each in (await desk.devices(acting)).devices] == ["T-campus-1", "T-museum-1"]
        assert (await desk.devices(acting)).counts["terminals"] == 2
        for name in ("campus-2", "no-such-site"):
            with pytest.raises(NotThere):
                await desk.site(acting, name)
        with pytest.raises(NotThere):
            await desk.device(acting, "T-campus-2")


async def test_a_site_moves_on_by_who_may_and_is_not_live_before_it_has_shown_that_it_works(office: Office):
    engineer, viewer = await office.acting("engineer"), await office.acting("viewer")
    with pytest.raises(NotAllowed):
        await office.desk.sites.move(viewer, "campus-2", "trial", NOON.date(), "for a test")
    moved = await office.desk.sites.move(engineer, "campus-2", "trial", NOON.date(), "report 17")
    assert moved.state_on(NOON.date()) == "trial"
    with pytest.raises(NotProved):
        await office.desk.sites.move(engineer, "campus-1", "live", NOON.date(), "too early")
    async with office.store.database.acquire("audit_ro") as connection:
        rows = await connection.fetch("SELECT kind, object, purpose FROM audit_entry WHERE act = 'sites.move' AND result = 'ok'")
    assert [tuple(row) for row in rows] == [("change", "site campus-2", "report 17")]


async def test_an_alarm_is_listed_settled_once_and_stays_on_record(office: Office):
    engineer = await office.acting("engineer")
    async with office.store.database.acquire("desk") as connection:
        await raise_alarm(connection, "T-campus-1", "clone", NOON, {"bound": "a", "shown": "b", "door": "sign-in"})
    assert [alarm.terminal for alarm, _ in await office.desk.sites.alarms(engineer)] == ["T-campus-1"]
    assert [each.terminal for each in (await office.desk.sites.devices(engineer, need="alarm")).devices] == ["T-campus-1"]
    with pytest.raises(NotAllowed):
        await office.desk.sites.settle(await office.acting("viewer"), "T-campus-1", "for a test")
    assert await office.desk.sites.settle(engineer, "T-campus-1", "the disk was replaced")
    assert not await office.desk.sites.settle(engineer, "T-campus-1", "again")
    assert await office.desk.sites.alarms(engineer) == []
    (told,) = (await office.desk.sites.device(engineer, "T-campus-1")).alarms
    assert told.reason == "the disk was replaced"


async def test_who_neither_told_nor_took_anything_for_thirty_days_is_silent(office: Office):
    told = await office.desk.sites.devices(await office.acting("viewer"))
    assert told.counts["silent"] == 3
    assert all(each.needs(told.now, told.hotlist) == ("silent",) for each in told.devices)


async def test_a_role_without_sites_sees_no_list(office: Office):
    for asked in (office.desk.sites.pipeline, office.desk.sites.devices, office.desk.sites.alarms):
        with pytest.raises(NotAllowed):
            await asked(await office.acting("clerk"))


async def test_no_use_is_found_without_an_index(office: Office):
    """However many uses there are: the last one of each device is one step along an index."""
    asked: dict[str, tuple[Any, ...]] = {
        SQL.health: (["3304"], ["*"], "", "", "silent", NOON - timedelta(days=30), 1, 60_000, NOON.date(), [], "", 51),
        SQL.health_counts: (["3304"], ["*"], "", "", NOON - timedelta(days=30), 1, 60_000, NOON.date()),
    }
    for statement, arguments in asked.items():
        async with walled(office.store.database, ["3304"]) as connection:
            await connection.execute("SET LOCAL enable_seqscan = off")
            plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {statement}", *arguments))
        assert "Seq Scan on ledger_use" not in plan, plan
        assert "ledger_use" in plan
