"""Stand-ins around cards answer as the real ones would, and fail as they were told to."""

import asyncio
import json
from datetime import date

import pytest

from onecard.cards.householdfile import read_household_file
from onecard.cards.makefile import MakeFile, MakeRow, write_make_file
from onecard.cards.returnfile import match_batch, read_return_file
from onecard.standins.maker import LETTERS, return_bytes
from onecard.standins.personalisation import Personalisation
from onecard.standins.province import Province
from onecard.standins.register import DayWish, day_bytes
from onecard.values.fixed_columns import FileProblem
from onecard.values.masked import PersonName, PersonNumber
from onecard.values.person_number import is_person_number

DAY = date(2024, 11, 1)
ROWS = tuple(
    MakeRow(kind="first", ss_no=PersonNumber(f"33049519510512{n:04d}"), name=PersonName(f"王{n}·买买提"), region="330481", bank="B01",
            replaces=None)
    for n in range(7)
)  # fmt: skip
MAKE = MakeFile(batch="M20241101-0A0B0C0D", encoding="GB18030", rows=ROWS)
PEOPLE = {"elder": (PersonNumber("330495195105120410"), PersonName("王·买买提"))}


def test_a_good_maker_answers_every_row_with_a_card_of_its_own():
    file = read_return_file(return_bytes(MAKE, "none", DAY, 100))
    match_batch(file, ROWS)
    numbers = [row.made.number.reveal() for row in file.rows if row.made]
    assert len(set(numbers)) == len(ROWS)
    assert all(number.startswith(LETTERS) for number in numbers)
    assert all(_luhn(row.made.bank_card.reveal()) for row in file.rows if row.made and row.made.bank_card)


def test_a_maker_fails_some_rows_at_either_stage():
    file = read_return_file(return_bytes(MAKE, "partial", DAY, 100))
    match_batch(file, ROWS)
    assert [row.stage for row in file.rows] == ["bank", None, None, "making", None, None, "bank"]


@pytest.mark.parametrize(("fault", "name"), [("short", "count"), ("total", "made"), ("encoding", "name")])
def test_a_makers_wrong_file_is_wrong_where_it_should_be(fault, name):
    with pytest.raises(FileProblem) as refused:
        match_batch(read_return_file(return_bytes(MAKE, fault, DAY, 100)), ROWS)
    assert refused.value.place[2] == name


def test_the_maker_answers_a_batch_once_and_gives_no_number_twice(tmp_path):
    inbox, outbox, said = tmp_path / "in", tmp_path / "out", []
    inbox.mkdir()
    maker = Personalisation(inbox=inbox, outbox=outbox, fault="none", late_seconds=0, say=said.append)
    (inbox / "A.make").write_bytes(write_make_file(MAKE))
    maker.run(once=True)
    first = (outbox / "A.return").read_bytes()
    (inbox / "B.make").write_bytes(write_make_file(MAKE))
    maker.run(once=True)
    assert (outbox / "A.return").read_bytes() == first
    numbers = [row.made.number for name in "AB" for row in read_return_file((outbox / f"{name}.return").read_bytes()).rows if row.made]
    assert len(set(numbers)) == 14
    assert len(said) == 2


def test_a_batch_that_no_maker_can_read_is_said_aloud(tmp_path):
    (tmp_path / "A.make").write_bytes(b"H|")
    said = []
    Personalisation(inbox=tmp_path, outbox=tmp_path, fault="none", late_seconds=0, say=said.append).run(once=True)
    assert "A.make" in said[0]


def asked(province: Province, path: str) -> tuple[int, dict[str, str]]:
    """Return status and body of one request to the province's application."""
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(province({"type": "http", "method": "GET", "path": path}, None, send))
    return sent[0]["status"], json.loads(sent[1]["body"])


def test_the_province_says_what_it_knows_and_sometimes_nothing():
    key = "ab" * 31 + "04"
    assert asked(Province(otherwise="active"), f"/cards/{key}") == (200, {"status": "active"})
    assert asked(Province(known={key: "cancelled"}), f"/cards/{key}") == (200, {"status": "cancelled"})
    assert asked(Province(unknown_of=4), f"/cards/{key}")[0] == 503
    assert asked(Province(unknown_of=1000), f"/cards/{key}")[0] == 200
    assert asked(Province(), "/cards/B00000019")[0] == 404


BORN = {"births_region": "330481", "births_area": "330497"}


def test_the_register_tells_a_day():
    wish = DayWish(day=DAY, deaths=["elder"], moves=[("elder", "330483")], births=3, **BORN)
    file = read_household_file(day_bytes(wish, PEOPLE, "none"))
    assert (file.feed, [event.event for event in file.events]) == ("HJ20241101", ["death", "move", "birth", "birth", "birth"])
    assert all(is_person_number(event.ss_no.reveal()) for event in file.events)


@pytest.mark.parametrize(("fault", "name"), [("short", "count"), ("total", "count"), ("encoding", "name")])
def test_the_registers_wrong_file_is_refused(fault, name):
    wish = DayWish(day=DAY, deaths=["elder"], births=1, **BORN)
    with pytest.raises(FileProblem) as refused:
        read_household_file(day_bytes(wish, PEOPLE, fault))
    assert refused.value.place[2] == name


def _luhn(number: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(value - 9 * (value > 9) for value in doubled) % 10 == 0
