"""A tariff that begins next month: simulated as if it held, and no record that stands is decided again for it."""

from datetime import date

from onecard.app.opening import Store
from onecard.releases.correcting import jobs_of
from onecard.releases.draft_edit import Edit, edited
from onecard.uses.model import Answer
from tests.database.releases.simulations import document, simulated
from tests.database.releases.town_policies import released
from tests.database.town import Town, open_town

MEALS = document("meal-subsidy")
OCTOBER, NOVEMBER = date(2024, 10, 1), date(2024, 11, 1)


def tariff(since: date) -> str:
    """Return the meal subsidy with an own part of 14.00 in Haining from a day on."""
    return edited(MEALS, Edit(path="figures/own_least/330481", value="14.00", since=since))


async def meals(town: Town, *seqs: int) -> None:
    for seq in seqs:
        answer = await town.uses.tap(town.tap("elder", "CANTEEN-1", seq, service=("lunch", "dinner")[seq % 2]))
        assert isinstance(answer, Answer)
        assert answer.programme == "meal-subsidy"


async def jobs(town: Town) -> list[date]:
    async with town.store.database.acquire("desk") as connection:
        return [each.from_day for each in await jobs_of(connection, "meal-subsidy")]


async def test_what_begins_next_month_is_simulated_as_if_it_held(store: Store):
    async with open_town(store) as town:
        await meals(town, 1, 2)
        ahead, now = await simulated(town, tariff(NOVEMBER)), await simulated(town, tariff(OCTOBER))
        assert (ahead.old_fen, ahead.new_fen, ahead.lose) == (now.old_fen, now.new_fen, now.lose)
        assert ahead.new_fen < ahead.old_fen


async def test_what_is_felt_later_decides_no_record_again_and_what_is_felt_since_a_day_those_since(store: Store):
    async with open_town(store) as town:
        await meals(town, 1)
        await released(town, tariff(NOVEMBER))
        assert await jobs(town) == []
        earlier = edited(tariff(NOVEMBER), Edit(path="figures/own_least/330481", value="13.00", since=date(2024, 10, 20)))
        await released(town, earlier, version=3)
        assert await jobs(town) == [date(2024, 10, 20)]


async def test_two_versions_in_the_days_between_let_all_of_them_be_decided_again(store: Store):
    async with open_town(store) as town:
        await released(town, edited(MEALS, Edit(path="effective/from", value="2024-06-01")).partition("tests:")[0] + CASES)
        await released(town, tariff(NOVEMBER), version=3)
        assert await jobs(town) == [date(2024, 6, 1), date(2024, 1, 1)]


CASES = """tests:
  - {age: 50, expect: {reason: NOT_ELIGIBLE_AGE}}
  - {age: 68, registered_region: 330481, region: 330481, list_price: 15.00, expect: {paid: 13.00}}
"""
