"""The household register's file on a real store: deaths end cards, moves change the register, births make people known."""

from datetime import date

import pytest

from onecard.app.opening import Store
from onecard.cards.applying import Wish, applications_of, apply
from onecard.cards.desk import move_card
from onecard.cards.household import FeedRepeated, take_household_file
from onecard.cards.householdfile import HouseholdEvent, HouseholdFile, write_household_file
from onecard.db.pool import Connection
from onecard.people.service import find_by_number, known_facts
from onecard.values.fixed_columns import FileProblem
from onecard.values.masked import PersonName, PersonNumber
from tests.database.cards.town import HOUR, IDS, NAMES, NOON, card_of, order, person_number, settle, tools_of

DAY = date(2024, 10, 31)
BABY = person_number("33049520241030041")


def event(kind, subject, day=DAY, region="", number=None) -> HouseholdEvent:
    name = NAMES.get(subject, "王小宝")
    return HouseholdEvent(event=kind, ss_no=PersonNumber(number or IDS[subject]), name=PersonName(name), day=day, region=region)


def file_of(*events, feed="HJ20241031") -> bytes:
    return write_household_file(HouseholdFile(feed=feed, day=DAY, encoding="GB18030", events=events))


async def test_who_died_loses_his_card_in_both_halves_and_what_he_asked_for(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    await move_card(connection, tools, await card_of(connection, tools, 1, NOON), order("formal_loss", NOON))
    lost = await card_of(connection, tools, 1, NOON + HOUR)
    await apply(connection, tools, 1, lost, Wish(kind="reissue", reason="lost", at=NOON + HOUR))
    taken = await take_household_file(connection, tools, file_of(event("death", 1, date(2024, 10, 29))), NOON + 2 * HOUR)
    assert (taken.taken, taken.cards, [change.barred for change in taken.changes]) == ({"death": 1}, 1, [True, True])
    card = await card_of(connection, tools, 1, NOON + 3 * HOUR)
    assert (card.social.state, card.bank.state) == ("cancelled", "closed")
    assert (await applications_of(connection, 1))[0].state == "cancelled"
    assert (await known_facts(connection, 1, date(2024, 10, 28))).get("alive") is None
    assert (await known_facts(connection, 1, date(2024, 10, 29)))["alive"] is False


async def test_who_moved_is_registered_elsewhere_from_that_day_and_keeps_his_card(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    await take_household_file(connection, tools, file_of(event("move", 2, date(2024, 10, 30), "330483")), NOON)
    assert (await known_facts(connection, 2, date(2024, 10, 29)))["registered_region"] == "330481"
    assert (await known_facts(connection, 2, date(2024, 10, 30)))["registered_region"] == "330483"
    assert (await card_of(connection, tools, 2, NOON + HOUR)).social.state == "active"


async def test_a_newborn_is_known_and_may_ask_for_a_card(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    await take_household_file(connection, tools, file_of(event("birth", 0, date(2024, 10, 30), "330481", BABY)), NOON)
    subject = await find_by_number(connection, store.keyring, PersonNumber(BABY))
    assert subject is not None
    asked = await apply(connection, tools, subject, None, Wish(kind="first", reason="newborn", at=NOON))
    assert (asked.state, asked.region) == ("applied", "330481")


async def test_strange_rows_are_named_and_the_rest_is_taken(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    unknown = person_number("33049519300101041")
    content = file_of(event("death", 0, number=unknown), event("move", 2, DAY, "330483"), event("birth", 1, DAY, "330481"))
    taken = await take_household_file(connection, tools, content, NOON)
    assert (taken.taken, taken.strange) == ({"move": 1}, (2, 4))


async def test_the_same_file_again_changes_nothing_and_other_bytes_under_its_name_are_refused(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    content = file_of(event("death", 1))
    await take_household_file(connection, tools, content, NOON)
    again = await take_household_file(connection, tools, content, NOON + HOUR)
    assert (again.duplicate, again.changes) == (True, ())
    with pytest.raises(FeedRepeated):
        await take_household_file(connection, tools, file_of(event("death", 2)), NOON + HOUR)


async def test_a_death_told_in_two_files_is_one_death(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    await take_household_file(connection, tools, file_of(event("death", 1)), NOON)
    again = await take_household_file(connection, tools, file_of(event("death", 1), feed="HJ20241101"), NOON + HOUR)
    assert (again.taken, again.cards, again.strange) == ({"death": 1}, 0, ())


@pytest.mark.parametrize(
    ("spoilt", "row", "name"),
    [
        pytest.param(lambda: file_of(event("death", 1, region="330481")), 2, "region", id="a dead person moves"),
        pytest.param(lambda: file_of(event("move", 1)), 2, "region", id="moved nowhere"),
        pytest.param(lambda: file_of(event("move", 1, date(2024, 11, 1), "330483")), 2, "day", id="a day to come"),
        pytest.param(lambda: file_of(event("death", 1), event("death", 0, number="330495195105120000")), 3, "ss_no", id="a wrong check"),
        pytest.param(lambda: file_of(event("wed", 1)), 2, "event", id="an unknown event"),
        pytest.param(lambda: file_of(event("death", 1), event("death", 2))[:-9], 3, "file", id="cut off"),
    ],
)
async def test_a_malformed_file_is_refused_whole(store: Store, connection: Connection, spoilt, row, name):
    await settle(connection, store)
    tools = tools_of(store)
    with pytest.raises(FileProblem) as refused:
        await take_household_file(connection, tools, spoilt(), NOON)
    assert refused.value.place[0] >= row - 1
    assert refused.value.place[2] in {name, "record"}
    assert (await known_facts(connection, 1, DAY)).get("alive") is None
