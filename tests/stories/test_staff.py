"""The staff of the demo at their doors: sixteen logins, two counties, four eyes, by HTTP and by the command line."""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pyotp
import pytest
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from tests.stories.doors import ROOT, SECONDS_MAX, City, Ended
from tests.stories.test_openapi import CHECKS, described_by

LOGINS = {
    "policy-author": "policy-author", "policy-approver": "policy-approver", "card-clerk": "card-clerk",
    "card-supervisor": "card-supervisor", "village-330481": "village-collector", "street-330481": "street-reviewer",
    "dept-330481": "department-approver", "dept-330483": "department-approver", "finance": "finance-approver",
    "bank-clerk": "bank-clerk", "medical-clerk": "medical-clerk", "auditor": "auditor", "viewer": "viewer",
    "admin-system": "admin-system", "admin-security": "admin-security", "admin-audit": "admin-audit",
}  # fmt: skip

_used: dict[str, int] = {}  # The last step of each.


def code_of(login: dict[str, Any], *, fresh: bool = False) -> str:
    """Return the first code of *login* after the last one used: of the half minute before, of this one or the next; else waits.

    A *fresh* one is not of the half minute before: it is still good when a command has taken its time to start.
    """
    while True:
        now = int(time.time()) // 30
        step = max(now - (not fresh), _used.get(login["user"], 0) + 1)
        if step <= now + 1:
            _used[login["user"]] = step
            return pyotp.TOTP(str(login["totp"])).generate_otp(step)
        time.sleep(1)


def command_session(city: City, login: dict[str, Any]) -> str:
    """Return what `onecard login` prints, the password on its stdin."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ONECARD_")}
    call = [sys.executable, "-m", "onecard.cli.main", "login", login["user"], "--totp", code_of(login, fresh=True)]
    done = subprocess.run(
        call, input=login["password"] + "\n", env={**kept, "ONECARD_HOME": str(city.home), "PYTHONPATH": str(ROOT / "src")},
        capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return str(done.stdout).strip()


class Worker:
    """One of the staff, signed in."""

    def __init__(self, city: City, key: str) -> None:
        self.login = next(each for each in city.cast["logins"] if each["key"] == key)
        self.http = httpx.Client(base_url=city.serving.url, timeout=SECONDS_MAX)
        body = {"user": self.login["user"], "password": self.login["password"], "totp": code_of(self.login)}
        answer = self.http.post("/v1/session", json=body)
        assert answer.status_code == 200, answer.text
        self.told = answer.json()
        self.http.headers["X-CSRF-Token"] = self.told["csrf"]


@pytest.fixture(scope="module")
def staff(city: City) -> Iterator[dict[str, Worker]]:
    """All sixteen, each signed in once."""
    workers = {key: Worker(city, key) for key in LOGINS}
    yield workers
    for worker in workers.values():
        worker.http.close()


@pytest.fixture(scope="module")
def resident(city: City, staff: dict[str, Worker]) -> str:
    """A resident of Haining, as the clerk finds her."""
    shown = city.shown("local-85")["value"]
    found = staff["card-clerk"].http.get("/v1/residents", params={"card": shown}).json()["residents"]
    assert [each["region"] for each in found] == ["330481"]
    return str(found[0]["resident"])


def test_the_cast_lists_sixteen_different_people_with_their_roles(city: City, staff: dict[str, Worker]) -> None:
    logins = city.cast["logins"]
    assert [each["key"] for each in logins] == list(LOGINS)
    assert len({each["name"] for each in logins}) == len({each["totp"] for each in logins}) == 16
    for key, role in LOGINS.items():
        told = staff[key].told
        assert (told["role"], told["user"]) == (role, staff[key].login["user"])
        assert told["scope"] == staff[key].login["scope"]
        assert {"user", "role", "scope", "csrf", "expires_at"} <= told.keys()


def test_a_department_sees_its_own_county_alone(staff: dict[str, Worker], resident: str) -> None:
    mine = staff["dept-330481"].http.get(f"/v1/residents/{resident}")
    assert (mine.status_code, mine.json()["region"]) == (200, "330481")
    theirs = staff["dept-330483"].http.get(f"/v1/residents/{resident}")
    absent = staff["dept-330483"].http.get("/v1/residents/1")
    assert (theirs.status_code, theirs.content) == (404, absent.content)


def test_in_scope_a_role_that_may_not_is_told_so(staff: dict[str, Worker], resident: str) -> None:
    assert staff["viewer"].http.get(f"/v1/residents/{resident}").status_code == 403
    assert staff["dept-330481"].http.post(f"/v1/residents/{resident}/full-id", json={"purpose": "curious"}).status_code == 403
    assert staff["admin-system"].http.get(f"/v1/residents/{resident}").status_code == 404


def test_without_a_session_nothing_is_told(city: City, resident: str) -> None:
    for path in (f"/v1/residents/{resident}", "/v1/residents", "/v1/approvals", "/v1/cards/A00000001", "/v1/session"):
        assert city.client.get(path).status_code == 401


def test_a_lost_card_stops_at_the_next_tap_and_is_found_again_by_two(city: City, staff: dict[str, Worker]) -> None:
    card, clerk, boss = city.shown("local-93")["value"], staff["card-clerk"].http, staff["card-supervisor"].http
    lost = clerk.post(f"/v1/cards/{card}/loss", json={"kind": "formal", "reason": "left on a bus"})
    assert lost.json()["social"]["state"] == "formal_loss"
    now = city.client.get("/healthz").json()["now"]
    assert city.tap("local-93", "bus", occurred_at=now)["reason"] == "CARD_LOST"
    waiting = clerk.post(f"/v1/cards/{card}/release", json={"reason": "found at home"}).json()
    assert {"approval", "kind", "object", "digest", "state"} <= waiting.keys()
    sent = {"decision": "approve", "digest": waiting["digest"], "reason": "card seen at the counter"}
    own = clerk.post(f"/v1/approvals/{waiting['approval']}", json=sent)
    assert (own.status_code, own.json()["type"].endswith("/own-work")) == (403, True)
    listed = boss.get("/v1/approvals", params={"state": "waiting"}).json()["approvals"]
    assert waiting["approval"] in {each["approval"] for each in listed}
    assert boss.post(f"/v1/approvals/{waiting['approval']}", json=sent).json()["state"] == "approved"
    now = city.client.get("/healthz").json()["now"]
    assert city.tap("local-93", "bus", occurred_at=now)["outcome"] == "accepted"


def test_from_the_command_line_by_two(city: City, staff: dict[str, Worker], tmp_path: Any) -> None:
    card = city.shown("local-58")["value"]
    assert city.onecard("approvals").code == 2
    assert city.onecard("approvals", ONECARD_SESSION="nobody's").code == 2
    waiting = staff["card-clerk"].http.post(f"/v1/cards/{card}/cancel", json={"reason": "moved away"}).json()
    tokens = {}
    for key in ("card-clerk", "card-supervisor"):
        tokens[key] = command_session(city, staff[key].login)
    found = city.onecard("approvals", "--state", "waiting", "--json", ONECARD_SESSION=tokens["card-supervisor"]).json()["approvals"]
    assert waiting["approval"] in {each["approval"] for each in found}
    call = ("approve", waiting["approval"], "--digest", waiting["digest"], "--reason", "papers seen", "--json")
    own = city.onecard(*call, ONECARD_SESSION=tokens["card-clerk"])
    assert own.code == 1
    wrong = city.onecard("approve", waiting["approval"], "--digest", "0" * 64, ONECARD_SESSION=tokens["card-supervisor"])
    assert wrong.code == 1
    told = city.onecard(*call, ONECARD_SESSION=tokens["card-supervisor"])
    assert (told.code, told.json()["state"]) == (0, "approved")
    again = city.onecard(*call, "--refuse", ONECARD_SESSION=tokens["card-supervisor"])
    assert again.json() == told.json()
    assert city.onecard("logout", ONECARD_SESSION=tokens["card-supervisor"]).code == 0
    assert city.onecard("approvals", ONECARD_SESSION=tokens["card-supervisor"]).code == 2


def test_administrators_make_accounts_and_grant_roles_each_his_part(city: City, staff: dict[str, Worker]) -> None:
    tokens = {}
    for key in ("admin-system", "admin-security"):
        tokens[key] = command_session(city, staff[key].login)

    def as_system(*call: str) -> Ended:
        return city.onecard("staff", *call, ONECARD_SESSION=tokens["admin-system"])

    def as_security(*call: str) -> Ended:
        return city.onecard("staff", *call, ONECARD_SESSION=tokens["admin-security"])

    hire = ("hire", "new-clerk", "--name", "新示员")
    assert city.onecard("staff", *hire).code == 2  # The owner's time is over: there are administrators.
    assert as_security(*hire).code == 1
    assert as_system(*hire).code == 0
    assert as_system("account", "new-clerk", "--person", "new-clerk", "--json").json()["totp"]
    grant = ("grant", "new-clerk", "card-clerk", "--region", "330481", "--json")
    assert as_system(*grant).code == 1
    made = as_security(*grant).json()
    assert as_security("grant", "admin-security", "card-clerk", "--region", "330481").code == 1
    assert as_security("grant", "new-clerk", "no-such-role").code == 2
    assert as_security("revoke", made["grant"]).code == 0
    ended = [each for each in as_security("list", "--json").json()["grants"] if each["grant_id"] == made["grant"]]
    assert ended[0]["ended_at"]


def test_what_staff_did_is_held_to_what_is_on_record(city: City, staff: dict[str, Worker]) -> None:
    told = city.onecard("verify", "--json")
    assert [each for each in told.json()["checks"] if not each["ok"]] == []
    assert told.code == 0


def test_a_password_is_changed_from_the_command_line(city: City, staff: dict[str, Worker]) -> None:
    login = staff["bank-clerk"].login
    environment = {**os.environ, "ONECARD_HOME": str(city.home), "PYTHONPATH": str(ROOT / "src")}
    call = [sys.executable, "-m", "onecard.cli.main", "password"]
    told = []
    for old, new in ((login["password"], "short"), (login["password"], "a longer one by far")):
        environment["ONECARD_SESSION"] = command_session(city, login)
        done = subprocess.run(call, input=f"{old}\n{new}\n", env=environment, capture_output=True, text=True, check=False)
        told.append(done.returncode)
    assert told == [2, 0]
    assert staff["bank-clerk"].http.get("/v1/session").status_code == 401  # Every session of his is over.
    login["password"] = "a longer one by far"
    assert command_session(city, login)


OPERATIONS = [
    ("/v1/session", "POST"), ("/v1/session", "GET"), ("/v1/approvals", "GET"),
    ("/v1/approvals/{approval}", "GET"), ("/v1/approvals/{approval}", "POST"),
    ("/v1/residents", "GET"), ("/v1/residents/{resident}", "GET"), ("/v1/residents/{resident}/full-id", "POST"),
    ("/v1/residents/{resident}/corrections", "POST"), ("/v1/cards/{card}", "GET"), ("/v1/cards/{card}/loss", "POST"),
    ("/v1/cards/{card}/release", "POST"), ("/v1/cards/{card}/cancel", "POST"),
]  # fmt: skip
MODES = itertools.product(OPERATIONS, (GenerationMode.POSITIVE, GenerationMode.NEGATIVE))


@pytest.fixture(scope="module")
def described(city: City) -> Any:
    """The API as it describes itself."""
    return described_by(city)


@pytest.mark.parametrize(("operation", "mode"), [(op, mode) for op, mode in MODES if op[1] == "POST" or mode == GenerationMode.POSITIVE])
def test_every_answer_to_staff_is_as_described(
    staff: dict[str, Worker], described: Any, operation: tuple[str, str], mode: GenerationMode
) -> None:
    clerk = staff["card-clerk"]
    headers = {"X-CSRF-Token": clerk.told["csrf"], "Cookie": f"onecard_session={clerk.http.cookies['onecard_session']}"}

    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
    @given(case=described[operation[0]][operation[1]].as_strategy(generation_mode=mode))
    def answered(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    answered()
