"""Codes of other places, recognised by the decoding service, which runs as a process of its own: new faces, known ones, and its faults."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from onecard.app.decoding import HttpDecoder
from onecard.app.foreign_codes import ForeignCodes
from onecard.app.opening import Store
from onecard.cards.model import NewIdDocument
from onecard.cards.service import register_cards
from onecard.people.service import masked_name
from onecard.uses.model import Answer, Offline, Tap
from onecard.values.masked import PersonNumber
from onecard.values.person_number import check_character
from tests.database.town import LONG_AGO, NOON, Town, open_town


def person_number(first_17: str) -> str:
    return first_17 + check_character(first_17)


ELDER = {"si_no": person_number("33049519590501002"), "name": "方示远", "born": "1959-05-01", "region": "341800"}
YOUNG = {"si_no": person_number("33049519900501002"), "name": "方示近", "born": "1990-05-01", "region": "341800"}


@contextmanager
def service(fault: str = "none") -> Iterator[str]:
    """Run the played service as anyone would, and lend its address."""
    command = [sys.executable, "-m", "onecard.cli.main", "standins", "decode", "--fault", fault]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().removeprefix("Ready: ").strip()
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def well() -> Iterator[str]:
    with service() as url:
        yield url


def shown(url: str, person: dict[str, str]) -> str:
    """Return what the phone of somebody from elsewhere shows."""
    connection = HTTPConnection(urlsplit(url).netloc, timeout=5)
    connection.request("POST", "/v1/show", json.dumps(person))
    code: str = json.loads(connection.getresponse().read())["code"]
    connection.close()
    return code


@asynccontextmanager
async def town_that_asks(store: Store, url: str, *, build: bool = True, server: str = "test") -> AsyncIterator[Town]:
    foreign = ForeignCodes(provider=HttpDecoder(url, time.monotonic), database=store.database, keyring=store.keyring)
    async with open_town(store, foreign=foreign, build=build, server=server) as town:
        yield town


def tap_of(town: Town, code: str, terminal: str = "BUS-1", seq: int = 1, **more: Any) -> Tap:
    like = town.tap("elder", terminal, seq, **more)
    return Tap(**{**{name: getattr(like, name) for name in Tap.__struct_fields__}, "kind": "code", "value": code, **more})


async def told(town: Town, *taps: Tap) -> list[tuple[str, str]]:
    answers = [await town.uses.tap(tap) for tap in taps]
    return [(answer.outcome, answer.reason) for answer in answers if isinstance(answer, Answer)]


async def subjects(store: Store) -> int:
    async with store.database.acquire("desk") as connection:
        number: int = await connection.fetchval("SELECT count(*) FROM people_subject")
        return number


async def test_who_comes_for_the_first_time_is_known_by_birth_date_and_home_alone(store: Store, well: str) -> None:
    async with town_that_asks(store, well) as town:
        before = await subjects(store)
        assert await told(town, tap_of(town, shown(well, ELDER))) == [("accepted", "OK_DISCOUNT")]
        explained = await town.uses.explain("BUS-1.1")
        assert explained is not None and explained["programme"] == "elder-pass-bus" and await subjects(store) == before + 1
        async with store.database.acquire("desk") as connection:
            assert await masked_name(connection, store.keyring, explained["subject"]) is None
            facts = await connection.fetchval("SELECT count(*) FROM people_fact WHERE subject = $1", explained["subject"])
            everything = "".join(row[0] for row in await connection.fetch("SELECT c::text FROM cards_credential AS c"))
        assert facts == 0 and ELDER["si_no"] not in everything


async def test_the_next_time_he_is_the_same_person(store: Store, well: str) -> None:
    async with town_that_asks(store, well) as town:
        await told(town, tap_of(town, shown(well, ELDER)), tap_of(town, shown(well, ELDER), seq=2))
        first, second = await town.uses.explain("BUS-1.1"), await town.uses.explain("BUS-1.2")
        assert first is not None and second is not None and first["subject"] == second["subject"]
        assert next(limit for limit in second["limits"] if limit["name"] == "elder-rides")["used_before"] == 1


async def test_who_is_known_by_his_id_document_stays_who_he_is(store: Store, well: str) -> None:
    async with town_that_asks(store, well) as town:
        async with store.database.acquire("desk") as connection:
            document = NewIdDocument(subject=1, number=PersonNumber(ELDER["si_no"]), valid_from=LONG_AGO)
            await register_cards(connection, store.keyring, [], [document])
        before = await subjects(store)
        await told(town, tap_of(town, shown(well, ELDER)))
        explained = await town.uses.explain("BUS-1.1")
        assert explained is not None and explained["subject"] == 1 and await subjects(store) == before


async def test_two_servers_that_meet_him_at_once_know_one_person(store: Store, well: str) -> None:
    async with town_that_asks(store, well) as here, town_that_asks(store, well, build=False, server="there") as there:
        before = await subjects(store)
        codes = [shown(well, YOUNG) for _ in range(6)]
        towns = [here, there] * 3
        answers = await asyncio.gather(
            *(town.uses.tap(tap_of(town, code, "BUS-1", seq)) for seq, (town, code) in enumerate(zip(towns, codes, strict=True), 1))
        )
        assert [answer.outcome for answer in answers if isinstance(answer, Answer)] == ["accepted"] * 6
        assert await subjects(store) == before + 1


async def test_a_code_of_another_place_opens_one_thing_too(store: Store, well: str) -> None:
    async with town_that_asks(store, well) as town:
        code = shown(well, ELDER)
        first = tap_of(town, code)
        assert await told(town, first, tap_of(town, code, seq=2), tap_of(town, code, "BUS-2")) == [
            ("accepted", "OK_DISCOUNT"), ("refused", "CODE_REPLAYED"), ("refused", "CODE_REPLAYED"),
        ]  # fmt: skip
        again = await town.uses.tap(first)
        assert isinstance(again, Answer) and again.duplicate and again.outcome == "accepted"


async def test_a_code_that_the_service_does_not_know_is_none(store: Store, well: str) -> None:
    async with town_that_asks(store, well) as town:
        assert await told(town, tap_of(town, "SI1:nobody")) == [("refused", "CODE_BAD_SIGN")]


@pytest.mark.parametrize("fault", ["slow", "wrong", "unavailable"])
async def test_a_service_that_fails_keeps_nobody_waiting_and_registers_nobody(store: Store, fault: str) -> None:
    with service(fault) as url:
        async with town_that_asks(store, url) as town:
            before = await subjects(store)
            taps = [tap_of(town, shown(url, ELDER), seq=seq) for seq in range(1, 6)]
            began = time.monotonic()
            assert await told(town, *taps) == [("refused", "CARD_UNKNOWN")] * 5
            assert fault == "wrong" or time.monotonic() - began < 2.5, "asked once, then left in peace"
            assert await subjects(store) == before


async def test_a_card_is_served_while_the_service_is_away(store: Store) -> None:
    async with town_that_asks(store, "http://127.0.0.1:9") as town:
        assert await told(town, tap_of(town, "SI1:x"), town.tap("visitor", "BUS-1", 2)) == [
            ("refused", "CARD_UNKNOWN"), ("accepted", "OK_DISCOUNT"),
        ]  # fmt: skip


async def test_what_a_terminal_let_in_on_such_a_code_is_never_lost(store: Store, well: str) -> None:
    async with town_that_asks(store, well) as town:
        offline = Offline(outcome="accepted", paid_fen=100)
        taps = [tap_of(town, shown(well, ELDER), seq=1, offline=offline), tap_of(town, "SI1:nobody", seq=2, offline=offline)]
        answers = await town.uses.record(taps, NOON)
        assert [(answer.reason, answer.upload) for answer in answers if isinstance(answer, Answer)] == [
            ("OK_DISCOUNT", "agreed"), ("CODE_BAD_SIGN", "accepted_in_error"),
        ]  # fmt: skip
