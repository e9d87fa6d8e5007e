"""A policy changed by two persons, by HTTP and from the command line: in force at once, from its day and not before; and days replayed."""

import asyncio
import json
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.stories.doors import ROOT, City
from tests.stories.test_staff import Worker, command_session

MERCHANT = (ROOT / "cities/jiaxing/policies/elder-pass-merchant.yaml").read_text(encoding="utf-8")
SECONDS_MAX = 90

POLICY = "/v1/policies/elder-pass-merchant"


@pytest.fixture(scope="module")
def town(city: City) -> Iterator[City]:
    """A copy of the city: what is released here, no other story meets."""
    with city.copied() as home:
        town = City.open(home, city.commands)
        yield town
        town.close()
        said = town.serving.said()
        assert "Traceback" not in said, said


@pytest.fixture(scope="module")
def two(town: City) -> Iterator[dict[str, Worker]]:
    """Who writes policies, who approves them, and who does neither."""
    workers = {key: Worker(town, key) for key in ("policy-author", "policy-approver", "card-clerk")}
    yield workers
    for worker in workers.values():
        worker.http.close()


def draft(day: date, title: str, percent: int = 80) -> str:
    """Return the merchants' document beginning on *day*, with another title and what is left to pay."""
    head, _, _ = MERCHANT.partition("tests:\n")
    text = head.replace("from: 2023-01-01", f"from: {day}").replace("Delta elder pass", title)
    text = text.replace("pay: list_price * share_to_pay", f"pay: list_price * {percent}%")
    text = text.replace("from 2023-01-01", f"from {day}")
    own = (f"{{age: 65, list_price: 100.00, expect: {{paid: {percent}.00}}}}", "{age: 59, expect: {reason: NOT_ELIGIBLE_AGE}}")
    return f"{text}tests:\n" + "".join(f"  - {case}\n" for case in own)


def prepared(worker: Worker, source: str, **more: Any) -> Any:
    return worker.http.post("/v1/policies", json={"source": source, "reason": "a new agreement", **more})


def approved(worker: Worker, waiting: dict[str, Any], **more: Any) -> Any:
    sent = {"decision": "approve", "digest": waiting["digest"], "reason": "read", **more}
    return worker.http.post(f"/v1/approvals/{waiting['approval']}", json=sent)


def bought(town: City, who: str = "local-65") -> dict[str, Any]:
    return town.tap(who, "merchant", occurred_at=town.now().isoformat())


def test_a_release_takes_two_and_holds_from_its_day(town: City, two: dict[str, Worker]) -> None:
    source = draft(town.now().date() + timedelta(days=30), "Next month", 70)
    simulation = json.dumps({"programme": "elder-pass-merchant", "gain": 3, "lose": 0, "old": 6000, "new": 9000})
    told = prepared(two["policy-author"], source, simulation=simulation)
    assert told.status_code == 200, told.text
    waiting = told.json()
    assert (waiting["programme"], waiting["version"], waiting["state"]) == ("elder-pass-merchant", 2, "waiting")
    assert (waiting["kind"], len(waiting["simulation"])) == ("policy-release", 64)
    own = approved(two["policy-author"], waiting)
    assert (own.status_code, own.json()["type"].endswith("/own-work")) == (403, True)
    changed = approved(two["policy-approver"], waiting, digest="0" * 64)
    assert (changed.status_code, changed.json()["type"].endswith("/digest-changed")) == (409, True)
    assert approved(two["policy-approver"], waiting).json()["state"] == "approved"
    assert approved(two["policy-approver"], waiting).json()["state"] == "approved"  # Asked again, the same answer.
    newest = two["policy-author"].http.get(POLICY).json()["history"][0]
    assert (newest["version"], newest["state"], newest["corrections"]) == (2, "ahead", None)
    assert (newest["released"]["reason"], newest["released"]["simulation"]) == ("a new agreement", waiting["simulation"])
    assert newest["released"]["prepared_by"] != newest["released"]["approved_by"]
    assert two["policy-author"].http.get(f"{POLICY}/2").json()["source"] == source
    assert (bought(town)["version"], bought(town)["paid"]) == (1, 8000)


def test_whoever_may_not_is_told_so_and_what_is_not_there_is_404(town: City, two: dict[str, Worker]) -> None:
    assert prepared(two["card-clerk"], MERCHANT).status_code == 403
    assert prepared(two["policy-approver"], MERCHANT).status_code == 403
    assert town.client.get("/v1/policies").status_code == 401
    author = two["policy-author"].http
    assert {each["programme"] for each in author.get("/v1/policies").json()["policies"]} > {"elder-pass-merchant", "elder-pass-bus"}
    for path in ("/v1/policies/nobody", f"{POLICY}/99", f"{POLICY}/1/proposals"):
        assert author.get(path).status_code == 404
    same = prepared(two["policy-author"], MERCHANT)
    assert (same.status_code, same.json()["type"].endswith("/already-released")) == (409, True)
    wrong = prepared(two["policy-author"], MERCHANT.replace("age >= 60", "age >= sixty"))
    assert (wrong.status_code, wrong.json()["field"]) == (422, "source")


@pytest.mark.long
def test_from_the_command_line_back_to_the_first_of_the_month(town: City, two: dict[str, Worker], tmp_path: Path) -> None:
    before = bought(town)
    file = tmp_path / "agreement.yaml"
    source = draft(town.now().date().replace(day=1), "This month", 60)
    file.write_text(source, encoding="utf-8")
    assert town.onecard("policy", "release", file, "--reason", "agreed").code == 2
    tokens = {key: command_session(town, two[key].login) for key in ("policy-author", "policy-approver")}
    author, approver = ({"ONECARD_SESSION": tokens[key]} for key in ("policy-author", "policy-approver"))
    waiting = town.onecard("policy", "release", file, "--reason", "agreed", "--json", **author).json()
    assert waiting["simulation"] is None
    assert waiting["simulation_says"].keys() == {"zh", "en"}
    assert waiting["overtaken_by"]["version"] == 2
    file.write_text(source.replace("60%", "5%"), encoding="utf-8")  # What waits is what was read.
    call = ("approve", waiting["approval"], "--digest", waiting["digest"], "--json")
    assert town.onecard(*call, **author).code == 1
    assert town.onecard(*call, **approver).json()["state"] == "approved"
    after = bought(town)
    assert [(each["paid"], each["version"]) for each in (before, after)] == [(8000, 1), (6000, 3)]
    history = town.onecard("policy", "history", "elder-pass-merchant", "--json", **author).json()["history"]
    assert [(each["version"], each["state"]) for each in history] == [(3, "in_force"), (2, "ahead"), (1, "past")]
    until = time.monotonic() + SECONDS_MAX
    while not two["policy-author"].http.get(f"{POLICY}/3").json()["corrections"]["done"]:
        assert time.monotonic() < until
        time.sleep(2)
    told = town.onecard("policy", "corrections", "elder-pass-merchant", "3", "--json", **author).json()
    mine = {each["use"]: each for each in told["proposals"]}
    assert (mine[before["use"]]["old"]["paid"], mine[before["use"]]["new"]["paid"]) == (8000, 6000)
    assert after["use"] not in mine
    page = two["policy-author"].http.get(f"{POLICY}/3/proposals", params={"limit": 1}).json()
    assert len(page["proposals"]) == 1
    assert page["totals"] == told["totals"]
    if page["after"]:
        following = two["policy-author"].http.get(f"{POLICY}/3/proposals", params={"limit": 1, "after": page["after"]}).json()
        assert following["proposals"][0]["use"] != page["proposals"][0]["use"]
    assert town.onecard("verify", "--json").json()["ok"]


def test_days_are_decided_again_as_they_were_and_a_record_changed_by_sql_is_named(town: City) -> None:
    today = town.now().date().isoformat()
    told = town.onecard("verify", "--replay", f"2023-01-01..{today}", "--json")  # All of the demo's days, and what stories did.
    (check,) = told.json()["checks"]
    assert (told.code, check["problems"]) == (0, [])
    assert check["examined"] > 100_000
    answer = bought(town)
    use, paid_fen = answer["use"], answer["paid"]
    terminal, _, seq = use.rpartition(".")
    change = "UPDATE ledger_use SET paid_fen = paid_fen - 100, amounts_fen[1] = amounts_fen[1] + 100 WHERE terminal = '{}' AND seq = {}"
    by_sql(town, change.format(terminal, seq))
    told = town.onecard("verify", "--replay", today, "--json")
    (check,) = told.json()["checks"]
    assert told.code == 1
    assert [problem.partition(" of batch ")[0] for problem in check["problems"]] == [f"use {use}"]
    assert f"paid: {paid_fen - 100} on record, {paid_fen} decided again" in check["problems"][0]


def by_sql(town: City, statement: str) -> None:
    """Change a record as only the owner of the store can."""

    async def change() -> str:
        connection = await asyncpg.connect(town.onecard("db", "url").out.strip())
        try:
            return str(await connection.execute(statement))
        finally:
            await connection.close()

    assert asyncio.run(change()) == "UPDATE 1"


def test_a_wrong_call_is_told(town: City, tmp_path: Path) -> None:
    assert town.onecard("verify", "--replay", "yesterday").code == 2
    assert town.onecard("verify", "--replay", "2024-10-01", "--audit").code == 2
    assert town.onecard("policy", "release", tmp_path / "absent.yaml", "--reason", "why").code == 2
    assert town.onecard("policy", "history", "elder-pass-merchant").code == 2  # Without a session.
