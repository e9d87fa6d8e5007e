"""The bulletin at the desk: a figure's records are exactly those it counts; who may not read figures gets none; no day to come."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from onecard.app.bulletin_desk import BulletinDesk, DayNotCome
from onecard.app.opening import Store
from onecard.app.staff_desk import staff_desk_of
from onecard.app.staff_uses import StaffUses
from onecard.reports.bulletin import bulletin
from onecard.reports.model import Bulletin
from onecard.settings.city_folder import find_city
from onecard.staff.errors import NotAllowed, NotThere
from onecard.uses.look import NEWEST_USE, UseFilter
from tests.database.app.test_cockpit import at_work
from tests.database.staff.office import Moment
from tests.database.town import NOON, Town, open_town
from tests.unit.reports.sample import city

DAY = NOON.date()


@pytest.fixture
async def town(store: Store) -> AsyncIterator[Town]:
    """A town whose visitors rode on several days; one ride was taken back."""
    async with open_town(store) as town:
        for seq in range(1, 7):
            town.moment[0] = NOON - timedelta(days=seq % 3)
            await town.uses.tap(town.tap("visitor", "BUS-1", seq))
            await town.uses.tap(town.tap("young", "BUS-2", seq))
        town.moment[0] = NOON
        await town.uses.tap(town.tap("elder", "CANTEEN-1", 1))
        await town.uses.reverse("BUS-1.4", "the wrong way")
        yield town


@pytest.fixture
def desk(town: Town, store: Store) -> BulletinDesk:
    async def made(as_of: date | None) -> Bulletin:
        async with store.database.acquire("desk") as connection:
            return await bulletin(connection, as_of or DAY, city=city(), scale=1, synthetic=False)

    return BulletinDesk(work=staff_desk_of(store, find_city("jiaxing"), Moment()).work, bulletin=made)


@pytest.fixture
def looks(town: Town, desk: BulletinDesk, store: Store) -> StaffUses:
    return StaffUses(work=desk.work, uses=town.uses, masters=town.masters, keyring=store.keyring)


async def test_the_records_behind_a_figure_are_exactly_as_many_as_it_says(desk: BulletinDesk, looks: StaffUses):
    told = await desk.figure(at_work("330400"), "elder_pass.bus")
    first = told.issue.bulletin.months[0].month
    asked = UseFilter(first=first, last=DAY, programmes=city().programmes_of("elder_pass.bus"))
    found, totals = await looks.listed_with_totals(at_work("330400"), asked)
    assert told.figure.value == totals.uses == len(found) == 5
    assert "BUS-1.4" not in {each.use for each in found} and {each.programme for each in found} == {"elder-pass-bus"}
    assert totals.saved_fen == told.issue.bulletin.pass_saved_fen
    _, elsewhere = await looks.listed_with_totals(at_work("330483"), asked)
    assert elsewhere.uses == 0


async def test_pages_of_a_figures_records_hold_each_once(desk: BulletinDesk, looks: StaffUses):
    asked = UseFilter(first=date(2023, 1, 1), last=DAY, programmes=("elder-pass-bus",))
    seen, before = [], NEWEST_USE
    while page := await looks.listed(at_work("330400"), asked, before, 2):
        seen += page
        before = page[-1].key
    assert len(seen) == len({each.use for each in seen}) == 5


async def test_an_earlier_issue_counts_to_its_own_day(desk: BulletinDesk):
    later = (await desk.issue(at_work("330400"))).bulletin.number("elder_pass.bus")
    issue = await desk.issue(at_work("330400"), DAY - timedelta(days=2))
    assert issue.bulletin.number("elder_pass.bus") == 2 and later == 5
    assert issue.before.as_of == date(2024, 9, 29) and issue.before.value("elder_pass.bus") is None


async def test_sites_behind_a_figure_are_shown_within_ones_own_regions(desk: BulletinDesk):
    everywhere = await desk.figure(at_work("330400"), "canteens.live", DAY)
    county = await desk.figure(at_work("330483"), "canteens.live", DAY)
    assert everywhere.figure == county.figure, "figures are the city's, whoever reads them"
    assert {site.site for site in everywhere.sites} == set(everywhere.figure.sites or ()) and not county.sites
    assert not (await desk.figure(at_work("330400", "reports.read"), "canteens.live", DAY)).sites


async def test_who_may_not_read_figures_is_refused_on_record(desk: BulletinDesk, store: Store):
    for asking in (desk.issue(at_work("330400", "uses.read")), desk.figure(at_work("330400", "uses.read"), "museums.live")):
        with pytest.raises(NotAllowed):
            await asking
    with pytest.raises(NotThere):
        await desk.figure(at_work("330400"), "no.such")
    async with store.database.acquire("audit_ro") as connection:
        kept = await connection.fetch("SELECT result FROM audit_entry WHERE act = 'reports.read'")
    assert sorted(row["result"] for row in kept) == ["staff.not_allowed", "staff.not_allowed", "staff.not_there"]


async def test_a_day_that_has_not_come_has_no_bulletin(desk: BulletinDesk):
    with pytest.raises(DayNotCome):
        await desk.issue(at_work("330400"), DAY + timedelta(days=1))
