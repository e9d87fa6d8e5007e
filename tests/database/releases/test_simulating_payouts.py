"""A payout's draft over the population: everybody whom either version pays, fund by fund, in the period that holds a day."""

from datetime import date

import pytest

from onecard.app.opening import Store
from onecard.people.model import DatedFact, Identity, NewPerson
from onecard.people.service import register_people
from onecard.releases.simulated import Simulated
from onecard.releases.simulation_errors import KindsDiffer, NotSimulated
from onecard.values.masked import PersonName, PersonNumber
from tests.database.releases.simulations import document, fen_by_fund, simulated
from tests.database.town import LONG_AGO, NOON, Town, open_town

ALLOWANCE = "high-age-allowance"
CASES = "  - {age: 75, registered_region: 330481, expect: {amount: 50.00}}\n  - {age: 74, expect: {amount: 0.00}}\n"
FROM_75 = document(
    ALLOWANCE, ("age >= 80 else", "age >= 75 else"), ("{80: 60.00, 90: 150.00, 100: 600.00,", "{75: 50.00, 80: 60.00, 90: 140.00,"),
    cases=CASES,
)  # fmt: skip


async def settle(town: Town) -> None:
    """Let five people be registered: 76, 81, 91, one of 85 who died, one of 77 elsewhere."""
    lives = [(1948, "330481", True), (1943, "330421", True), (1933, "330421", True), (1939, "330421", False), (1947, "310115", True)]
    people = [
        NewPerson(
            subject=100 + number, born=date(year, 3, 1), home_region="330481", salt=bytes([number]) * 16,
            identity=Identity(name=PersonName("沈示范"), number=PersonNumber(f"330481{year}030100{number}X")),
            facts=(DatedFact(fact="registered_region", since=LONG_AGO, value=region),
                   *(() if lives else (DatedFact(fact="alive", since=date(2024, 10, 3), value=False),))),
        )
        for number, (year, region, lives) in enumerate(lives)
    ]  # fmt: skip
    async with town.store.database.acquire("batch") as connection, connection.transaction():
        await register_people(connection, town.store.keyring, people, NOON)


async def asked(town: Town, *texts: str, day: date = date(2024, 10, 12)) -> Simulated:
    return await simulated(town, *texts, uses=None, day=day)


async def test_who_gains_who_loses_and_which_fund_bears_it(store: Store) -> None:
    async with open_town(store) as town:
        await settle(town)
        found = await asked(town, FROM_75)
        assert (found.source, found.first, found.last, found.examined) == ("population", date(2024, 10, 1), date(2024, 10, 31), 9)
        assert (found.gain, found.lose, found.same, found.old_fen, found.new_fen) == (1, 1, 1, 21_000, 25_000)
        assert fen_by_fund(found, new=False) == {"civil-affairs-330421": 14_700, "city-budget": 6_300}
        assert fen_by_fund(found, new=True) == {"civil-affairs-330421": 14_000, "civil-affairs-330481": 3_500, "city-budget": 7_500}
        bands = {(row.region, row.age_band): (row.gain, row.lose, row.same) for row in found.rows if row.fund == "city-budget"}
        assert bands == {("330481", "70-79"): (1, 0, 0), ("330421", "80-89"): (0, 0, 1), ("330421", "90+"): (0, 1, 0)}
        assert [(each.name, each.old_fen, each.new_fen) for each in found.most_affected] == [("沈*范", 0, 5_000), ("沈*范", 15_000, 14_000)]
        # In September he who died in October still lived: four are paid by one version or the other.
        before = await asked(town, FROM_75, day=date(2024, 9, 30))
        assert (before.gain, before.lose, before.same) == (1, 1, 2)
        new = await asked(town, FROM_75.replace(f"programme: {ALLOWANCE}", "programme: second-allowance"))
        assert (new.against, new.gain, new.lose, new.old_fen, new.new_fen) == (None, 3, 0, 0, 25_000)
        ahead = await asked(town, FROM_75.replace("{from: 2023-01-01}", "{from: 2030-01-01}"))
        assert (ahead.gain, ahead.new_fen) == (found.gain, found.new_fen)
        with pytest.raises(NotSimulated):
            await asked(town, document("canteen-reimbursement"))
        with pytest.raises(KindsDiffer):
            await asked(town, FROM_75, document("meal-subsidy"))
