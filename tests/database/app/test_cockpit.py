"""The cockpit counts what its lists hold, within one's own regions by either wall, and shows its last figures where the store is slow."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from onecard.app.cockpit import TODOS, CockpitDesk
from onecard.app.opening import Store
from onecard.app.staff_desk import staff_desk_of
from onecard.app.staff_uses import StaffUses
from onecard.settings.city_folder import find_city
from onecard.staff.model import Acting, Right
from onecard.staff.permissions import PERMISSIONS
from onecard.staff.scope import Scope
from onecard.uses.look import UseFilter
from onecard.uses.model import Offline
from tests.database.staff.office import Moment
from tests.database.town import NOON, Town, open_town

DAY = NOON.date()
SEES = ("uses.read", "sites.read", "approvals.read", "reports.read")


def at_work(region: str, *permissions: str, scene: str = "*", account: str = "p") -> Acting:
    right = Right(role="some-role", scope=Scope(region=region, scene=scene), permissions=frozenset(permissions or SEES))
    return Acting(person="p", account=account, name="P", rights=(right,))


@pytest.fixture
async def town(store: Store) -> AsyncIterator[Town]:
    """A town that rode today and a week ago, with a ride let through offline in error, and a site behind its plan."""
    async with open_town(store) as town:
        await town.uses.tap(town.tap("elder", "BUS-1", 1))
        await town.uses.tap(town.tap("lost", "BUS-1", 2))
        await town.uses.tap(town.tap("elder", "CANTEEN-1", 1))
        town.moment[0] = NOON - timedelta(days=7)
        await town.uses.tap(town.tap("young", "BUS-1", 3))
        town.moment[0] = NOON
        for seq in (4, 5):
            offline = Offline(outcome="accepted", paid_fen=0)
            await town.uses.tap(town.tap("lost", "BUS-1", seq, offline=offline))
        async with store.database.acquire("migrate") as connection:
            await connection.execute("UPDATE terminals_site SET planned_for = $1 WHERE site = 'campus'", DAY - timedelta(days=1))
            await connection.execute("UPDATE terminals_site_state SET state = 'wiring' WHERE site = 'campus'")
        yield town


@pytest.fixture
def desk(town: Town, store: Store) -> CockpitDesk:
    staff = staff_desk_of(store, find_city("jiaxing"), Moment())
    uses = StaffUses(work=staff.work, uses=town.uses, masters=town.masters, keyring=store.keyring)
    return CockpitDesk(work=staff.work, uses=uses, sites=staff.sites)


async def test_each_count_is_the_length_of_the_list_that_it_opens(desk: CockpitDesk):
    acting = at_work("330400")
    waiting = (await desk.seen(acting)).waiting
    assert waiting.keys() == {todo.key for todo in TODOS}
    late = await desk.sites.pipeline(acting, late=True)
    silent = await desk.sites.devices(acting, need="silent")
    asked = UseFilter(first=DAY - timedelta(days=29), last=DAY, in_error=True)
    errors, totals = await desk.uses.listed_with_totals(acting, asked)
    assert waiting["late"] == len(late.sites) and waiting["silent"] == len(silent.devices)
    assert waiting["errors"] == len(errors) == totals.uses
    assert waiting["late"] == 1 and [each.upload for each in errors] == ["accepted_in_error"] * 2


async def test_today_stands_beside_the_same_weekday(desk: CockpitDesk):
    scenes = (await desk.seen(at_work("330400"))).scenes
    assert scenes is not None
    bus = next(scene for scene in scenes if scene.kind == "bus")
    assert (bus.uses, bus.week_ago) == (4, 1) and bus.refused >= 1
    assert {scene.kind for scene in scenes} == {"bus", "canteen"}


async def test_a_county_counts_its_own_by_both_walls_and_by_either(desk: CockpitDesk, store: Store):
    no_predicate = replace(desk.work, prefixes=lambda acting, permission="": ("",))
    open_desk = replace(desk, work=no_predicate, uses=replace(desk.uses, work=no_predicate), sites=replace(desk.sites, work=no_predicate))

    async def seen(through: CockpitDesk, region: str) -> tuple[object, ...]:
        told = await through.seen(at_work(region, account=region))
        assert told.scenes is not None and told.sites is not None
        return sorted(scene.kind for scene in told.scenes), sorted(told.sites), told.waiting["errors"]

    county, elsewhere = (["canteen"], ["330481"], 0), ([], [], 0)
    for through in (desk, open_desk):
        kinds, regions, errors = await seen(through, "330481")
        assert (kinds, errors) == (county[0], county[2]) and set(regions) <= {"330481"}
        kinds, regions, errors = await seen(through, "330483")
        assert (kinds, errors) == (elsewhere[0], elsewhere[2]) and set(regions) <= {"330483"}


async def test_a_role_sees_what_it_may_and_nothing_else(desk: CockpitDesk):
    nothing = await desk.seen(at_work("330400", "cards.make"))
    assert (nothing.waiting, nothing.scenes, nothing.sites) == ({}, None, None)
    reader = await desk.seen(at_work("330400", "reports.read", account="reader"))
    assert reader.waiting == {} and reader.scenes and reader.sites is None
    canteens = await desk.seen(at_work("330400", scene="canteen", account="canteens"))
    assert canteens.scenes is not None and {scene.kind for scene in canteens.scenes} == {"canteen"}


async def test_a_slow_store_shows_ones_last_figures_with_their_age_and_to_nobody_else(desk: CockpitDesk, store: Store):
    hasty = replace(desk, patience_seconds=0.2)
    acting = at_work("330400")
    first = await hasty.seen(acting)
    async with store.database.acquire("migrate") as owner, owner.transaction():
        await owner.execute("LOCK TABLE uses_tally IN ACCESS EXCLUSIVE MODE")
        again = await hasty.seen(acting)
        assert again.late and again == replace(first, late=True)
        assert hasty._last.keys() == {("p", "")}
        narrower = at_work("330481")
        assert hasty._last["p", ""][0].rights != narrower.rights  # What he saw with wider rights is not shown to him now.
    assert not (await hasty.seen(acting)).late


async def test_a_look_is_on_record(desk: CockpitDesk, store: Store):
    await desk.seen(at_work("330400"))
    async with store.database.acquire("audit_ro") as connection:
        assert await connection.fetchval("SELECT count(*) FROM audit_entry WHERE act = 'cockpit.read' AND result = 'ok'") == 1


def test_who_does_a_todo_is_a_permission_that_exists():
    for todo in TODOS:
        assert todo.seen_by in PERMISSIONS
        assert todo.done_by in PERMISSIONS or any(each.startswith(todo.done_by) for each in PERMISSIONS if todo.done_by.endswith(":"))
