"""Dynamic codes through the real lanes and the real store: each opens one thing, once, for one minute, whatever runs at once."""

import asyncio
import hashlib
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from onecard.app.code_keys import CodeKeys
from onecard.app.opening import Store
from onecard.cards.codes import CodeTools, allow_codes, show_code
from onecard.cards.ecard import CodeRules
from onecard.cards.model import StateRow
from onecard.cards.store import add_states, cards_of
from onecard.db.faults import StoreLost
from onecard.ledger.verify import verify_ledger
from onecard.settings.clock import HomeClock
from onecard.settings.home import Home
from onecard.settings.keys import load_keyring
from onecard.uses.model import Answer, Offline, Tap
from onecard.uses.plan import SeqReused, anonymous_salt
from tests.database.town import NOON, Town, open_town

SUBJECTS = {"visitor": 1, "elder": 2, "young": 3}


class _Noon(HomeClock):
    def now(self):
        return NOON


@dataclass
class Phones:
    """The town with its phones."""

    town: Town
    keys: CodeKeys
    tools: CodeTools

    async def shown(self, who: str, *, after: timedelta = timedelta(0), shared: bool = False) -> str:
        """Return what the phone of *who* shows some time *after* noon."""
        async with self.town.store.database.acquire("desk") as connection, connection.transaction():
            return (await show_code(connection, self.tools, self.keys.signing(shared=shared), SUBJECTS[who], NOON + after)).code

    def tap(self, code: str, terminal: str = "BUS-1", seq: int = 1, **more: Any) -> Tap:
        """Return a tap that shows *code* now."""
        like = self.town.tap("elder", terminal, seq, **more)
        return Tap(**{**{name: getattr(like, name) for name in Tap.__struct_fields__}, "kind": "code", "value": code, **more})

    async def taps(self, *taps: Tap) -> list[tuple[str, str]]:
        """Return outcome and reason of each tap, one after the other."""
        return [told(await self.town.uses.tap(tap)) for tap in taps]


def told(answer: Any) -> tuple[str, str]:
    assert isinstance(answer, Answer)
    return answer.outcome, answer.reason


@pytest.fixture
async def phones(store: Store, tmp_path: Path) -> AsyncIterator[Phones]:
    home = Home(folder=tmp_path / "home")
    home.create()
    keys = CodeKeys(home, load_keyring(home.keys), "SM", _Noon())
    count = itertools.count(1)
    chance: Callable[[int], bytes] = lambda size: hashlib.sha256(f"{next(count)}".encode()).digest()[:size]  # noqa: E731
    async with open_town(store, issuers=lambda: keys.issuers) as town:
        yield Phones(town, keys, CodeTools(keyring=store.keyring, rules=CodeRules(), chance=chance))
        async with store.database.acquire("audit_ro") as connection:
            checks = await verify_ledger(connection, anonymous_salt(store.keyring.hash_key))
        assert [check for check in checks if not check.ok] == []


@pytest.mark.parametrize("shared", [False, True], ids=["signed", "with a MAC"])
async def test_a_code_opens_what_its_persons_card_opens(phones: Phones, shared: bool) -> None:
    answer = await phones.town.uses.tap(phones.tap(await phones.shown("visitor", shared=shared)))
    assert isinstance(answer, Answer)
    assert (answer.outcome, answer.reason, answer.paid_fen, answer.programme) == ("accepted", "OK_DISCOUNT", 100, "elder-pass-bus")


async def test_a_code_and_a_card_draw_on_one_limit(phones: Phones) -> None:
    meal = await phones.town.uses.tap(phones.tap(await phones.shown("elder"), "CANTEEN-1", 1))
    again = await phones.town.uses.tap(phones.town.tap("elder", "CANTEEN-1", 2))
    assert [told(meal)[1], told(again)[1]] == ["OK_DISCOUNT", "LIMIT_SLOT"]


async def test_a_code_opens_one_thing(phones: Phones) -> None:
    code = await phones.shown("elder")
    assert await phones.taps(phones.tap(code), phones.tap(code, "BUS-2"), phones.tap(code, "BUS-1", 2)) == [
        ("accepted", "OK_FREE"), ("refused", "CODE_REPLAYED"), ("refused", "CODE_REPLAYED"),
    ]  # fmt: skip


async def test_one_code_twice_in_one_batch_opens_one_thing(phones: Phones) -> None:
    code = await phones.shown("elder")
    answers = await phones.town.uses.record([phones.tap(code, seq=seq) for seq in (1, 2, 3)], NOON)
    assert [told(answer)[1] for answer in answers] == ["OK_FREE", "CODE_REPLAYED", "CODE_REPLAYED"]


async def test_two_servers_at_once_open_one_thing(phones: Phones) -> None:
    codes = [await phones.shown("elder") for _ in range(10)]
    async with open_town(phones.town.store, build=False, server="there", issuers=lambda: phones.keys.issuers) as there:
        answers = await asyncio.gather(
            *(phones.town.uses.tap(phones.tap(code, "BUS-1", seq)) for seq, code in enumerate(codes, 1)),
            *(there.uses.tap(phones.tap(code, "BUS-2", seq)) for seq, code in enumerate(codes, 1)),
        )
    reasons = [told(answer)[1] for answer in answers]
    assert {reasons.count("OK_FREE"), reasons.count("CODE_REPLAYED")} == {10}
    assert all({reasons[number], reasons[number + 10]} == {"OK_FREE", "CODE_REPLAYED"} for number in range(10))


async def test_the_same_tap_again_is_the_same_answer(phones: Phones) -> None:
    tap = phones.tap(await phones.shown("elder"))
    first, again = await phones.town.uses.tap(tap), await phones.town.uses.tap(tap)
    assert isinstance(first, Answer) and isinstance(again, Answer)
    assert (again.outcome, again.reason, again.duplicate) == ("accepted", "OK_FREE", True)
    other = await phones.town.uses.tap(phones.tap(await phones.shown("elder")))
    assert isinstance(other, SeqReused), "another code under the same number is other content"


async def test_a_tap_whose_commit_was_lost_is_no_replay_of_itself(phones: Phones, monkeypatch: pytest.MonkeyPatch) -> None:
    from onecard.ledger import service as ledger

    write, lost = ledger.write, []

    async def write_and_lose(connection: Any, batch: Any) -> None:
        await write(connection, batch)
        if not lost:
            lost.append(batch)
            raise StoreLost("the answer went astray")

    monkeypatch.setattr(ledger, "write", write_and_lose)
    assert await phones.taps(phones.tap(await phones.shown("elder"))) == [("accepted", "OK_FREE")]
    assert lost


@pytest.mark.parametrize(
    ("wait", "ahead", "reason"),
    [
        pytest.param(59, 0, "OK_FREE", id="59 s"),
        pytest.param(61, 0, "CODE_EXPIRED", id="61 s"),
        pytest.param(3600, 0, "CODE_EXPIRED", id="an hour"),
        pytest.param(0, -180, "CODE_CLOCK", id="a terminal three minutes slow"),
        pytest.param(0, -15, "OK_FREE", id="a terminal 15 s slow"),
        pytest.param(55, 15, "OK_FREE", id="a terminal 15 s fast"),
        pytest.param(0, 90, "CODE_EXPIRED", id="a terminal 90 s fast"),
    ],
)
async def test_a_code_lives_a_minute(phones: Phones, wait: int, ahead: int, reason: str) -> None:
    code = await phones.shown("elder")
    phones.town.moment[0] = NOON + timedelta(seconds=wait)
    occurred_at = NOON + timedelta(seconds=wait + ahead)
    assert (await phones.taps(phones.tap(code, occurred_at=occurred_at)))[0][1] == reason


async def test_a_refused_code_can_be_shown_where_it_is_good(phones: Phones) -> None:
    code = await phones.shown("elder")
    shut = phones.tap(code, "CANTEEN-1", service="lunch", occurred_at=NOON - timedelta(seconds=40))
    assert await phones.taps(shut, phones.tap(code)) == [("refused", "CODE_CLOCK"), ("accepted", "OK_FREE")]


@pytest.mark.parametrize("broken", [lambda code: code[:-1], lambda code: code.replace(".330481.", ".110105.", 1), lambda _: "anything"])
async def test_a_code_that_is_not_authentic_names_nobody(phones: Phones, broken: Callable[[str], str]) -> None:
    answer = await phones.town.uses.tap(phones.tap(broken(await phones.shown("elder"))))
    assert told(answer) == ("refused", "CODE_BAD_SIGN")
    assert isinstance(answer, Answer)
    explained = await phones.town.uses.explain(answer.use)
    assert explained is not None and explained["replays"] and explained["subject"] is None
    assert explained["conditions"][0]["reason"] == "CODE_BAD_SIGN" and not explained["conditions"][0]["held"]


async def test_a_pseudonym_alone_is_no_code(phones: Phones) -> None:
    pseudonym = (await phones.shown("elder")).split(".")[2]
    assert await phones.taps(phones.tap(pseudonym)) == [("refused", "CODE_BAD_SIGN")]


@pytest.mark.parametrize("reason", ["CODE_EXPIRED", "CODE_REPLAYED"])
async def test_the_explanation_begins_with_the_code(phones: Phones, reason: str) -> None:
    code = await phones.shown("elder")
    late = timedelta(seconds=100) if reason == "CODE_EXPIRED" else timedelta(0)
    await phones.taps(phones.tap(code, "BUS-2"))
    phones.town.moment[0] += late
    answer = await phones.town.uses.tap(phones.tap(code, occurred_at=NOON + late))
    assert told(answer) == ("refused", reason)
    explained = await phones.town.uses.explain("BUS-1.1")
    assert explained is not None and explained["replays"] and explained["method"] == "code" and explained["subject"] == 2
    assert [(each["reason"], each["held"]) for each in explained["conditions"]] == [(reason, False)]


async def test_a_code_follows_the_card(phones: Phones) -> None:
    codes = [await phones.shown("elder") for _ in range(3)]
    database = phones.town.store.database
    async with database.acquire("desk") as connection:
        card = (await cards_of(connection, 2))[0]
        await add_states(connection, [card.number_key], StateRow(NOON - timedelta(seconds=30), "temp_loss", NOON + timedelta(days=5)))
    assert await phones.taps(phones.tap(codes[0])) == [("refused", "CARD_LOST")]
    async with database.acquire("desk") as connection:
        await allow_codes(connection, phones.tools, 2, NOON)
    assert await phones.taps(phones.tap(codes[1], seq=2)) == [("accepted", "OK_FREE")]
    async with database.acquire("desk") as connection:
        await add_states(connection, [card.number_key], StateRow(NOON + timedelta(seconds=1), "formal_loss"))
    phones.town.moment[0] += timedelta(seconds=2)
    assert await phones.taps(phones.tap(codes[2], seq=3)) == [("refused", "CARD_LOST")]


async def test_codes_that_were_taken_offline_are_held_against_the_record(phones: Phones) -> None:
    code, late = await phones.shown("elder"), await phones.shown("elder")
    offline = Offline(outcome="accepted", paid_fen=0)
    taps = [
        phones.tap(code, "BUS-1", 1, offline=offline),
        phones.tap(code, "BUS-2", 1, offline=offline),
        phones.tap(late, "BUS-1", 2, offline=offline, occurred_at=NOON + timedelta(seconds=80)),
        phones.tap("forged", "BUS-1", 3, offline=offline),
    ]
    answers = await phones.town.uses.record(taps, NOON + timedelta(hours=6))
    assert [(answer.outcome, answer.reason, answer.upload) for answer in answers if isinstance(answer, Answer)] == [
        ("accepted", "OK_FREE", "agreed"),
        ("accepted", "CODE_REPLAYED", "accepted_in_error"),
        ("accepted", "CODE_EXPIRED", "accepted_in_error"),
        ("accepted", "CODE_BAD_SIGN", "accepted_in_error"),
    ]
    assert await phones.taps(phones.tap(late, "BUS-2", 2)) == [("refused", "CODE_REPLAYED")], "it opened something, though too late"
    for use, reason in (("BUS-2.1", "CODE_REPLAYED"), ("BUS-1.2", "CODE_EXPIRED"), ("BUS-1.3", "CODE_BAD_SIGN")):
        explained = await phones.town.uses.explain(use)
        assert explained is not None
        assert [(each["reason"], each["held"]) for each in explained["conditions"]] == [(reason, False)]


async def test_a_guardians_code_is_spent_like_any(phones: Phones) -> None:
    phones.town.moment[0] += timedelta(hours=7)
    after = timedelta(hours=7)
    code, adult = await phones.shown("young", after=after), await phones.shown("elder", after=after)
    with_adult = phones.tap(code, "CAMPUS-1", 1, guardian=("code", adult), service="entry", list_price_fen=0)
    assert await phones.taps(with_adult, phones.tap(adult, "BUS-1", 1)) == [("accepted", "OK"), ("refused", "CODE_REPLAYED")]


async def test_verify_names_a_code_that_is_not_spent(store: Store, phones: Phones) -> None:
    await phones.taps(phones.tap(await phones.shown("elder")))
    async with store.database.acquire("migrate") as owner, store.database.acquire("audit_ro") as auditor:
        await owner.execute("UPDATE ledger_code SET terminal = 'BUS-9'")
        checks = await verify_ledger(auditor, anonymous_salt(store.keyring.hash_key))
        await owner.execute("UPDATE ledger_code SET terminal = 'BUS-1'")
    assert {check.name: sorted(check.problems) for check in checks if not check.ok} == {
        "codes-open-once": ["a code is spent by BUS-9.1, which accepted nothing", "use BUS-1.1 was opened by a code that is not spent"]
    }
