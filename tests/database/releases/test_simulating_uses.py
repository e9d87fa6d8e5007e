"""Recorded uses decided again: what was recorded is what the rules in force say, and what is simulated is what is recorded later."""

import random
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import pytest

from onecard.app.opening import Store
from onecard.app.simulation_view import simulation_bytes
from onecard.releases.errors import NamesUnknown
from onecard.releases.service import DocumentRefused
from onecard.releases.simulation_errors import DaysWrong, DraftTwice, KindsDiffer
from onecard.uses.model import Answer
from onecard.values.days import CITY_ZONE
from tests.conftest import fresh_store
from tests.database.releases.simulations import document, fen_by_fund, recorded_fen, simulated
from tests.database.releases.town_policies import PASS, changed, released
from tests.database.town import Town, open_town

TWICE = ("30 times per day", "2 times per day")
QUARTER = ("list_price * 50%", "list_price * 25%")
MEALS = ("45 times per month", "9 times per month")
DEARER = ("70: 3.00, 80: 4.00", "70: 5.00, 80: 6.00")
PASS_DRAFT = changed(QUARTER, TWICE)
MEAL_CASES = """\
  - {age: 50, expect: {reason: NOT_ELIGIBLE_AGE}}
  - {age: 81, registered_region: 330481, list_price: 15.00, expect: {paid: 9.00}}
"""
MEAL_DRAFT = document("meal-subsidy", MEALS, DEARER, cases=MEAL_CASES)


@pytest.fixture(scope="module")
async def town(server: Store) -> AsyncIterator[Town]:
    """The town after a month under its own documents. Nobody changes it."""
    async with fresh_store(server) as store, open_town(store) as town:
        await play_month(town)
        yield town


async def play_month(town: Town, *, many: int = 90) -> None:
    """Play the same October each time: rides and meals of everybody, on some days several, one in seventeen taken back."""
    chance = random.Random(7)
    moments = sorted(datetime(2024, 10, 2, 6, tzinfo=CITY_ZONE) + timedelta(minutes=chance.randrange(28 * 24 * 60)) for _ in range(many))
    for seq, moment in enumerate(moments, start=1):
        town.moment[0] = moment
        terminal, who = chance.choice(("BUS-1", "BUS-2", "CANTEEN-1")), chance.choice(("visitor", "visitor", "elder", "elder", "young"))
        more = {"service": chance.choice(("lunch", "dinner"))} if terminal == "CANTEEN-1" else {}
        for offset in range(3 if seq % 5 == 0 else 1):
            answer = await town.uses.tap(town.tap(who, terminal, 10 * seq + offset, **more))
            assert isinstance(answer, Answer)
        if seq % 17 == 0:
            assert await town.uses.reverse(answer.use, "given back")


@pytest.mark.parametrize(
    ("draft", "programme", "site_kind"),
    [
        pytest.param(PASS_DRAFT, PASS, "bus", id="rides, a limit per day"),
        pytest.param(MEAL_DRAFT, "meal-subsidy", "canteen", id="meals, limits per slot and month"),
    ],
)
async def test_what_is_simulated_of_a_month_is_recorded_to_the_fen_when_the_draft_holds(
    town: Town, server: Store, draft: str, programme: str, site_kind: str
):
    found = await simulated(town, draft)
    assert (found.programme, found.version, found.against, found.source, found.unknown) == (programme, 2, 1, "uses", 0)
    assert fen_by_fund(found, new=False) == await recorded_fen(town, site_kind)
    assert found.old_fen != found.new_fen
    async with fresh_store(server) as store, open_town(store) as later:
        await released(later, draft)
        await play_month(later)
        assert fen_by_fund(found, new=True) == await recorded_fen(later, site_kind)


async def test_the_version_in_force_simulated_against_itself_moves_nobody(town: Town):
    found = await simulated(town, document("meal-subsidy"))
    assert (found.version, found.against, found.gain, found.lose, found.most_affected) == (1, 1, 0, 0, ())
    assert found.same > 0
    assert found.old_fen == found.new_fen > 0


async def test_it_ends_the_same_to_the_byte_also_after_one_that_was_stopped(town: Town):
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    first = await simulated(town, PASS_DRAFT)
    with pytest.raises(KeyboardInterrupt):
        await simulated(town, PASS_DRAFT, told=stop)
    assert simulation_bytes(first) == simulation_bytes(await simulated(town, PASS_DRAFT))


async def test_a_part_of_a_month_begins_where_the_limits_of_the_month_stood(town: Town):
    """Nine meals a month: those from before the 20th count, though only what follows is simulated."""
    draft = document("meal-subsidy", MEALS, cases=MEAL_CASES.replace("9.00", "11.00"))
    whole, early, late = [
        await simulated(town, draft, uses=(date(2024, 10, first), date(2024, 10, last))) for first, last in ((1, 31), (1, 19), (20, 31))
    ]
    assert early.old_fen + late.old_fen == whole.old_fen
    assert early.new_fen + late.new_fen == whole.new_fen
    assert late.new_fen < late.old_fen


async def test_a_draft_that_begins_next_year_is_asked_with_the_figures_of_its_first_day(town: Town):
    """The commonest draft: a row of figures from a day to come. Asked about October, that row holds."""
    later = "from 2024-01-01: {60: 2.00, 70: 3.00, 80: 4.00, 90: 6.00, else: 0.00}"
    draft = document(
        "meal-subsidy", ("{from: 2024-01-01}", "{from: 2025-01-01}"), (later, f"{later}\n    from 2025-01-01: {{60: 5.00, else: 0.00}}"),
        cases=MEAL_CASES.replace("9.00", "10.00"),
    )  # fmt: skip
    found = await simulated(town, draft)
    assert found.old_fen > 0
    assert found.new_fen * 300 == found.old_fen * 500


async def test_a_new_programme_stands_against_nothing_and_takes_part_in_the_piles_of_the_others(town: Town):
    draft = changed(("programme: elder-pass-bus", "programme: all-ride-free"), ("  - free if age >= 70\n  - list_price * 50%", "  - free"))
    found = await simulated(town, draft)
    assert (found.programme, found.version, found.against) == ("all-ride-free", 1, None)
    visitor = next(row for row in found.regions if row.region == "341800")
    assert (visitor.gain, visitor.new_fen) == (1, 2 * visitor.old_fen)
    assert {row.fund for row in found.rows} == {"transit-330400"}


async def test_what_a_record_did_not_keep_is_counted_as_unknown_and_named_and_what_the_register_knows_is_looked_up(town: Town):
    asks_ticket = changed(("who:\n", "who:\n  - ticket == main else NOT_ELIGIBLE\n"))
    found = await simulated(town, asks_ticket)
    assert (found.unknown, found.missing) == (found.examined, ("ticket",))
    asks_region = changed(("who:\n", "who:\n  - registered_region in city else NOT_ELIGIBLE_REGION\n"))
    found = await simulated(town, asks_region)
    assert found.unknown == 0
    assert {row.region: (row.gain, row.lose) for row in found.regions} == {"330481": (0, 0), "341800": (0, 1)}


async def test_a_package_is_decided_as_one_and_order_does_not_matter(town: Town):
    one, other = await simulated(town, PASS_DRAFT, MEAL_DRAFT), await simulated(town, MEAL_DRAFT, PASS_DRAFT)
    alone = [await simulated(town, draft) for draft in (PASS_DRAFT, MEAL_DRAFT)]
    assert one.together == ("meal-subsidy",)
    assert (one.old_fen, one.new_fen) == (sum(each.old_fen for each in alone), sum(each.new_fen for each in alone))
    assert (one.rows, one.most_affected) == (other.rows, other.most_affected)


@pytest.mark.parametrize(
    ("drafts", "refusal"),
    [
        pytest.param([changed(("funding:", "prefer_over: [no-such-programme]\nfunding:"))], NamesUnknown, id="names a missing programme"),
        pytest.param([PASS_DRAFT.replace("region: 330400,", "region: 330400, colour: red,")], DocumentRefused, id="a finding"),
        pytest.param([PASS_DRAFT, PASS_DRAFT + "# again\n"], DraftTwice, id="one programme twice"),
        pytest.param([PASS_DRAFT, document("high-age-allowance")], KindsDiffer, id="a payout beside a use"),
    ],
)
async def test_what_cannot_be_simulated_is_said(town: Town, drafts: list[str], refusal: type[Exception]):
    with pytest.raises(refusal):
        await simulated(town, *drafts)


async def test_days_that_are_none_or_too_many_are_refused(town: Town):
    for uses in ((date(2024, 10, 2), date(2024, 10, 1)), (date(2020, 1, 1), date(2024, 10, 1))):
        with pytest.raises(DaysWrong):
            await simulated(town, PASS_DRAFT, uses=uses)
