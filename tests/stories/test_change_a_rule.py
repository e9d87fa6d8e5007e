"""The guide `change-a-rule`, walked: one county's meal tariff from next month, its cost, two persons, and the day on which it holds."""

import re
import time
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.stories.doors import City
from tests.stories.moved import Moved
from tests.stories.programs import Program, said
from tests.stories.test_staff import Worker

HAINING, TONGXIANG = "canteen-haining", "canteen-tongxiang"
DRAFTS = "/console/policies/-/drafts"
FORM = {"cell": "figures/own_least/else", "case": "330481", "value": "13.50", "since": "2024-11-01", "act": "set"}


@pytest.fixture(scope="module")
def moved(city: City) -> Iterator[Moved]:
    with Moved.copy_of(city) as moved:
        yield moved


def eaten(city: City, who: str, canteen: str, at: str, service: str = "lunch") -> tuple[int, int]:
    """Return what is paid for a meal, and by which version."""
    answer = city.tap(who, canteen, occurred_at=f"{at}:00+08:00", service=service)
    return answer["paid"], answer["version"]


def source_on(page: str) -> str:
    """Return the document that stands in the page's field."""
    found = re.search(r'<textarea class="source"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None, page
    return unescape(found[1]).strip("\n") + "\n"


def posted(worker: Worker, path: str, **fields: str) -> Any:
    return worker.http.post(path, data=fields, headers={"Origin": str(worker.http.base_url).rstrip("/")}, follow_redirects=True)


def released(city: City) -> dict[str, Any]:
    """Change the tariff by the form, see its cost, hand it in and let another approve it; return the second person's page."""
    author, approver = Worker(city, "policy-author"), Worker(city, "policy-approver")
    with closing(author.http), closing(approver.http):
        return handed_on(city, author, approver)


def handed_on(city: City, author: Worker, approver: Worker) -> dict[str, Any]:
    """Do so as these two."""
    page = author.http.get(DRAFTS, params={"programme": "meal-subsidy"}).text
    changed = posted(author, DRAFTS, do="edit", source=source_on(page), reason="", **FORM)
    assert changed.status_code == 200, changed.text
    assert "数值“own_least”，2024-11-01 起，330481：由 3.00 改为 13.50 元" in changed.text
    assert "从 2024-11-01 起才起作用" in changed.text
    source = source_on(changed.text)
    simulated = posted(author, DRAFTS, do="simulate", source=source)
    lost = re.search(r"<dt>少得（人）</dt><dd>(\d+)</dd>", simulated.text)
    assert lost is not None and int(lost[1]) > 0, simulated.text
    waiting = posted(author, DRAFTS, do="propose", source=source, reason="海宁 11 月起自付不低于 13.5 元", simulated="1")
    where = waiting.url.path
    assert where.startswith(f"{DRAFTS}/"), waiting.text
    assert "form.decide" not in waiting.text and "必须由另一个人决定" in waiting.text, "nobody approves his own"
    read = approver.http.get(where).text
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', read)
    assert digest is not None
    decide = where.replace(DRAFTS, "/console/approvals")
    assert posted(author, decide, decision="approve", digest=digest[1], reason="").status_code == 403
    assert posted(approver, decide, decision="approve", digest=digest[1], reason="费用已与财政核对").status_code == 200
    told: dict[str, Any] = approver.http.get("/v1/policies/meal-subsidy").json()["history"][0]
    for worker in (author, approver):
        worker.http.close()
    return {"page": read, "told": told}


def test_a_tariff_of_next_month_is_changed_by_two_and_holds_on_its_day_everywhere(moved: Moved, tmp_path: Path) -> None:
    city = moved.at("2024-10-31T20:00:00")
    assert eaten(city, "local-65", HAINING, "2024-10-31T11:30") == (1300, 1)
    found = released(city)
    assert "第 1 版" in found["page"] and "受损（人）" in found["page"], "the second person sees what the author saw"
    assert (found["told"]["version"], found["told"]["state"], found["told"]["corrections"]) == (2, "in_force", None)
    assert found["told"]["released"]["figures"]["lose"] > 0
    assert eaten(city, "local-65", HAINING, "2024-10-31T17:00", "dinner") == (1300, 2), "the version is there, its tariff is not yet"

    city = moved.at("2024-10-31T23:59:20")
    with Program.at(city, HAINING, tmp_path / "canteen", "--service", "lunch") as canteen:
        city.tap("local-72", "bus", occurred_at=city.now().isoformat())
        moved.leave()
        card = city.shown("local-72")["value"]
        before = canteen.alone(card)
        while canteen.says("#status")["now"] < "2024-11-01":
            time.sleep(0.2)
        after = canteen.alone(card)
        assert [said(each) for each in (before, after)] == [("accepted", "OK_DISCOUNT", 1200), ("accepted", "OK_DISCOUNT", 1350)]
        city = moved.at("2024-11-01T11:40:00")
        canteen.synced()
    assert [city.explained(each["use"], HAINING)["upload"] for each in (before, after)] == ["agreed", "agreed"]
    assert eaten(city, "local-65", HAINING, "2024-11-01T11:30") == (1350, 2)
    assert eaten(city, "local-58", TONGXIANG, "2024-11-01T11:30")[0] == 1500
    assert eaten(city, "local-93", TONGXIANG, "2024-11-01T11:30") == (900, 2), "the other counties keep theirs"
    alone = {"outcome": "accepted", "paid": 900}
    late = city.answer(city.use("local-93", HAINING, occurred_at="2024-10-31T11:45:00+08:00", offline=alone), HAINING)
    assert (late["paid"], late["version"]) == (900, 2), "what was eaten before the day is settled by the tariff of its day"
    told = city.explained(after["use"], HAINING)
    assert (told["programme"], told["version"], told["money"]["paid"]) == ("meal-subsidy", 2, 1350)
    assert city.onecard("verify", "--json").json()["ok"]
