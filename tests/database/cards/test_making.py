"""From application to the holder's hand on a real store: checks, batch, return file, collection."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from onecard.app.opening import Store
from onecard.cards import store as cards_store
from onecard.cards.application import ApplicationMoveRefused
from onecard.cards.applying import Application, ApplicationOpen, Wish, applications_of, apply, move_application
from onecard.cards.batches import Batch, BatchUnknown, ask_authority, batch_file, make_batch, waiting_applications
from onecard.cards.desk import DeskTools, find_card, move_card
from onecard.cards.following import bind, bindings_of
from onecard.cards.issuing import HasCard
from onecard.cards.makefile import read_make_file
from onecard.cards.returnfile import MadeCard, ReturnFile, ReturnRow, write_return_file
from onecard.cards.returns import ReturnRepeated, take_return
from onecard.db.errors import StoreUnreachable
from onecard.db.pool import Connection
from onecard.people.model import DatedFact
from onecard.people.service import add_facts
from onecard.values.fixed_columns import FileProblem
from onecard.values.masked import CardNumber
from tests.database.cards.town import HOUR, NOON, NUMBERS, card_of, order, settle, tools_of

MADE_AT = NOON + timedelta(days=3)


async def ask_for_cards(connection: Connection, tools: DeskTools, subjects: Sequence[int] = (1, 2, 3)) -> list[Application]:
    """Let people ask for a new card in place of their lost one."""
    asked = []
    for subject in subjects:
        await move_card(connection, tools, await card_of(connection, tools, subject, NOON), order("formal_loss", NOON))
        lost = await card_of(connection, tools, subject, NOON + HOUR)
        asked.append(await apply(connection, tools, subject, lost, Wish(kind="reissue", reason="lost", at=NOON + HOUR)))
    return asked


async def send(connection: Connection, tools: DeskTools, elsewhere=None) -> Batch:
    waiting = await waiting_applications(connection, tools)
    return await make_batch(connection, tools, waiting, elsewhere or {}, NOON + 2 * HOUR)


def answer(content: bytes | None, failing: dict[int, tuple[str, str]] | None = None, first: int = 1) -> ReturnFile:
    """Return what a maker answers to a make file; *failing* by seq: stage and reason."""
    assert content is not None
    sent = read_make_file(content)
    rows = []
    for seq, asked in enumerate(sent.rows, 1):
        number = first + seq
        made = MadeCard(
            number=CardNumber(f"KE{number:07d}"), chip=CardNumber(f"330481d156000005{number + 4096:016x}"), issued_on=date(2024, 11, 3),
            valid_until=date(2034, 11, 2), atr="3B6D000000814D86", bank="B01", bank_card=None, account=CardNumber(f"{number:012d}"),
            box=f"A-{seq}",
        )  # fmt: skip
        rows.append(ReturnRow(ss_no=asked.ss_no, name=asked.name, made=made))
    for seq, (stage, reason) in (failing or {}).items():
        rows[seq - 1] = replace(rows[seq - 1], made=None, stage=stage, reason=reason)  # type: ignore[arg-type]
    return ReturnFile(batch=sent.batch, encoding=sent.encoding, rows=tuple(rows))


async def states(connection: Connection) -> dict[int, str]:
    return {subject: (await applications_of(connection, subject))[0].state for subject in NUMBERS}


async def test_a_lost_card_is_replaced_by_way_of_the_maker_and_all_follows_when_it_is_collected(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    await bind(connection, await card_of(connection, tools, 1, NOON), "library", "R-1", NOON)
    await ask_for_cards(connection, tools, [1])
    batch = await send(connection, tools)
    taken = await take_return(connection, tools, write_return_file(answer(batch.content)), MADE_AT)
    assert (taken.made, taken.failed, taken.duplicate) == (1, {}, False)

    new = await find_card(connection, tools, "card", "KE0000002", MADE_AT)
    assert new.social.state == "sealed"
    assert [each.number_key for each in await bindings_of(connection, 1)] == [new.replaces]
    for hours, to in enumerate(("delivered", "received"), 1):
        await move_application(connection, tools, 1, to, order("activate", MADE_AT + hours * HOUR))
    moved = await move_application(connection, tools, 1, "issued", order("activate", MADE_AT + 3 * HOUR))
    assert moved.issued is not None
    assert [each.kind for each in moved.issued.followed.bindings] == ["library"]
    assert [each.number_key for each in await bindings_of(connection, 1)] == [new.number_key]
    assert sorted(change.barred for change in moved.changes) == [False, False, True, True]
    at = MADE_AT + 4 * HOUR
    assert (await find_card(connection, tools, "card", "KE0000002", at)).social.state == "active"
    assert (await card_of(connection, tools, 1, at)).social.state == "cancelled"


async def test_rows_fail_one_by_one_and_those_that_failed_in_the_making_go_into_the_next_batch(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    await ask_for_cards(connection, tools)
    batch = await send(connection, tools)
    failing = {1: ("bank", "户名不符"), 2: ("making", "照片不合格")}
    taken = await take_return(connection, tools, write_return_file(answer(batch.content, failing)), MADE_AT)
    assert (taken.made, taken.failed) == (1, {"bank": 1, "making": 1})
    assert await states(connection) == {1: "bank_failed", 2: "tasked", 3: "made"}
    assert (await applications_of(connection, 1))[0].reason == "户名不符"
    again = await send(connection, tools)
    assert again.sent == 1
    assert again.name != batch.name


async def test_a_check_stops_one_person_and_lets_the_others_go_on(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    await ask_for_cards(connection, tools)
    await add_facts(connection, 1, [DatedFact(fact="alive", since=date(2024, 10, 1), value=False)], NOON)
    second = (await card_of(connection, tools, 2, NOON)).number_key
    batch = await send(connection, tools, {second: "unknown"})
    assert (batch.sent, batch.failed, batch.unanswered) == (1, {"health": 1}, 1)
    assert await states(connection) == {1: "health_failed", 2: "province_asked", 3: "making"}
    later = await send(connection, tools, {second: "lost"})
    assert (later.sent, later.unanswered) == (1, 0)


async def test_the_authority_is_asked_about_cards_to_be_replaced_and_nobody_else(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    await ask_for_cards(connection, tools, [1, 2])
    asked: list[bytes] = []

    class Province:
        async def status(self, key: bytes) -> str:
            asked.append(key)
            return "lost"

    waiting = await waiting_applications(connection, tools)
    known = await ask_authority(Province(), waiting)  # type: ignore[arg-type]
    assert set(known.values()) == {"lost"}
    assert sorted(asked) == sorted([(await card_of(connection, tools, subject, NOON)).number_key for subject in (1, 2)])
    assert await ask_authority(None, waiting) == {}


async def test_the_file_of_a_batch_is_written_again_byte_for_byte(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    await ask_for_cards(connection, tools)
    batch = await send(connection, tools)
    assert batch.name is not None
    assert await batch_file(connection, tools, batch.name) == batch.content
    assert [str(row.replaces) for row in read_make_file(batch.content or b"").rows] == ["*****0001", "*****0002", "*****0003"]


async def test_the_same_return_file_again_changes_nothing_and_other_bytes_are_refused(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    await ask_for_cards(connection, tools)
    batch = await send(connection, tools)
    content = write_return_file(answer(batch.content))
    await take_return(connection, tools, content, MADE_AT)
    again = await take_return(connection, tools, content, MADE_AT + HOUR)
    assert (again.duplicate, again.made) == (True, 3)
    with pytest.raises(ReturnRepeated):
        await take_return(connection, tools, write_return_file(answer(batch.content, first=50)), MADE_AT + HOUR)
    assert await connection.fetchval("SELECT count(*) FROM cards_card") == 6


async def test_of_two_desks_that_take_one_return_file_at_once_one_finds_it_taken(store: Store):
    tools = tools_of(store)
    async with store.database.acquire("desk") as connection, connection.transaction():
        await settle(connection, store)
        await ask_for_cards(connection, tools)
        batch = await send(connection, tools)
    content = write_return_file(answer(batch.content))

    async def one() -> bool:
        async with store.database.acquire("desk") as connection, connection.transaction():
            return (await take_return(connection, tools, content, MADE_AT)).duplicate

    assert sorted(await asyncio.gather(one(), one())) == [False, True]


async def test_a_desk_that_dies_before_the_end_leaves_nothing_and_the_file_is_taken_afterwards(store: Store, connection: Connection):
    tools = tools_of(store)
    async with store.database.acquire("desk") as desk, desk.transaction():
        await settle(desk, store)
        await ask_for_cards(desk, tools)
        batch = await send(desk, tools)
    content = write_return_file(answer(batch.content))
    with pytest.raises(StoreUnreachable):
        async with store.database.acquire("desk") as desk, desk.transaction():
            await take_return(desk, tools, content, MADE_AT)
            await connection.execute("SELECT pg_terminate_backend($1)", await desk.fetchval("SELECT pg_backend_pid()"))
            await desk.fetchval("SELECT 1")
    assert await connection.fetchval("SELECT count(*) FROM cards_card") == 3
    async with store.database.acquire("desk") as desk, desk.transaction():
        assert not (await take_return(desk, tools, content, MADE_AT + HOUR)).duplicate
    assert await connection.fetchval("SELECT count(*) FROM cards_card") == 6


@pytest.mark.parametrize("spoil", ["other person", "held number", "short", "unknown batch"])
async def test_a_refused_return_file_leaves_nothing_behind(store: Store, connection: Connection, spoil: str):
    await settle(connection, store)
    tools = tools_of(store)
    await ask_for_cards(connection, tools)
    file = answer((await send(connection, tools)).content)
    rows = list(file.rows)
    if spoil == "other person":
        rows[0], rows[1] = rows[1], rows[0]
    elif spoil == "held number":
        assert rows[2].made is not None
        rows[2] = replace(rows[2], made=replace(rows[2].made, number=CardNumber(NUMBERS[1])))
    elif spoil == "short":
        rows.pop()
    content = write_return_file(replace(file, rows=tuple(rows), batch="M0" if spoil == "unknown batch" else file.batch))
    with pytest.raises((FileProblem, BatchUnknown)) as refused:
        async with connection.transaction():
            await take_return(connection, tools, content, MADE_AT)
    if spoil == "held number":
        assert refused.value.place == (4, 3 + 7 + 1, "card_no")  # type: ignore[attr-defined]
    assert await connection.fetchval("SELECT count(*) FROM cards_card") == 3
    assert await connection.fetchval("SELECT count(*) FROM cards_return") == 0
    assert set((await states(connection)).values()) == {"making"}


async def test_a_card_made_for_who_withdrew_meanwhile_is_named_by_its_box_and_never_registered(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    await ask_for_cards(connection, tools, [1, 2])
    batch = await send(connection, tools)
    await move_application(connection, tools, 2, "cancelled", order("cancel", NOON + 3 * HOUR))
    taken = await take_return(connection, tools, write_return_file(answer(batch.content)), MADE_AT)
    assert (taken.made, taken.withdrawn) == (1, ["A-2"])
    assert await connection.fetchval("SELECT count(*) FROM cards_card WHERE subject = 2") == 1


async def test_one_application_at_a_time_and_no_second_card(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    with pytest.raises(HasCard):
        await apply(connection, tools, 1, None, Wish(kind="first", reason="first card", at=NOON))
    await ask_for_cards(connection, tools, [1])
    lost = await card_of(connection, tools, 1, NOON + HOUR)
    with pytest.raises(ApplicationOpen):
        await apply(connection, tools, 1, lost, Wish(kind="reissue", reason="lost", at=NOON + 2 * HOUR))
    with pytest.raises(ApplicationMoveRefused):
        await move_application(connection, tools, 1, "issued", order("activate", NOON + 2 * HOUR))
    await move_application(connection, tools, 1, "cancelled", order("cancel", NOON + 2 * HOUR))
    assert (await apply(connection, tools, 1, lost, Wish(kind="reissue", reason="lost", at=NOON + 3 * HOUR))).application == 2


async def test_a_made_card_that_comes_back_is_destroyed_and_opens_nothing(store: Store, connection: Connection):
    await settle(connection, store)
    tools = tools_of(store)
    await ask_for_cards(connection, tools, [1])
    batch = await send(connection, tools)
    await take_return(connection, tools, write_return_file(answer(batch.content)), MADE_AT)
    for hours, to in enumerate(("delivered", "returned", "recycled"), 1):
        await move_application(connection, tools, 1, to, order("cancel", MADE_AT + hours * HOUR))
    card = await find_card(connection, tools, "card", "KE0000002", MADE_AT + 4 * HOUR)
    assert card.social.state == "cancelled"
    assert await cards_store.bindings_of(connection, 1) == []
