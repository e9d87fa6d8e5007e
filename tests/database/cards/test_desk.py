"""The card desk on a real store: losses, the hotlist's part of them, two desks at once, and what follows to a new card."""

import asyncio
from datetime import date, timedelta

import asyncpg
import pytest

from onecard.app.opening import Store
from onecard.cards import store as cards_store
from onecard.cards.credential import credential_key
from onecard.cards.desk import find_card, move_card
from onecard.cards.errors import MovedMeanwhile, MoveRefused, ReleaseRefused, RenewalTooEarly, StateExists
from onecard.cards.following import Account, account_of, bind, bindings_of, write_account
from onecard.cards.history import history_of
from onecard.cards.issuing import HasCard, issue_card, replace_card, retire_card
from onecard.cards.model import state_reason, with_lapses
from onecard.db.pool import Connection
from onecard.values.masked import CardNumber
from tests.database.cards.town import HOUR, NOON, NUMBERS, card_of, order, settle, tools_of


async def reason_of(store: Store, connection: Connection, kind: str, value: str, at) -> str | None:
    key = credential_key(store.keyring.hash_key, kind, value)
    held = await cards_store.find_credential(connection, key)
    assert held is not None
    return state_reason(with_lapses(await cards_store.states_of(connection, key)), held.valid_from, held.valid_until, at)


async def test_a_loss_by_phone_bars_number_and_chip_and_lapses_on_day_five(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    card = await card_of(connection, tools, 1, NOON)
    done = await move_card(connection, tools, card, order("temp_loss", NOON))
    assert [(change.kind, change.barred, change.until) for change in done.changes] == [
        ("card", True, NOON + timedelta(days=5)), ("chip", True, NOON + timedelta(days=5)),
    ]  # fmt: skip
    for kind, value in (("card", NUMBERS[1]), ("chip", card.chip.reveal())):
        assert await reason_of(store, connection, kind, value, NOON + HOUR) == "CARD_LOST"
        assert await reason_of(store, connection, kind, value, NOON + timedelta(days=5) - HOUR) == "CARD_LOST"
        assert await reason_of(store, connection, kind, value, NOON + timedelta(days=5)) is None


async def test_found_on_day_four_is_good_at_once_and_struck_off_the_hotlist(store: Store, connection: Connection):
    await settle(connection, store)
    tools, found_at = tools_of(store), NOON + timedelta(days=4)
    await move_card(connection, tools, await card_of(connection, tools, 1, NOON), order("temp_loss", NOON))
    done = await move_card(connection, tools, await card_of(connection, tools, 1, found_at), order("release", found_at))
    assert [change.barred for change in done.changes] == [False, False]
    assert await reason_of(store, connection, "card", NUMBERS[1], found_at) is None
    moves = await history_of(connection, 1, done.card.number_key)
    assert [(move.step, move.act, move.reason) for move in moves] == [(1, "temp_loss", "for a test"), (2, "release", "for a test")]


async def test_the_same_loss_told_twice_is_one_record(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    await move_card(connection, tools, await card_of(connection, tools, 1, NOON), order("formal_loss", NOON))
    again = await move_card(connection, tools, await card_of(connection, tools, 1, NOON + HOUR), order("formal_loss", NOON + HOUR))
    assert (again.step.changed, again.changes) == (False, ())
    assert len(await history_of(connection, 1, again.card.number_key)) == 1


async def test_of_two_desks_that_move_one_card_the_second_is_told(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    seen_by_both = await card_of(connection, tools, 1, NOON)
    await move_card(connection, tools, seen_by_both, order("formal_loss", NOON))
    with pytest.raises(MovedMeanwhile):
        await move_card(connection, tools, seen_by_both, order("seal", NOON + HOUR))
    assert (await card_of(connection, tools, 1, NOON + HOUR)).social.state == "formal_loss"


async def test_of_many_desks_at_one_instant_exactly_one_moves_the_card(store: Store):
    async with store.database.acquire("desk") as connection, connection.transaction():
        await settle(connection, store)
    tools = tools_of(store)
    at_once = asyncio.Barrier(6)

    async def one(minute: int) -> bool:
        async with store.database.acquire("desk") as connection:
            card = await card_of(connection, tools, 2, NOON)
            await at_once.wait()
            try:
                async with connection.transaction():
                    await move_card(connection, tools, card, order("formal_loss", NOON + timedelta(minutes=minute)))
            except MovedMeanwhile:
                return False
            return True

    assert sorted(await asyncio.gather(*(one(minute) for minute in range(6)))) == [False] * 5 + [True]


async def test_a_move_before_the_newest_record_is_refused(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    await move_card(connection, tools, await card_of(connection, tools, 1, NOON), order("formal_loss", NOON))
    card = await card_of(connection, tools, 1, NOON)
    with pytest.raises(StateExists):
        await move_card(connection, tools, card, order("release", NOON))


async def test_where_the_city_says_so_a_formal_loss_is_final(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store, formal_release=False)
    await move_card(connection, tools, await card_of(connection, tools, 1, NOON), order("formal_loss", NOON))
    with pytest.raises(ReleaseRefused):
        await move_card(connection, tools, await card_of(connection, tools, 1, NOON + HOUR), order("release", NOON + HOUR))


async def test_the_two_functions_are_lost_and_found_apart(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    done = await move_card(connection, tools, await card_of(connection, tools, 1, NOON), order("formal_loss", NOON, "bank"))
    assert done.changes == ()
    card = await card_of(connection, tools, 1, NOON + HOUR)
    assert (card.social.state, card.bank.state) == ("active", "lost")
    assert await reason_of(store, connection, "card", NUMBERS[1], NOON + HOUR) is None
    await move_card(connection, tools, card, order("release", NOON + HOUR, "bank"))
    assert (await card_of(connection, tools, 1, NOON + HOUR)).bank.state == "inactive"


async def test_all_that_hangs_on_a_lost_card_follows_to_the_new_one(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    card = await card_of(connection, tools, 1, NOON)
    for kind in ("annual_pass", "library", "meal", "subsidy", "transit"):
        assert await bind(connection, card, kind, f"R-{kind}", NOON)
    account = Account(bank="B01", account=CardNumber("1234567890"), bank_card=CardNumber("6217000000000001"))
    await write_account(connection, tools, 1, card.number_key, account, NOON)
    await move_card(connection, tools, card, order("formal_loss", NOON))
    lost = await card_of(connection, tools, 1, NOON + HOUR)
    issued = await replace_card(connection, tools, lost, "reissue", order("reissue", NOON + HOUR))

    new = issued.card
    assert new.number != lost.number
    assert new.chip != lost.chip
    assert (new.social.state, new.bank.state, new.replaces) == ("active", "inactive", lost.number_key)
    assert sorted(binding.kind for binding in issued.followed.bindings) == ["annual_pass", "library", "meal", "subsidy", "transit"]
    assert {binding.number_key for binding in await bindings_of(connection, 1)} == {new.number_key}
    followed = await account_of(connection, tools, 1, new.number_key)
    assert followed is not None
    assert (followed.account, followed.bank_card) == (account.account, None)
    assert [change.barred for change in issued.changes] == [True, True]
    old = await card_of(connection, tools, 1, NOON + HOUR)
    assert (old.social.state, old.bank.state) == ("cancelled", "closed")
    assert await reason_of(store, connection, "card", NUMBERS[1], NOON + HOUR) == "CARD_CANCELLED"
    assert await reason_of(store, connection, "card", new.number.reveal(), NOON + HOUR) is None
    assert await reason_of(store, connection, "chip", new.chip.reveal(), NOON + HOUR) is None


async def test_a_card_is_not_reissued_before_its_loss_is_formal_and_nothing_is_left_behind(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    with pytest.raises(MoveRefused):
        await replace_card(connection, tools, await card_of(connection, tools, 1, NOON), "reissue", order("reissue", NOON))
    assert await connection.fetchval("SELECT count(*) FROM cards_card") == 3


async def test_a_sound_card_is_renewed_close_to_its_end_and_a_damaged_one_at_once(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    card = await card_of(connection, tools, 1, NOON)
    with pytest.raises(RenewalTooEarly, match="2029-11-01"):
        await replace_card(connection, tools, card, "renew", order("renew", NOON))
    issued = await replace_card(connection, tools, card, "renew", order("renew", NOON), damaged=True)
    assert issued.card.valid_until == date(2034, 10, 30)
    late = NOON.replace(year=2029, month=11, day=1)
    other = await card_of(connection, tools, 2, late)
    assert (await replace_card(connection, tools, other, "renew", order("renew", late))).card.social.state == "active"


async def test_who_has_lost_his_card_gets_a_temporary_one_without_a_bank(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    with pytest.raises(HasCard):
        await issue_card(connection, tools, 1, "330481", NOON, "temporary")
    await move_card(connection, tools, await card_of(connection, tools, 1, NOON), order("formal_loss", NOON))
    temporary = (await issue_card(connection, tools, 1, "330481", NOON, "temporary")).card
    assert (temporary.kind, temporary.valid_until, temporary.bank.state) == ("temporary", date(2024, 12, 29), "none")
    with pytest.raises(MoveRefused):
        await move_card(connection, tools, temporary, order("activate", NOON + HOUR, "bank"))
    with pytest.raises(HasCard):
        await issue_card(connection, tools, 1, "330481", NOON, "temporary")


async def test_a_cancelled_card_is_cancelled_in_both_halves_for_good(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    changes = await retire_card(connection, await card_of(connection, tools, 3, NOON), order("cancel", NOON))
    assert [change.barred for change in changes] == [True, True]
    card = await card_of(connection, tools, 3, NOON + HOUR)
    assert (card.social.state, card.bank.state) == ("cancelled", "closed")
    assert await retire_card(connection, card, order("cancel", NOON + HOUR)) == ()
    assert (await issue_card(connection, tools, 3, "330481", NOON + HOUR)).card.social.state == "active"


async def test_sealing_bars_and_unsealing_strikes_off(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    sealed = await move_card(connection, tools, await card_of(connection, tools, 1, NOON), order("seal", NOON))
    assert {change.barred for change in sealed.changes} == {True}
    again = await card_of(connection, tools, 1, NOON + HOUR)
    assert {change.barred for change in (await move_card(connection, tools, again, order("activate", NOON + HOUR))).changes} == {False}
    locked = await card_of(connection, tools, 1, NOON + 2 * HOUR)
    assert (await move_card(connection, tools, locked, order("pin_lock", NOON + 2 * HOUR))).changes == ()


async def test_records_of_a_cards_life_cannot_be_changed_by_the_desk(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    await move_card(connection, tools, await card_of(connection, tools, 1, NOON), order("formal_loss", NOON))
    for statement in ("UPDATE cards_move SET reason = ''", "DELETE FROM cards_state", "UPDATE cards_binding SET reference = 'x'"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with store.database.acquire("desk") as desk:
                await desk.execute(statement)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with store.database.acquire("audit_ro") as auditor:
            await auditor.fetch("SELECT * FROM cards_account")


async def test_a_card_is_found_by_its_chip_as_well(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    card = await card_of(connection, tools, 1, NOON)
    assert await find_card(connection, tools, "chip", card.chip.reveal(), NOON) == card
