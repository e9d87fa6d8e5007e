"""Gates decided again: who would be let in, with places that all persons share counted in order of time, leaving included."""

from datetime import timedelta

from onecard.app.opening import Store
from onecard.releases.tallying import NOBODY
from onecard.uses.model import Answer
from tests.database.releases.simulations import TODAY, document, simulated
from tests.database.town import NOON, Town, open_town

ONE_PLACE = ("capacity persons", "1 persons")
CASES = "  - {age: 30, registered_region: 330481, time: 18:00, expect: {outcome: accepted}}\n  - {age: 9, expect: {outcome: refused}}\n"


async def shown(town: Town, *steps: tuple[str, str]) -> list[str]:
    """Let people come and go, a minute apart; return what each was told."""
    outcomes = []
    for who, service in steps:
        town.moment[0] += timedelta(minutes=1)
        answer = await town.uses.tap(town.tap(who, "CAMPUS-1", int(town.moment[0].timestamp()), service=service))
        assert isinstance(answer, Answer)
        outcomes.append(answer.outcome)
    return outcomes


async def test_who_finds_the_ground_full_is_counted_and_a_place_is_free_again_when_somebody_leaves(store: Store) -> None:
    draft = document("campus-ground", ONE_PLACE, cases=CASES)
    async with open_town(store) as town:
        town.moment[0] = NOON + timedelta(hours=7)
        elder, young = ("elder", "entry"), ("young", "entry")
        told = await shown(town, elder, young, ("elder", "exit"), ("young", "exit"), young, elder, ("lost", "entry"))
        assert told == ["accepted"] * 6 + ["refused"]
        found = await simulated(town, draft, uses=(TODAY, TODAY))
        # One place: the young find it taken by the elder, then have it themselves, and the elder is the one to wait. The lost card
        # stays shut whatever a document says.
        assert (found.examined, found.gain, found.lose, found.same) == (6, 0, 2, 0)
        assert {row.fund for row in found.rows} == {NOBODY}
        unchanged = await simulated(town, document("campus-ground"), uses=(TODAY, TODAY))
        assert (unchanged.gain, unchanged.lose, unchanged.same) == (0, 0, 2)


async def test_who_was_inside_before_the_first_day_holds_his_place(store: Store) -> None:
    draft = document("campus-ground", ONE_PLACE, cases=CASES)
    async with open_town(store) as town:
        town.moment[0] = NOON - timedelta(days=1) + timedelta(hours=7)
        assert await shown(town, ("elder", "entry")) == ["accepted"]
        town.moment[0] = NOON + timedelta(hours=7)
        assert await shown(town, ("young", "entry"), ("elder", "exit"), ("young", "entry")) == ["accepted"] * 3
        found = await simulated(town, draft, uses=(TODAY, TODAY))
        assert (found.gain, found.lose, found.same) == (0, 1, 1)
