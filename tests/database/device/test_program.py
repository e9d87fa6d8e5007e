"""The terminal program at a real server: online, refused, silent, six hours alone, and everything arrives once."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from time import perf_counter
from typing import Any

import msgspec
import pytest

from onecard.app.opening import Store
from onecard.device.contact import TerminalNotSpokenFor
from onecard.device.errors import FolderOfAnother, FolderTaken, ServerRefuses
from onecard.device.log import open_log
from onecard.device.program import LOG_FILE
from onecard.values.days import epoch_milliseconds
from tests.database.device.network import Hands, Network, network_to, terminal
from tests.database.town import CARDS, NOON, TOKEN
from tests.database.web.served import Served, at_desk, serve_town

HOUR_MS = 3_600_000


@pytest.fixture
async def served(store: Store) -> AsyncIterator[Served]:
    async with serve_town(store) as served:
        yield served


@pytest.fixture
async def network(served: Served) -> AsyncIterator[Network]:
    async with network_to(served.url) as network:
        yield network


@pytest.fixture
def hands() -> Hands:
    return Hands(wall=epoch_milliseconds(NOON))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "bus"


def kept(folder: Path) -> list[dict[str, Any]]:
    """What stands in the log, by number."""
    connection = sqlite3.connect(folder / "log.sqlite")
    connection.row_factory = sqlite3.Row
    rows = [dict(row) for row in connection.execute("SELECT * FROM tap ORDER BY seq")]
    connection.close()
    return rows


async def recorded(served: Served) -> list[tuple[int, str, str, int]]:
    """What the server has of the bus."""
    async with served.town.store.database.acquire("audit_ro") as connection:
        rows = await connection.fetch("SELECT seq, outcome, reason, paid_fen FROM ledger_use WHERE terminal = 'BUS-1' ORDER BY seq")
    return [tuple(row) for row in rows]


async def test_online_the_server_answers_and_every_use_is_linked(served, network, folder, hands):
    async with terminal(folder, network.url, hands) as person:
        answers = [await person.show(CARDS[who]) for who in ("visitor", "elder", "lost")]
    assert [(each["seq"], each["outcome"], each["reason"], each["paid"], each["offline"]) for each in answers] == [
        (1, "accepted", "OK_DISCOUNT", 100, False), (2, "accepted", "OK_FREE", 0, False), (3, "refused", "CARD_LOST", 0, False),
    ]  # fmt: skip
    assert [row["state"] for row in kept(folder)] == ["answered"] * 3
    async with served.town.store.database.acquire("audit_ro") as connection:
        async with asyncio.timeout(10):  # They are looked at beside the taps.
            while True:
                links = await connection.fetch("SELECT seq, good FROM ledger_link WHERE terminal = 'BUS-1' ORDER BY seq")
                if len(links) == 3 and all(row["good"] is not None for row in links):
                    break
                await asyncio.sleep(0.05)
    assert [tuple(row) for row in links] == [(1, True), (2, True), (3, True)]


async def test_refused_it_decides_at_once_and_sends_all_when_the_network_is_back(served, network, folder, hands):
    async with terminal(folder, network.url, hands) as person:
        await person.show(CARDS["visitor"])  # From now on the site expects this card, but the bundle at hand does not know it.
        await network.go()
        begun = perf_counter()
        answers = [await person.show(line) for line in (CARDS["visitor"], CARDS["lost"], "B00000099")]
        assert perf_counter() - begun < 0.7
        await network.come()
        await person.until(waiting=0, online=True)
        assert not (await person.show(CARDS["elder"]))["offline"]
    assert [(each["outcome"], each["reason"], each["offline"]) for each in answers] == [
        ("accepted", "OFFLINE_DOUBTFUL", True), ("refused", "HOTLIST_HIT", True), ("accepted", "OFFLINE_DOUBTFUL", True),
    ]  # fmt: skip
    rows = kept(folder)
    assert [(row["state"], row["verdict"]) for row in rows] == [
        ("answered", None), ("sent", "agreed"), ("sent", "agreed"), ("sent", "accepted_in_error"), ("answered", None),
    ]  # fmt: skip
    assert [row[:2] for row in await recorded(served)] == [
        (1, "accepted"),
        (2, "accepted"),
        (3, "refused"),
        (4, "accepted"),
        (5, "accepted"),
    ]
    assert msgspec.json.decode(rows[2]["upload"])["reason"] == "CARD_LOST"  # Both answers stay.


async def test_silence_is_waited_for_once(served, network, folder, hands):
    async with terminal(folder, network.url, hands) as person:
        await person.show("#status")
        network.fall_silent()
        begun = perf_counter()
        first = await person.show(CARDS["elder"])
        waited = perf_counter() - begun
        second = await person.show(CARDS["lost"])
        assert perf_counter() - begun - waited < 0.3
        network.speak()
        await person.until(waiting=0)
    assert 0.8 <= waited < 1.4
    assert [(each["offline"], each["outcome"]) for each in (first, second)] == [(True, "accepted"), (True, "refused")]
    late, other = kept(folder)
    assert (late["state"], msgspec.json.decode(late["answer"])["reason"]) == ("sent", "OFFLINE_DOUBTFUL")
    assert late["verdict"] in ("agreed", "duplicate")  # The upload and what was held back race each other; either counts once.
    assert msgspec.json.decode(late["late"])["reason"] == "OK_FREE"  # It came after this terminal had answered, and changed nothing.
    assert other["verdict"] == "agreed"
    assert len(await recorded(served)) == 2


async def test_six_hours_alone_through_a_restart_lose_nothing(served, network, folder, hands):
    await served.sign_in()
    async with terminal(folder, network.url, hands) as person:
        await person.show(CARDS["elder"])
    await network.go()
    shown = []
    for _ in range(3):
        hands.pass_ms(2 * HOUR_MS)
        async with terminal(folder, network.url, hands) as person:
            shown += [await person.show(line) for line in (CARDS["visitor"], CARDS["lost"])]
    assert [each["seq"] for each in shown] == [2, 3, 4, 5, 6, 7]
    assert all(each["offline"] for each in shown)
    await network.come()
    served.town.moment[0] = served.now().fromtimestamp(hands.wall / 1000, served.now().tzinfo)
    async with terminal(folder, network.url, hands) as person:
        await person.until(waiting=0)
    assert [seq for seq, *_ in await recorded(served)] == [1, 2, 3, 4, 5, 6, 7]
    at = [row["occurred_at"] for row in (msgspec.json.decode(row["content"]) for row in kept(folder))]
    assert at[-1].startswith("2024-10-31T18:00:00")


async def test_a_loss_is_known_within_a_second_and_counts_alone(served, network, folder, hands):
    async with terminal(folder, network.url, hands) as person:
        before = (await person.show("#status"))["hotlist"]
        await at_desk(served, "elder", "formal_loss")
        begun = perf_counter()
        await person.until(hotlist=before + 1)
        assert perf_counter() - begun < 1.5
        await network.go()
        assert (await person.show(CARDS["elder"]))["reason"] == "HOTLIST_HIT"


async def test_a_number_that_is_taken_is_given_up_and_the_next_one_asked_for(served, network, folder, hands):
    async with terminal(folder, network.url, hands) as person:
        await person.show(CARDS["elder"])
        await served.town.uses.record([served.town.tap("young", "BUS-1", seq) for seq in (2, 90)], served.now())
        answer = await person.show(CARDS["visitor"])
    assert (answer["seq"], answer["outcome"], answer["offline"]) == (91, "accepted", False)
    assert [(row["seq"], row["state"]) for row in kept(folder)] == [(1, "answered"), (2, "void"), (91, "answered")]


async def test_what_was_let_in_alone_under_a_number_that_is_taken_is_sent_under_another(served, network, folder, hands):
    async with terminal(folder, network.url, hands) as person:
        await person.show(CARDS["elder"])
        await network.go()
        await person.show(CARDS["visitor"])
        await served.town.uses.record([served.town.tap("elder", "BUS-1", 2)], served.now())
        await network.come()
        await person.until(waiting=0)
    assert [(row["seq"], row["state"], row["verdict"]) for row in kept(folder)] == [
        (1, "answered", None), (2, "void", "invalid"), (3, "sent", "agreed"),
    ]  # fmt: skip
    assert [seq for seq, *_ in await recorded(served)] == [1, 2, 3]


async def test_damaged_files_are_fetched_anew(served, network, folder, hands):
    async with terminal(folder, network.url, hands) as person:
        etag = (await person.show("#status"))["bundle"]
    for name in ("bundle", "hotlist"):
        (folder / name).write_bytes((folder / name).read_bytes()[:-3])
    async with terminal(folder, network.url, hands) as person:
        status = await person.show("#status")
        assert (status["bundle"], status["ready_alone"]) == (etag, True)


async def test_a_clock_that_was_moved_is_not_trusted_alone_until_the_server_sets_it(served, network, folder, hands):
    async with terminal(folder, network.url, hands) as person:
        await person.show(CARDS["elder"])
        await network.go()
        hands.wall -= 180_000
        answer = await person.show(CARDS["visitor"])
        assert (answer["reason"], answer["problem"]["type"]) == ("TERMINAL_NOT_SIGNED", "device.clock_unsure")
        await network.come()
        await person.until(waiting=0, ready_alone=True)
    assert [outcome for _, outcome, *_ in await recorded(served)] == ["accepted", "refused"]


async def test_a_folder_is_one_terminals_and_one_programs(served, network, folder, hands):
    async with terminal(folder, network.url, hands) as person:
        await person.show("#status")
        async with terminal(folder, network.url, hands) as second:
            with pytest.raises(FolderTaken):
                await second.running
    async with terminal(folder, network.url, hands, name="BUS-2") as other:
        with pytest.raises(FolderOfAnother):
            await other.running


@pytest.mark.parametrize(("name", "token", "refusal"), [("BUS-1", "wrong", ServerRefuses), ("BUS-9", TOKEN, TerminalNotSpokenFor)])
async def test_whoever_may_not_speak_is_told_so_at_the_start(served, network, folder, hands, name, token, refusal):
    async with terminal(folder, network.url, hands, name=name, token=token) as person:
        with pytest.raises(refusal):
            await person.running


async def test_without_ever_having_signed_in_nobody_is_let_in_and_nothing_is_written(network, folder, hands):
    await network.go()
    async with terminal(folder, network.url, hands) as person:
        answer = await person.show(CARDS["elder"])
        assert (answer["seq"], answer["outcome"]) == (None, None)
        assert answer["problem"]["type"] == "device.not_signed_in"
        await network.come()
        await person.until(online=True, ready_alone=True)
        assert (await person.show(CARDS["elder"]))["outcome"] == "accepted"


async def test_before_its_first_sign_in_it_knows_no_time_and_writes_no_use(served, network, folder, hands):
    folder.mkdir()
    log = open_log(folder / LOG_FILE)  # A program that was killed between hearing who it is and signing in.
    log.keep(terminal=b"BUS-1", key_in_cast=b"", prices=b"")
    log.close()
    hands.wall += 700 * 24 * HOUR_MS
    await network.go()
    async with terminal(folder, network.url, hands) as person:
        answer = await person.show(CARDS["elder"])
        assert (answer["seq"], answer["problem"]["type"]) == (None, "device.not_signed_in")
        await network.come()
        await person.until(online=True, ready_alone=True)
        assert (await person.show(CARDS["elder"]))["seq"] == 1
    assert [row["state"] for row in kept(folder)] == ["answered"]


async def test_lines_that_are_nothing_are_answered_and_recorded_nowhere(served, network, folder, hands):
    async with terminal(folder, network.url, hands) as person:
        for line in ("", "hello", "#dance", "#service lunch"):
            answer = await person.show(line)
            assert (answer["seq"], answer["outcome"]) == (None, None)
            assert answer["problem"]["title"].keys() == {"zh", "en"}
    assert kept(folder) == []
    assert await recorded(served) == []
