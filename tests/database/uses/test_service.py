"""A tap through the real lanes and the real store."""

import asyncio
from datetime import timedelta

import pytest

from onecard.app.opening import Store
from onecard.ledger.verify import verify_ledger
from onecard.uses.model import Answer, Offline
from onecard.uses.plan import SeqReused, anonymous_salt
from tests.database.town import NOON, Town, open_town


async def verified(town: Town) -> bool:
    async with town.store.database.acquire("audit_ro") as connection:
        checks = await verify_ledger(connection, anonymous_salt(town.store.keyring.hash_key))
    assert [check for check in checks if not check.ok] == []
    return True


async def test_a_visitor_of_65_pays_half_and_the_transit_fund_the_rest(store: Store) -> None:
    async with open_town(store) as town:
        answer = await town.uses.tap(town.tap("visitor", "BUS-1", 1))
        assert isinstance(answer, Answer)
        assert (answer.outcome, answer.reason, answer.paid_fen) == ("accepted", "OK_DISCOUNT", 100)
        assert answer.payers == (("transit-330400", 100),)
        assert answer.programme == "elder-pass-bus"
        assert await verified(town)


async def test_the_same_again_is_the_same_answer_and_changes_nothing(store: Store) -> None:
    async with open_town(store) as town:
        first = await town.uses.tap(town.tap("visitor", "BUS-1", 1))
        again = await town.uses.tap(town.tap("visitor", "BUS-1", 1))
        other = await town.uses.tap(town.tap("elder", "BUS-1", 1))
        assert isinstance(first, Answer) and isinstance(again, Answer)
        assert again.duplicate and again.paid_fen == first.paid_fen and again.payers == first.payers
        assert isinstance(other, SeqReused)
        assert await verified(town)


async def test_thirty_rides_a_day_and_no_more_though_sixty_come_at_once(store: Store) -> None:
    async with open_town(store) as town:
        taps = [town.tap("visitor", f"BUS-{seq % 2 + 1}", seq) for seq in range(1, 61)]
        answers = await asyncio.gather(*(town.uses.tap(tap) for tap in taps))
        granted = [a for a in answers if isinstance(a, Answer) and a.programme == "elder-pass-bus"]
        assert len(granted) == 30
        assert {a.reason for a in answers if isinstance(a, Answer)} == {"OK_DISCOUNT", "LIMIT_DAY"}
        assert await verified(town)


async def test_two_servers_on_one_store_pass_no_limit(store: Store) -> None:
    async with open_town(store) as here, open_town(store, build=False, server="there") as there:
        taps = [(here, here.tap("visitor", "BUS-1", seq)) for seq in range(1, 41)]
        taps += [(there, there.tap("visitor", "BUS-2", seq)) for seq in range(1, 41)]
        answers = await asyncio.gather(*(town.uses.tap(tap) for town, tap in taps))
        assert sum(1 for a in answers if isinstance(a, Answer) and a.programme == "elder-pass-bus") == 30
        assert await verified(here)


async def test_who_leaves_makes_room_on_the_ground(store: Store) -> None:
    async with open_town(store) as town:
        town.moment[0] += timedelta(hours=7)
        first = await town.uses.tap(town.tap("elder", "CAMPUS-1", 1, group=3))
        full = await town.uses.tap(town.tap("young", "CAMPUS-1", 2))
        out = await town.uses.tap(town.tap("elder", "CAMPUS-1", 3, service="exit"))
        then = await town.uses.tap(town.tap("young", "CAMPUS-1", 4))
        assert [a.reason for a in (first, full, out, then) if isinstance(a, Answer)] == ["OK", "FULL", "OK", "OK"]
        assert await verified(town)


@pytest.mark.parametrize(("who", "reason"), [("lost", "CARD_LOST"), ("B99999999", "CARD_UNKNOWN")])
async def test_a_card_that_is_no_good_is_refused_and_recorded(store: Store, who: str, reason: str) -> None:
    async with open_town(store) as town:
        answer = await town.uses.tap(town.tap(who, "BUS-1", 1))
        assert isinstance(answer, Answer)
        assert (answer.outcome, answer.reason, answer.paid_fen, answer.payers) == ("refused", reason, 0, ())
        told = await town.uses.explain(answer.use)
        assert told is not None and told["replays"] and not told["conditions"][0]["held"]
        assert await verified(town)


async def test_a_reversal_gives_back_limit_and_money_once(store: Store) -> None:
    async with open_town(store) as town:
        meal = await town.uses.tap(town.tap("elder", "CANTEEN-1", 1))
        second = await town.uses.tap(town.tap("elder", "CANTEEN-1", 2))
        assert isinstance(meal, Answer) and isinstance(second, Answer)
        assert (meal.paid_fen, second.reason) == (1200, "LIMIT_SLOT")
        assert await town.uses.reverse(meal.use, "wrong card") == {"use": meal.use, "reversed": True, "duplicate": False}
        assert await town.uses.reverse(meal.use, "wrong card") == {"use": meal.use, "reversed": True, "duplicate": True}
        third = await town.uses.tap(town.tap("elder", "CANTEEN-1", 3))
        assert isinstance(third, Answer) and third.paid_fen == 1200
        assert await verified(town)


async def test_an_explanation_replays_the_record(store: Store) -> None:
    async with open_town(store) as town:
        answer = await town.uses.tap(town.tap("visitor", "BUS-1", 1))
        assert isinstance(answer, Answer)
        told = await town.uses.explain(answer.use)
        assert told is not None
        assert told["replays"]
        assert told["conditions"][0]["text"] == "credential"
        assert {condition["programme"] for condition in told["conditions"]} > {"elder-pass-bus", "free-ride"}
        assert next(limit for limit in told["limits"] if limit["name"] == "elder-rides")["counted"] == 1


async def test_a_tap_that_comes_again_with_its_offline_answer_keeps_it_beside(store: Store) -> None:
    async with open_town(store) as town:
        tap = town.tap("visitor", "BUS-1", 1)
        first = await town.uses.tap(tap)
        again = (await town.uses.record([town.tap("visitor", "BUS-1", 1, offline=Offline(outcome="accepted", paid_fen=200))], NOON))[0]
        assert isinstance(first, Answer) and isinstance(again, Answer)
        assert (again.duplicate, again.upload, again.paid_fen) == (True, "duplicate", 100)
        told = await town.uses.explain(first.use)
        assert told is not None and told["offline"] == {"outcome": "accepted", "paid": 200, "hotlist": None}
        assert await verified(town)


async def test_what_was_granted_offline_beyond_the_rule_is_borne_and_counted_apart(store: Store) -> None:
    async with open_town(store) as town:
        offline = Offline(outcome="accepted", paid_fen=1200)
        lunches = [town.tap("elder", "CANTEEN-1", seq, offline=offline) for seq in (1, 2)]
        lost = town.tap("lost", "BUS-1", 3, offline=Offline(outcome="accepted", paid_fen=0))
        answers = await town.uses.record([*lunches, lost], NOON)
        told = [(a.outcome, a.reason, a.paid_fen, a.payers, a.upload) for a in answers if isinstance(a, Answer)]
        assert told == [
            ("accepted", "OK_DISCOUNT", 1200, (("civil-affairs-330481", 210), ("city-budget", 90)), "agreed"),
            ("accepted", "LIMIT_SLOT", 1200, (("city-budget", 300),), "accepted_in_error"),
            ("accepted", "CARD_LOST", 0, (("operator", 200),), "accepted_in_error"),
        ]
        assert await verified(town)
