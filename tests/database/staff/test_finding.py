"""Residents looked for by what is known of them, and lists taken out as files: in scope alone, masked, on record, harmless to open."""

import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from onecard.app.opening import Store
from onecard.app.search_text import region_words
from onecard.app.staff_finding import FOUND_MAX, Known, KnownBy, KnownMalformed
from onecard.app.staff_search import Found, StaffSearch
from onecard.people.model import DatedFact, Identity, NewPerson
from onecard.people.service import register_people
from onecard.staff.errors import NotAllowed
from onecard.values.masked import PersonName, PersonNumber, Phone
from tests.database.staff.office import CARDS, HAINING, LONG_AGO, NAMES, NOON, TONGXIANG, Office, doors, enter, open_office

REGIONS = region_words({HAINING: {"zh": "海宁市", "en": "Haining"}, TONGXIANG: {"zh": "桐乡市", "en": "Tongxiang"}})
MANY = FOUND_MAX + 5
_LOOKS = "SELECT act, object, region, subject, content FROM audit_entry WHERE act LIKE 'residents.%' ORDER BY ctid"  # As written.


@pytest.fixture
async def office(store: Store) -> AsyncIterator[Office]:
    async with open_office(store, ("clerk", "clerk-haining", "clerk-tongxiang", "boss", "admin-audit")) as office:
        yield office


async def settle(office: Office, people: list[tuple[int, str, str, int, str]]) -> None:
    """Register more people: subject, name, phone, year of birth, region."""
    made = [
        NewPerson(
            subject=subject, born=date(born, 1, 1), home_region=region, salt=subject.to_bytes(16),
            identity=Identity(name=PersonName(name), number=PersonNumber(f"33049500000001{subject:04d}"), phone=Phone(phone)),
            facts=(DatedFact(fact="registered_region", since=LONG_AGO, value=region),),
        )
        for subject, name, phone, born, region in people
    ]  # fmt: skip
    async with office.store.database.acquire("batch") as connection, connection.transaction():
        await register_people(connection, office.store.keyring, made, NOON)


async def search(office: Office, who: str, text: str) -> Found:
    box = StaffSearch(work=office.desk.work, residents=office.desk.residents, regions=REGIONS)
    return await box.found(await office.acting(who), text)


def subjects(found: Found) -> list[int]:
    return [int(each["resident"]) for each in found.residents]


async def looks(office: Office) -> list[dict[str, Any]]:
    async with office.store.database.acquire("migrate") as connection:
        rows = await connection.fetch(_LOOKS)
    return [dict(row) for row in rows]


async def test_one_box_finds_by_all_that_is_known_and_shows_it_masked(office: Office):
    await settle(office, [(11, "王建国", "10012345678", 1971, TONGXIANG)])
    assert subjects(await search(office, "clerk", "王建国")) == [1, 11]
    assert subjects(await search(office, "clerk", "王建国 1971")) == [11]
    assert subjects(await search(office, "clerk", "王建国 海宁")) == [1]
    assert subjects(await search(office, "clerk", "wjg 桐乡")) == [11]
    assert subjects(await search(office, "clerk", "5678")) == subjects(await search(office, "clerk", "10012345678")) == [11]
    found = await search(office, "clerk", "0001")
    assert subjects(found) == [1] and found.residents[0]["cards"][0]["card"] == "*****0001"
    told = json.dumps((await search(office, "clerk", "100****5678")).residents, ensure_ascii=False)
    assert "王*国" in told and "100****5678" in told and not {"王建国", "10012345678"} & set(told.split('"'))


async def test_no_sign_stands_for_another(office: Office):
    for text in ("%", "_", "王%", "王_国", "%%%%", "____", "'; --", "\\", "*", "**", "王*国"):
        assert subjects(await search(office, "clerk", text)) == [], text
    assert subjects(await search(office, "clerk", "王建国%")) == [1], "a sign is no part of a name"


async def test_names_that_would_run_are_names(office: Office):
    assert subjects(await search(office, "clerk", NAMES[2])) == [2]
    assert subjects(await search(office, "clerk", NAMES[3])) == [3]


async def test_another_countys_residents_are_as_absent(office: Office):
    for text in ("王建国", "wjg", "0001", "王建国 海宁", CARDS[1]):
        assert (await search(office, "clerk-tongxiang", text)).count == 0
        assert subjects(await search(office, "clerk-haining", text)) == [1]
    assert (await search(office, "admin-audit", "王建国")).count == 0
    with pytest.raises(NotAllowed):
        await office.desk.finding.found(await office.acting("admin-audit"), Known(by="name", text="王建国"))


async def test_no_more_than_a_handful_is_shown_and_that_is_said(office: Office):
    await settle(office, [(100 + n, "张伟", f"1000000{n:04d}", 1950 + n, HAINING) for n in range(MANY)])
    found = await search(office, "clerk", "张伟")
    assert len(found.residents) == FOUND_MAX and found.more
    narrowed = await search(office, "clerk", "张伟 1953")
    assert subjects(narrowed) == [103] and not narrowed.more


async def test_each_look_is_on_record_with_whom_it_showed_and_without_what_was_typed(office: Office):
    await settle(office, [(11, "王建国", "10012345678", 1971, TONGXIANG)])
    acting = (await office.acting("clerk-haining")).because("counter 3")
    await office.desk.finding.found(acting, Known(by="name", text="王建国"))
    await office.desk.finding.found(await office.acting("clerk"), Known(by="name", text="王建国", born_year=0))
    await office.desk.finding.found(await office.acting("clerk"), Known(by="phone", text="12345678", region=TONGXIANG, born_year=1971))
    alone, two, phone = await looks(office)
    assert (alone["act"], alone["object"], alone["region"], alone["subject"]) == ("residents.search", "name * * *", HAINING, 1)
    assert (two["region"], two["subject"], json.loads(two["content"])["subjects"]) == ("330400", None, ["1", "11"])
    assert (phone["object"], phone["subject"]) == (f"phone *5678 {TONGXIANG} 1971", 11)
    assert "王建国" not in json.dumps([alone, two, phone], ensure_ascii=False, default=str)


TOO_LITTLE: tuple[tuple[KnownBy, str], ...] = (
    ("name", "王"), ("name", "%%%"), ("initials", "w"), ("phone", "123"), ("phone", "123456789012"), ("phone", "12a4"),
    ("phone", "１２３４"), ("card-end", "A00000001"), ("card-end", "12%4"),
)  # fmt: skip


async def test_too_little_is_refused_in_words(office: Office):
    acting = await office.acting("clerk")
    for by, text in TOO_LITTLE:
        with pytest.raises(KnownMalformed):
            await office.desk.finding.found(acting, Known(by=by, text=text))


async def test_by_http_nothing_that_is_known_stands_in_an_address(office: Office):
    async with doors(office.desk) as browser:
        clerk = browser()
        await enter(office, clerk, "clerk")
        answer = await clerk.post("/v1/residents/search", json={"by": "name", "text": "王建国", "purpose": "counter"})
        assert [each["name"] for each in answer.json()["residents"]] == ["王*国"] and answer.json()["more"] is False
        assert answer.headers["cache-control"] == "no-store"
        by_card = await clerk.post("/v1/residents/search", json={"by": "card", "text": CARDS[1]})
        assert by_card.json()["residents"] == answer.json()["residents"]
        for wrong in ({"by": "name"}, {"by": "name", "text": "王"}, {"by": "phone", "text": "12"}, {"by": "x", "text": "王建国"},
                      {"by": "name", "text": "王建国", "region": "3304%"}, {"by": "name", "text": "王建国", "q": "1"}):  # fmt: skip
            assert (await clerk.post("/v1/residents/search", json=wrong)).status_code == 422, wrong


def rows_of(answer: httpx.Response) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8" and answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_lists_are_taken_out_as_files_of_ones_own_regions(office: Office):
    await settle(office, [(12, "=1+1", "10012345678", 1971, HAINING), (13, "＠SUM(A1)", "+8610012345", 1971, HAINING)])
    async with doors(office.desk) as browser:
        clerk, other = browser(), browser()
        await enter(office, clerk, "clerk-haining")
        await enter(office, other, "clerk-tongxiang")
        labels, *rows = rows_of(await clerk.get("/v1/residents?format=csv"))
        assert labels == ["resident", "region", "name", "number", "phone"]
        assert [row[:2] for row in rows] == [["1", HAINING], ["2", HAINING], ["12", HAINING], ["13", HAINING]]
        assert [row[2] for row in rows][-2:] == ["'=**1", "'＠" + "*" * 6 + ")"] and rows[-1][4] == "'+86****2345"
        assert rows_of(await other.get(f"/v1/residents?format=csv&region={HAINING}")) == [labels]
        workbook = await clerk.get(f"/v1/residents?format=xlsx&region={HAINING}")
        assert zipfile.ZipFile(io.BytesIO(workbook.content)).read("xl/worksheets/sheet1.xml").count(b"<row ") == 5
        assert (await clerk.get("/v1/residents?format=csv&card=A00000001")).status_code == 422
        assert (await clerk.get("/v1/residents?format=pdf")).status_code == 422
    entries = [each for each in await looks(office) if each["act"] == "residents.export"]
    assert [json.loads(each["content"])["rows"] for each in entries] == [4, 0, 4]


async def test_approvals_are_taken_out_as_files(office: Office):
    await office.desk.cards.release(await office.acting("clerk-haining"), CARDS[2], "social", "=found at home")
    async with doors(office.desk) as browser:
        boss, other = browser(), browser()
        await enter(office, boss, "boss")
        await enter(office, other, "clerk-tongxiang")
        labels, *rows = rows_of(await boss.get("/v1/approvals?format=csv&state=waiting"))
        told = [dict(zip(labels, row, strict=True)) for row in rows]
        assert [(each["kind"], each["state"], each["reason"]) for each in told] == [("loss-release", "waiting", "'=found at home")]
        assert rows_of(await boss.get("/v1/approvals?format=csv&state=approved")) == [labels]
        assert rows_of(await other.get("/v1/approvals?format=csv")) == [labels]
