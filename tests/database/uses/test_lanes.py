"""Lanes on a real store: what one tap, one client or one lost connection does, it does to nobody else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from onecard.app.opening import Store
from onecard.db.pool import Connection
from onecard.uses.lane import QUEUE_AGE_SECONDS_MAX, Overloaded, TapUnfit
from onecard.uses.model import Answer, Tap
from onecard.uses.plan import SeqReused
from onecard.uses.service import UPLOAD_LANE
from tests.database.town import Town, open_town

UNFIT = "ride\x00"  # PostgreSQL keeps no NUL in a text. Intake refuses it; here it comes as if intake had slept.
RIDES_A_DAY = 30


def rides(town: Town, first: int, last: int, **more: object) -> list[Tap]:
    return [town.tap("visitor", f"BUS-{seq % 2 + 1}", seq, **more) for seq in range(first, last + 1)]


async def recorded(town: Town) -> int:
    async with town.store.database.acquire("audit_ro") as connection:
        return int(await connection.fetchval("SELECT count(*) FROM ledger_use"))


@asynccontextmanager
async def held(store: Store) -> AsyncIterator[Connection]:
    """Hold up every write, as a slow disk would."""
    async with store.database.acquire("migrate") as connection, connection.transaction():
        await connection.execute("LOCK TABLE ledger_leaf IN ACCESS EXCLUSIVE MODE")
        yield connection


@pytest.mark.parametrize("bad", [{0}, {999}, {1, 500, 501}], ids=["the first", "the last", "three in the middle"])
async def test_of_a_thousand_only_the_unfit_are_left_out(store: Store, bad: set[int]) -> None:
    async with open_town(store) as town:
        taps = rides(town, 1, 1000)
        for place in bad:
            taps[place] = town.tap("visitor", "BUS-1", place + 5000, service=UNFIT)
        outcomes = await town.uses.lanes.commit(UPLOAD_LANE, taps, town.moment[0])
        assert {place for place, outcome in enumerate(outcomes) if isinstance(outcome, TapUnfit)} == bad
        answers = [outcome for outcome in outcomes if isinstance(outcome, Answer)]
        assert len(answers) == await recorded(town) == 1000 - len(bad)
        assert not any(answer.duplicate for answer in answers), "what was halved is not sent again"
        assert [answer.reason for answer in answers] == ["OK_DISCOUNT"] * RIDES_A_DAY + ["LIMIT_DAY"] * (len(answers) - RIDES_A_DAY)


async def test_a_malformed_tap_of_an_upload_spoils_only_itself(store: Store) -> None:
    async with open_town(store) as town:
        taps = [*rides(town, 1, 3), town.tap("visitor", "BUS-1", 4, list_price_fen=-1), *rides(town, 5, 7)]
        outcomes = await town.uses.record(taps, town.moment[0])
        assert [isinstance(outcome, Answer) for outcome in outcomes] == [True, True, True, False, True, True, True]
        assert await recorded(town) == 6


async def test_an_old_queue_is_closed_and_what_waits_in_it_is_still_answered(store: Store) -> None:
    async with open_town(store) as town:
        async with held(store):
            waiting = []
            for tap in rides(town, 1, 4):  # Two lanes take one each; the others wait.
                waiting.append(asyncio.ensure_future(town.uses.tap(tap)))
                await asyncio.sleep(0.05)
            assert town.uses.lanes.waiting == 2
            await asyncio.sleep(QUEUE_AGE_SECONDS_MAX)
            with pytest.raises(Overloaded) as refused:
                await town.uses.tap(town.tap("visitor", "BUS-1", 99))
            assert refused.value.http_status == 503 and refused.value.facts["retry_after"] == 1
        answers = await asyncio.gather(*waiting)
        assert [isinstance(answer, Answer) and not answer.duplicate for answer in answers] == [True] * 4
        assert isinstance(await town.uses.tap(town.tap("visitor", "BUS-1", 99)), Answer), "the queue is open again"
        assert await recorded(town) == 5


async def test_who_hangs_up_stops_no_lane_and_is_recorded(store: Store) -> None:
    async with open_town(store) as town:
        async with held(store):
            clients = [asyncio.create_task(town.uses.tap(tap)) for tap in rides(town, 1, 6)]
            await asyncio.sleep(0.05)
            for client in clients[::2]:
                client.cancel()
        answers = await asyncio.gather(*clients, return_exceptions=True)
        assert [isinstance(answer, Answer) for answer in answers] == [False, True] * 3
        again = [await town.uses.tap(tap) for tap in rides(town, 1, 6)]
        assert [isinstance(answer, Answer) and answer.duplicate for answer in again] == [True] * 6
        assert await recorded(town) == 6


async def test_lanes_that_stop_answer_what_waits_and_take_nothing_new(store: Store) -> None:
    async with open_town(store) as town:
        waiting = [town.uses.lanes.submit(town.uses.check(tap, town.moment[0])) for tap in rides(town, 1, 1500)]
        stopping = asyncio.create_task(town.uses.lanes.stop())
        await asyncio.sleep(0)
        with pytest.raises(Overloaded):
            town.uses.lanes.submit(town.tap("visitor", "BUS-1", 9999))
        await stopping
        assert all(future.done() and isinstance(future.result(), Answer) for future in waiting)
        assert await recorded(town) == 1500


async def test_a_connection_lost_at_any_moment_repeats_nothing(store: Store) -> None:
    async with open_town(store) as town:
        clients: list[asyncio.Task[Answer | SeqReused]] = []
        lost = 0
        for moment in range(12):
            clients += [asyncio.create_task(town.uses.tap(tap)) for tap in rides(town, moment * 20 + 1, moment * 20 + 20)]
            await asyncio.sleep(0.002 * moment)
            async with store.database.acquire("migrate") as connection:
                lost += await connection.fetchval(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    " WHERE usename = 'onecard_lane' AND datname = current_database() AND state <> 'idle'"
                )
        answers = await asyncio.gather(*clients)
        assert lost > 0
        assert len(answers) == await recorded(town) == 240
        assert not any(isinstance(answer, Answer) and answer.duplicate for answer in answers), "each was sent once"
        assert sum(isinstance(answer, Answer) and answer.programme == "elder-pass-bus" for answer in answers) == RIDES_A_DAY
