"""A second city: Xuancheng is built by its data alone, remembers who it is, and treats its neighbours from Jiaxing by its own rules."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stories.doors import City, CommandLine

pytestmark = pytest.mark.long  # Its city is a second build; what its documents say is tested with the policies.

SCALE = 10_000
SIGHT, CANTEEN = "culture-tourism-341823", "civil-affairs-341802"
WORKDAY = "2024-10-30T10:20:00+08:00"
HOLIDAY = "2024-10-03T10:20:00+08:00"

GETS = [  # Who, at which terminal, service, list price, when → reason, paid, programme, payers.
    ("jiaxing-62", "bus", "ride", 100, WORKDAY, "OK_DISCOUNT", 50, "elder-pass-bus", {"transit-341800": 30, "city-budget": 20}),
    ("jiaxing-65", "bus", "ride", 100, WORKDAY, "OK_FREE", 0, "elder-pass-bus", {"transit-341800": 60, "city-budget": 40}),
    ("jiaxing-40", "bus", "ride", 100, WORKDAY, "NOT_ELIGIBLE_REGION", 100, None, {}),
    ("local-58", "bus", "ride", 100, WORKDAY, "OK_DISCOUNT", 80, "ordinary-card-fare", {"transit-341800": 20}),
    ("local-65", "bus", "ride", 100, WORKDAY, "OK_FREE", 0, "local-elder-fare", {"transit-341800": 60, "city-budget": 40}),
    ("beijing-72", "bus", "ride", 100, WORKDAY, "NOT_ELIGIBLE_REGION", 100, None, {}),
    ("jiaxing-40", "scenic", "entry", 6000, WORKDAY, "OK_DISCOUNT", 3600, "twin-city-sights", {"operator": 1200, SIGHT: 1200}),
    ("local-58", "scenic", "entry", 6000, WORKDAY, "OK_DISCOUNT", 3600, "twin-city-sights", {"operator": 1200, SIGHT: 1200}),
    ("jiaxing-40", "scenic", "entry", 6000, HOLIDAY, "BENEFIT_EXCLUDED_DAY", 6000, None, {}),
    ("jiaxing-62", "scenic", "entry", 6000, HOLIDAY, "OK_DISCOUNT", 3000, "elder-pass-scenic", {SIGHT: 3000}),
    ("wujiang-65", "scenic", "entry", 6000, WORKDAY, "OK_FREE", 0, "elder-pass-scenic", {SIGHT: 6000}),
    ("jiaxing-65", "merchant", "purchase", 10_000, WORKDAY, "OK_DISCOUNT", 8800, "elder-pass-merchant", {"operator": 1200}),
    ("jiaxing-40", "merchant", "purchase", 10_000, WORKDAY, "NOT_ELIGIBLE_AGE", 10_000, None, {}),
    ("local-65", "canteen-xuanzhou", "lunch", 1200, WORKDAY, "OK_DISCOUNT", 1050, "meal-subsidy", {CANTEEN: 75, "city-budget": 75}),
    ("jiaxing-65", "canteen-guangde", "lunch", 1200, WORKDAY, "NOT_ELIGIBLE_REGION", 1200, None, {}),
    ("jiaxing-40", "library", "loan", 0, WORKDAY, "OK", 0, None, {}),
]  # fmt: skip


@pytest.fixture(scope="module")
def xuancheng(commands: CommandLine) -> Iterator[City]:
    """Xuancheng at 1:10000, built by name once; everything after is said without its name."""
    home = Path(tempfile.mkdtemp(prefix="onecard-second-"))
    built = commands.run("demo", "--city", "xuancheng", "--scale", str(SCALE), "--exit", home=home)
    assert built.code == 0, built.err
    city = City.open(home, commands, built.out)
    yield city
    city.close()
    said = city.serving.said()
    assert "Traceback" not in said, said
    shutil.rmtree(home)


def tap(city: City, who: str, terminal: str, service: str, price: int, at: str) -> dict[str, Any]:
    body = {
        "terminal": city.terminal(terminal)["id"], "seq": next(city.seqs), "credential": city.shown(who), "service": service,
        "list_price": price, "occurred_at": at,
    }  # fmt: skip
    return city.answer(body, terminal)


@pytest.mark.parametrize(
    ("who", "terminal", "service", "price", "at", "reason", "paid", "programme", "payers"), GETS,
    ids=[f"{row[0]} {row[1]} {row[4][5:10]}" for row in GETS],
)  # fmt: skip
def test_its_own_rules_decide(
    xuancheng: City, who: str, terminal: str, service: str, price: int, at: str, reason: str, paid: int, programme: str | None,
    payers: dict[str, int],
) -> None:  # fmt: skip
    answer = tap(xuancheng, who, terminal, service, price, at)
    assert (answer["outcome"], answer["reason"], answer["paid"], answer["programme"]) == ("accepted", reason, paid, programme)
    assert {payer["fund"]: payer["amount"] for payer in answer["payers"]} == payers


def test_its_bulletin_counts_its_own_uses_and_names_its_own_areas(xuancheng: City) -> None:
    counted = ("38915人次老年人享受到了景区优惠减免", "21840人次享受到了公交优惠减免", "15206人次享受到了商户优惠减免")
    assert [words for words in counted if words not in xuancheng.printed] == []
    told = xuancheng.onecard("bulletin", "--json").json()
    assert (told["museums"]["live"], told["scenic_areas"]["live"]) == (12, 22)
    assert told["campus"]["testing"] == {"schools": 3, "campuses": 4}
    assert set(told["canteens"]["by_county"]) <= {"341802", "341881", "341882"}
    assert "宁国3所学校4个校区" in xuancheng.printed
    assert not {name for name in ("嘉兴", "海宁", "Jiaxing", "Haining", "63365", "63,365") if name in xuancheng.printed}


def test_every_record_of_its_days_balances(xuancheng: City) -> None:
    checks = xuancheng.onecard("verify", "--json").json()
    assert checks["ok"], [check for check in checks["checks"] if not check["ok"]]


def test_its_home_knows_the_city_and_goes_on_with_it(xuancheng: City) -> None:
    again = xuancheng.onecard("demo", "--scale", str(SCALE), "--exit")
    assert (again.code, again.err) == (0, "")
    assert "宣州" in again.out
    assert {login["key"] for login in xuancheng.cast["logins"]} >= {"village-341802", "dept-341881", "auditor"}
    pages = [xuancheng.client.get(path) for path in ("/", "/terminal", "/terminal/canteen-ningguo")]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert "宣州" in pages[0].text
    assert "宁国老年食堂" in pages[1].text
    assert "嘉兴" not in pages[0].text + pages[1].text  # The third names people, some of whom come from there.


def test_a_tap_without_a_price_asks_what_is_usual_here(xuancheng: City) -> None:
    told = xuancheng.onecard("tap", "--terminal", "bus", "--credential", "jiaxing-62", "--dry-run", "--json").json()
    assert (told["list_price"], told["paid"]) == (100, 50)


def test_a_newborn_of_its_register_lives_in_it_and_has_a_number_of_nobody(xuancheng: City, tmp_path: Path) -> None:
    cast = tmp_path / "cast.json"
    cast.write_text(xuancheng.onecard("cast", "--json").out, encoding="utf-8")
    made = xuancheng.onecard("standins", "household", "--out", tmp_path, "--people", cast, "--births", "1")
    assert made.code == 0, made.err
    text = next(tmp_path.glob("*.household")).read_bytes().decode("gb18030")
    assert "341897" in text
    assert "341802" in text
