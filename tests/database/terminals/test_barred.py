"""The hotlist in a real store: versions that only grow, deltas that lead from each to each, and lapses that nobody tells."""

import asyncio
import hashlib
from datetime import datetime, timedelta

import pytest

from onecard.app.hotlist import HotlistBook, tell_hotlist
from onecard.app.opening import Store
from onecard.cards.desk import move_card
from onecard.cards.life import Act
from onecard.db.change import change_number, move_on
from onecard.db.pool import Connection
from onecard.terminals.barred import Barring, hotlist_message, hotlist_told, strays, write_found, write_hotlist
from onecard.terminals.hotlist import EMPTY, Hotlist, HotlistDelta, entry_of, read_message, updated
from tests.database.cards.town import NOON, card_of, order, settle, tools_of

LASTS = timedelta(days=5)


def barring(name: str, added: bool = True, *, entry: bytes = b"", until: datetime | None = None) -> Barring:
    digest = hashlib.sha256(name.encode()).digest()
    return Barring(digest, entry or digest[:4], added, until)


def entry(name: str) -> int:
    return entry_of(barring(name).key4)


async def held(connection: Connection, version: int, before: Hotlist = EMPTY) -> Hotlist:
    return updated(before, await hotlist_message(connection, before.version, version))


async def at_desk(connection: Connection, store: Store, subject: int, act: Act, at: datetime) -> int | None:
    tools = tools_of(store)
    async with connection.transaction():
        done = await move_card(connection, tools, await card_of(connection, tools, subject, at), order(act, at))
        return await tell_hotlist(connection, store.keyring.terminals_key, done.changes)


async def test_each_change_is_a_version_and_a_delta_leads_from_any_to_any(connection: Connection):
    versions = [await held(connection, 0)]
    steps = [[barring("a"), barring("b")], [barring("c")], [barring("a", False)], [barring("a"), barring("c", False)]]
    for number, step in enumerate(steps, 1):
        assert await write_hotlist(connection, step, NOON) == number
        versions.append(await held(connection, number))
    expected = [set(), {"a", "b"}, {"a", "b", "c"}, {"b", "c"}, {"a", "b"}]
    assert [set(version.entries) for version in versions] == [{entry(name) for name in names} for names in expected]
    for before in versions[1:]:
        for after in versions[before.version :]:
            message = await hotlist_message(connection, before.version, after.version)
            assert isinstance(read_message(message), HotlistDelta)
            assert updated(before, message) == after


async def test_what_is_so_already_makes_no_version(connection: Connection):
    await write_hotlist(connection, [barring("a")], NOON)
    assert await write_hotlist(connection, [barring("a"), barring("never there", False)], NOON) is None
    assert await write_hotlist(connection, [], NOON) is None
    assert await change_number(connection, "hotlist") == 1


async def test_an_entry_stays_while_one_of_two_that_share_it_is_barred(connection: Connection):
    shared = b"same"
    await write_hotlist(connection, [barring("a", entry=shared), barring("b", entry=shared)], NOON)
    before = await held(connection, 1)
    assert len(before.entries) == 1
    assert (await hotlist_told(connection, 1)).entries == 2
    await write_hotlist(connection, [barring("a", False, entry=shared)], NOON)
    assert (await held(connection, 2, before)).entries == before.entries
    await write_hotlist(connection, [barring("b", False, entry=shared)], NOON)
    assert len((await held(connection, 3, before)).entries) == 0


async def test_a_change_that_is_rolled_back_leaves_no_version(connection: Connection):
    with pytest.raises(ZeroDivisionError):
        async with connection.transaction():
            assert await write_hotlist(connection, [barring("a")], NOON) == 1
            _ = 1 / 0
    assert await change_number(connection, "hotlist") == 0
    assert await write_hotlist(connection, [barring("b")], NOON) == 1
    assert set((await held(connection, 1)).entries) == {entry("b")}


async def test_an_oral_loss_leaves_the_list_when_it_lapses_and_not_before(connection: Connection, store: Store):
    await settle(connection, store)
    book = HotlistBook(store.database)
    assert await at_desk(connection, store, 1, "temp_loss", NOON) == 1
    lapses = NOON + LASTS
    assert await book.lapse(lapses - timedelta(seconds=1)) is None
    assert await book.lapse(lapses) == 2
    assert await book.lapse(lapses) is None
    assert len((await held(connection, 2)).entries) == 0


async def test_a_loss_made_formal_does_not_lapse_with_the_oral_one(connection: Connection, store: Store):
    await settle(connection, store)
    await at_desk(connection, store, 1, "temp_loss", NOON)
    await at_desk(connection, store, 1, "formal_loss", NOON + timedelta(hours=1))
    book = HotlistBook(store.database)
    assert await book.lapse(NOON + LASTS) is None
    assert await book.mend(NOON + LASTS + timedelta(days=30)) is None


async def test_what_nobody_told_is_found_by_the_mending(connection: Connection, store: Store):
    """Cards that were lost before terminals were, and a lapse that fell due while no server ran."""
    await settle(connection, store)
    tools = tools_of(store)
    for subject, act in ((1, "temp_loss"), (2, "formal_loss"), (3, "seal")):
        await move_card(connection, tools, await card_of(connection, tools, subject, NOON), order(act, NOON))  # type: ignore[arg-type]
    book = HotlistBook(store.database)
    assert await book.mend(NOON) == 1
    assert (await hotlist_told(connection, 1)).entries == 4  # Number and chip of two; sealed is told or is not.
    assert await book.mend(NOON) is None
    assert await book.mend(NOON + LASTS) == 2
    assert (await hotlist_told(connection, 2)).entries == 2


async def test_what_the_desk_tells_is_what_the_states_say(connection: Connection, store: Store):
    await settle(connection, store)
    acts: list[Act] = ["temp_loss", "release", "formal_loss", "release", "cancel"]
    for hours, act in enumerate(acts):
        at = NOON + timedelta(hours=hours)
        await at_desk(connection, store, 1, act, at)
        assert await strays(connection, at, LASTS) == []


async def test_a_card_told_lost_while_the_list_is_mended_stays_on_it(connection: Connection, store: Store):
    """The mending found it sound; before it wrote, the desk told it lost again."""
    await settle(connection, store)
    await at_desk(connection, store, 1, "formal_loss", NOON)
    asked = 0

    async def find() -> list[Barring]:
        nonlocal asked
        asked += 1
        if asked == 1:  # What stood at the first look.
            rows = await connection.fetch("SELECT key, key4 FROM terminals_hotlist WHERE version = 1")
            return [Barring(row["key"], row["key4"], False) for row in rows]
        return await strays(connection, NOON, LASTS)

    assert await write_found(connection, find, NOON) is None
    assert asked == 2
    assert len((await held(connection, 1)).entries) == 2


async def test_two_who_change_the_list_at_once_make_two_versions(store: Store):
    async def change(name: str) -> int | None:
        async with store.database.acquire("desk") as connection, connection.transaction():
            return await write_hotlist(connection, [barring(name)], NOON)

    assert sorted(await asyncio.gather(*map(change, "abcdef")), key=str) == [1, 2, 3, 4, 5, 6]


async def test_who_waits_for_the_list_sees_the_version_before_his(store: Store):
    async with store.database.acquire("desk") as one, store.database.acquire("desk") as other:
        async with one.transaction():
            assert await move_on(one, "hotlist") == 1
            late = asyncio.create_task(write_hotlist(other, [barring("a")], NOON))
            await asyncio.sleep(0.1)
            assert not late.done()
        assert await late == 2


async def test_a_terminal_far_behind_is_given_all(connection: Connection, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("onecard.terminals.barred.DELTA_ENTRIES_MAX", 2)
    await write_hotlist(connection, [barring("a")], NOON)
    await write_hotlist(connection, [barring(name) for name in "bcd"], NOON)
    assert isinstance(read_message(await hotlist_message(connection, 1, 2)), Hotlist)


async def test_the_book_makes_a_message_once_and_forgets_older_versions(store: Store, connection: Connection):
    book = HotlistBook(store.database)
    await write_hotlist(connection, [barring("a")], NOON)
    first = await asyncio.gather(*(book.message(0, 1) for _ in range(50)))
    assert len(set(map(id, first))) == 1
    await write_hotlist(connection, [barring("b")], NOON)
    assert updated(updated(EMPTY, first[0]), await book.message(1, 2)) == await held(connection, 2)
    assert (await book.message(0, 1)) is not first[0]


async def test_a_version_that_this_store_never_had_is_answered_with_all(connection: Connection):
    for name in "abc":
        await write_hotlist(connection, [barring(name)], NOON)
    before = await held(connection, 3)
    await connection.execute("DELETE FROM terminals_hotlist")  # The city was built anew; its versions go on.
    await write_hotlist(connection, [barring("d")], NOON)
    message = await hotlist_message(connection, before.version, 4)
    assert updated(before, message) == updated(EMPTY, message)
    assert set(updated(before, message).entries) == {entry("d")}
