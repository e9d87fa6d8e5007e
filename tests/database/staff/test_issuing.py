"""Cards made, started and unlocked at the desk by staff: behind the wall, what hangs on a card follows, all of it on record."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from onecard.app.opening import Store
from onecard.cards.credential import credential_key
from onecard.cards.desk import Order, card_by_key, move_card
from onecard.cards.errors import MoveRefused
from onecard.cards.following import bind
from onecard.cards.issuing import HasCard, retire_card
from onecard.cards.model import CardKind
from onecard.staff.errors import NotAllowed, NotThere
from onecard.terminals.barred import hotlist_told
from tests.database.staff.office import CARDS, LOST, Office, open_office


@pytest.fixture
async def office(store: Store) -> AsyncIterator[Office]:
    async with open_office(store, ("clerk", "clerk-haining", "clerk-tongxiang", "boss", "viewer")) as office:
        yield office


def key_of(office: Office, subject: int) -> bytes:
    return credential_key(office.store.keyring.hash_key, "card", CARDS[subject])


async def test_a_lost_card_is_made_anew_at_once_and_all_that_hung_on_it_follows(office: Office):
    desk, clerk = office.desk, await office.acting("clerk-haining")
    async with office.store.database.acquire("desk") as connection, connection.transaction():
        old = await card_by_key(connection, desk.cards.tools, key_of(office, LOST), office.clock.at)
        await bind(connection, old, "library", "R-4711", office.clock.at)
    office.later(seconds=1)
    issued = await desk.issuing.replace(clerk, CARDS[LOST], "reissue", "not found in nine days")
    office.later(seconds=1)
    told = await desk.issuing.person(clerk, str(LOST))
    assert {card.number_key: card.social.state for card in told.cards} == {issued.card.number_key: "active", old.number_key: "cancelled"}
    assert [(each.kind, each.number_key) for each in told.bindings] == [("library", issued.card.number_key)]
    async with office.store.database.acquire("desk") as connection:
        version = await connection.fetchval("SELECT version FROM db_change WHERE name = 'hotlist'")
        assert (await hotlist_told(connection, version)).entries >= 2, "number and chip of the old card are on the list"


async def test_what_the_desk_made_is_on_record_with_its_rows(office: Office):
    clerk = await office.acting("clerk")
    issued = await office.desk.issuing.replace(clerk, CARDS[LOST], "reissue", "not found")
    async with office.store.database.acquire("audit_ro") as connection:
        row = await connection.fetchrow("SELECT kind, purpose, content FROM audit_entry WHERE act = 'cards.reissue'")
    assert row is not None
    assert (row["kind"], row["purpose"]) == ("change", "not found")
    assert issued.card.number_key.hex() in row["content"]
    assert {"cards_move", "cards_card"} <= {part for part in ("cards_move", "cards_card", "cards_binding") if part in row["content"]}


async def test_a_card_that_is_not_lost_is_not_made_anew_and_nothing_stays_of_the_try(office: Office):
    clerk = await office.acting("clerk")
    with pytest.raises(MoveRefused):
        await office.desk.issuing.replace(clerk, CARDS[1], "reissue", "wants another")
    assert len((await office.desk.issuing.person(clerk, "1")).cards) == 1


async def test_a_locked_pin_is_reset_and_a_second_time_changes_nothing(office: Office):
    clerk, desk = await office.acting("clerk"), office.desk
    async with office.store.database.acquire("desk") as connection, connection.transaction():
        card = await card_by_key(connection, desk.cards.tools, key_of(office, 1), office.clock.at)
        await move_card(connection, desk.cards.tools, card, Order(act="pin_lock", reason="three wrong", at=office.clock.at))
    office.later(seconds=1)
    assert (await desk.issuing.unlock(clerk, CARDS[1], "came with her document")).step.changed
    office.later(seconds=1)
    assert not (await desk.issuing.unlock(clerk, CARDS[1], "again")).step.changed


@pytest.mark.parametrize("act", ["activate", "unlock", "replace"])
async def test_another_countys_card_is_not_there_and_a_role_that_may_not_is_told_so(office: Office, act: str):
    async def try_as(who: str) -> None:
        issuing, acting = office.desk.issuing, await office.acting(who)
        if act == "replace":
            await issuing.replace(acting, CARDS[LOST], "reissue", "for a test")
        else:
            await getattr(issuing, act)(acting, CARDS[LOST], "for a test")

    with pytest.raises(NotThere):
        await try_as("clerk-tongxiang")
    with pytest.raises(NotAllowed):
        await try_as("boss")


async def test_a_number_that_somebody_out_of_sight_has_is_not_given_again(office: Office):
    """The draw names a card of another county first: behind the wall nobody sees it, and yet it is taken."""
    haining, drawn = await office.acting("clerk-haining"), iter([b"\0" * 12, b"\0" * 11 + b"\1", b"\0\0\0\1" + b"\0" * 8])
    issuing = office.desk.issuing
    cards = replace(issuing.cards, tools=replace(issuing.cards.tools, chance=lambda count: next(drawn, b"\7" * count)[:count]))
    async with office.store.database.acquire("desk") as connection:
        letters = cards.tools.rules.letters_of("330481")
        taken = credential_key(office.store.keyring.hash_key, "card", f"{letters}0000000")
        await connection.execute(
            "INSERT INTO cards_credential (key, subject, kind, valid_from) VALUES ($1, 3, 'card', '2024-01-01')", taken
        )  # fmt: skip
    issued = await replace(issuing, cards=cards).replace(haining, CARDS[LOST], "reissue", "not found")
    assert issued.card.number.reveal() == f"{letters}0000001"


async def test_who_waits_for_his_card_is_made_a_temporary_one_and_who_has_none_his_own(office: Office):
    clerk = await office.acting("clerk-haining")
    temporary = await office.desk.issuing.issue(clerk, str(LOST), "temporary", "waits for his own")
    assert (temporary.card.kind, temporary.card.social.state, temporary.card.bank.state) == ("temporary", "active", "none")
    taken: list[tuple[int, CardKind]] = [(LOST, "temporary"), (LOST, "standard"), (1, "standard"), (1, "temporary")]
    for subject, kind in taken:
        with pytest.raises(HasCard):
            await office.desk.issuing.issue(clerk, str(subject), kind, "wants another")
    async with office.store.database.acquire("desk") as connection, connection.transaction():
        own = await card_by_key(connection, office.desk.cards.tools, key_of(office, 1), office.clock.at)
        await retire_card(connection, own, Order(act="cancel", reason="for a test", at=office.clock.at))
    office.later(seconds=1)
    first = await office.desk.issuing.issue(clerk, "1", "standard", "applies anew")
    assert (first.card.kind, first.card.social.state, first.card.issue_region) == ("standard", "active", "330481")
    async with office.store.database.acquire("audit_ro") as connection:
        noted = await connection.fetch("SELECT purpose, content FROM audit_entry WHERE act = 'cards.issue' AND kind = 'change' ORDER BY at")
    assert [row["purpose"] for row in noted] == ["waits for his own", "applies anew"]
    assert first.card.number_key.hex() in noted[1]["content"] and "cards_card" in noted[1]["content"]


async def test_a_card_is_made_by_who_may_in_his_own_county(office: Office):
    for who, refused in (("clerk-tongxiang", NotThere), ("viewer", NotAllowed)):
        with pytest.raises(refused):
            await office.desk.issuing.issue(await office.acting(who), str(LOST), "temporary", "waits")
