"""The command line: shapes, exit codes, and that answers go to stdout and words to stderr (SURFACES §2)."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.stories.doors import City

COMMANDS = [
    ["demo"], ["serve"], ["cast"], ["tap"], ["explain"], ["bulletin"], ["policy", "check"], ["policy", "test"], ["policy", "load"],
    ["policy", "diff"],
    ["verify"], ["db", "url"], ["bench"],
]  # fmt: skip
TAP = ["tap", "--terminal", "bus", "--credential", "xuancheng-65"]
USE_KEYS = {"use", "outcome", "reason", "say", "list_price", "paid", "payers", "programme", "version", "duplicate"}
EXPLANATION_KEYS = {"use", "outcome", "reason", "sentence", "conditions", "limits", "money", "programme", "version", "basis", "facts"}
ROLES = {"lane": "onecard_lane", "desk": "onecard_desk", "batch": "onecard_batch", "audit_ro": "onecard_audit_ro", "migrate": "onecard"}


def test_every_command_has_help_with_an_example(city: City) -> None:
    for command in COMMANDS:
        ended = city.onecard(*command, "--help")
        assert ended.code == 0
        assert re.search(rf"Example: .*onecard {' '.join(command)}", re.sub(r"\s+", " ", ended.out)), command
        assert ended.err == ""


REFUSED: list[tuple[list[str], int]] = [
    (["frob"], 2),
    (["tap"], 2),
    (["tap", "--terminal", "nowhere", "--credential", "xuancheng-65"], 2),
    (["tap", "--terminal", "bus", "--credential", "nobody"], 2),
    (["tap", "--terminal", "bus", "--credential", "face:x"], 2),
    (["tap", "--terminal", "bus", "--credential", "card:ＣＡ２４６９１３５"], 2),
    (["tap", "--terminal", "bus", "--credential", "lookup:CA2469135"], 2),
    ([*TAP, "--price", "-1"], 2),
    ([*TAP, "--price", "1.5"], 2),
    ([*TAP, "--price", "9223372036854775808"], 2),
    ([*TAP, "--service", "fly"], 2),
    ([*TAP, "--group", "0"], 2),
    ([*TAP, "--way", "by-drone"], 2),
    ([*TAP, "--at", "yesterday"], 2),
    ([*TAP, "--at", "0001-01-01T00:00:00+08:00"], 2),
    ([*TAP, "--at", "9999-12-31T23:59:59-08:00"], 2),
    ([*TAP, "--at", "2024-09-01T08:00:00+08:00"], 2),
    ([*TAP, "--dry-run", "--at", "2022-12-31T23:59:59+08:00"], 2),
    ([*TAP, "--dry-run", "--at", "9999-12-31T23:59:59-08:00"], 2),
    (["explain", "nothing"], 1),
    (["explain", "T330400-0001.999999999999", "--json"], 1),
    (["bulletin", "--as-of", "yesterday"], 2),
    (["bulletin", "--as-of", "9999-12-31"], 2),
    (["bulletin", "--as-of", "0001-01-01"], 2),
    (["bulletin", "--out", "/nowhere/bulletin.html"], 2),
    (["cast", "--crowd", "-1"], 2),
    (["db", "url", "--role", "nobody"], 2),
    (["policy", "check", "/nowhere.yaml"], 2),
    (["policy", "load", "/nowhere.yaml"], 2),
    (["serve", "--port", "99999"], 2),
    (["serve", "--cert", "/nowhere.pem"], 2),
    (["demo", "--scale", "0"], 2),
    (["demo", "--city", "nowhere", "--exit"], 2),
]


def test_a_call_that_is_refused_says_so_on_stderr_alone(city: City) -> None:
    for call, code in REFUSED:
        ended = city.onecard(*call)
        assert ended.code == code, (call, ended)
        assert ended.out == "", call
        assert ended.err.strip(), call
        assert "Traceback" not in ended.err, call


def test_a_tap_is_answered_as_over_http_and_explained(city: City) -> None:
    ended = city.onecard(*TAP, "--json")
    told = ended.json()
    assert (ended.code, ended.err) == (0, "")
    assert set(told) == {*USE_KEYS, "explanation"}
    assert (told["reason"], told["paid"], told["duplicate"]) == ("OK_DISCOUNT", 100, False)
    assert int(told["use"].rpartition(".")[2]) >= 1_000_000
    over_http = city.explained(told["use"])
    assert set(told["explanation"]) & set(over_http) >= EXPLANATION_KEYS
    again = city.onecard("explain", told["use"], "--json").json()
    assert again == told["explanation"]
    assert {key: again[key] for key in EXPLANATION_KEYS} == {key: over_http[key] for key in EXPLANATION_KEYS}
    for condition in again["conditions"]:
        assert {"programme", "reason", "text", "says", "value", "held"} <= set(condition)
    assert all({"name", "per", "cap", "used_before", "counted"} <= set(limit) for limit in again["limits"])
    assert set(again["money"]) == {"list_price", "paid", "payers"}


def test_a_tap_says_in_words_who_bears_it(city: City) -> None:
    said = city.onecard(*TAP, "--dry-run").out
    assert "transit-330400 bears 1.00" in said
    assert "elder-pass-bus version 1" in said
    assert "优惠" in said


@pytest.mark.parametrize(("who", "at", "paid", "programme"), [
    ("leap-day-1964", "2024-02-28T23:59:59+08:00", 10_000, None),
    ("leap-day-1964", "2024-02-29T00:00:00+08:00", 8000, "elder-pass-merchant"),
    ("local-65", "2023-01-01T00:00:00+08:00", 8000, "elder-pass-merchant"),
])  # fmt: skip
def test_a_dry_run_takes_any_time_and_records_nothing(city: City, who: str, at: str, paid: int, programme: str | None) -> None:
    told = city.onecard("tap", "--terminal", "merchant", "--credential", who, "--at", at, "--dry-run", "--json").json()
    assert (told["paid"], told["programme"]) == (paid, programme)
    terminal, _, seq = told["use"].rpartition(".")
    assert not city.recorded({"terminal": terminal, "seq": seq}, "merchant")


def test_in_a_common_year_a_leap_day_is_kept_on_the_first_of_march(city: City) -> None:
    def price(at: str) -> int:
        shown = "id:" + city.shown("leap-day-1964", "id")["value"]
        told = city.onecard("tap", "--terminal", "scenic", "--credential", shown, "--at", at, "--dry-run", "--json").json()
        paid: int = told["paid"]
        return paid

    assert (price("2034-02-28T23:59:59+08:00"), price("2034-03-01T00:00:00+08:00")) == (2500, 0)


def test_a_terminal_that_has_used_its_last_seq_still_takes_taps(city: City) -> None:
    city.tap("beijing-65", "pharmacy", seq=2**53 - 1)
    told = city.onecard("tap", "--terminal", "pharmacy", "--credential", "beijing-65", "--json").json()
    assert (told["reason"], told["duplicate"]) == ("OK", False)


def test_a_guardian_and_a_reason_go_with_a_tap(city: City) -> None:
    child = ["tap", "--terminal", "campus-in", "--credential", "child-13", "--at", "2024-10-30T19:00:00+08:00", "--dry-run", "--json"]
    assert city.onecard(*child).json()["reason"] == "GUARDIAN_NEEDED"
    assert city.onecard(*child, "--guardian", "guardian-of-child-13").json()["reason"] == "OK"
    card = city.shown("xuancheng-65")["value"]
    look_up = ["tap", "--terminal", "bus", "--credential", f"lookup:{card}", "--reason", "忘带卡", "--dry-run", "--json"]
    looked_up = city.onecard(*look_up).json()
    assert (looked_up["reason"], looked_up["explanation"]["method"]) == ("OK_DISCOUNT", "lookup")


def test_the_cast_is_as_promised(city: City) -> None:
    ended = city.onecard("cast", "--crowd", "5", "--json")
    told = ended.json()
    assert ended.err == ""
    assert {"people", "terminals", "logins", "crowd"} <= set(told)
    for person in told["people"]:
        assert {"key", "name", "born", "home_region", "story", "credentials"} <= set(person)
        assert {"card", "chip", "id"} <= {credential["kind"] for credential in person["credentials"]}
    for terminal in told["terminals"]:
        assert {"key", "id", "token", "scene", "region", "services"} <= set(terminal)
    assert len({terminal["token"] for terminal in told["terminals"]}) == len(told["terminals"])
    assert len(told["crowd"]) == 5
    for card in told["crowd"]:
        shown = card if isinstance(card, dict) else {"kind": "card", "value": card}
        assert city.tap({"kind": "card", "value": shown["value"]})["outcome"] == "accepted"


def test_the_demo_ended_with_the_newsletters_figures(city: City) -> None:
    """Whatever stories have recorded since: the demo itself printed them once it stood."""
    assert "63,365" in city.printed
    assert "46,308" in city.printed
    assert "1,522" in city.printed


def test_the_bulletin_has_its_keys_each_defined(city: City) -> None:
    ended = city.onecard("bulletin", "--json")
    told = ended.json()
    assert ended.err == ""
    assert (told["as_of"], told["scale"], told["synthetic"]) == ("2024-10-31", 10_000, True)
    shape = {
        "elder_pass": {"scenic", "bus", "merchant"}, "subsidies": {"period", "share_by_count", "share_by_amount"},
        "canteens": {"as_of", "live", "by_county"}, "museums": {"live"}, "scenic_areas": {"live"},
        "library": {"union_loan", "returned_elsewhere_share"},
        "campus": {"testing", "in_talks", "planned_live_by", "planned_live", "live"},
    }  # fmt: skip
    for group, keys in shape.items():
        assert keys <= set(told[group])
        for key in keys:
            defined = [words for name, words in told["definitions"].items() if name.startswith(f"{group}.{key}")]
            assert defined
            assert all({"zh", "en"} <= set(words) for words in defined)
    assert (told["museums"]["live"], told["scenic_areas"]["live"]) == (19, 17)
    assert told["campus"]["testing"] == {"schools": 6, "campuses": 9}
    shares = {"share_by_count": None, "share_by_amount": None}
    assert told["subsidies"] == {"period": None, **shares, "without_pensions": shares, "lines": None, "amount": None}


def test_a_bulletin_of_an_earlier_day_counts_what_had_happened(city: City) -> None:
    then = city.onecard("bulletin", "--as-of", "2024-06-30", "--json").json()
    assert then["as_of"] == "2024-06-30"
    assert 0 < then["elder_pass"]["bus"] < 63_365
    assert city.client.get("/bulletin.json", params={"as_of": "2024-06-30"}).json()["elder_pass"] == then["elder_pass"]


def test_the_bulletin_as_a_page_needs_nothing_else(city: City, tmp_path: Path) -> None:
    page = tmp_path / "bulletin.html"
    ended = city.onecard("bulletin", "--out", page)
    assert (ended.code, ended.out) == (0, "")
    content = page.read_text(encoding="utf-8")
    assert content.lower().startswith("<!doctype html>")
    assert "<svg" in content
    assert not re.search(r"""(?:src|href)\s*=\s*["']?(?!data:|#|["'])\s*\S*(?:https?:|//|/static)""", content)
    assert not re.search(r"@import|url\((?!['\"]?(?:data:|#))", content)


def test_the_city_verifies(city: City) -> None:
    ended = city.onecard("verify", "--json")
    told = ended.json()
    assert (ended.code, ended.err, told["ok"]) == (0, "", True)
    assert all({"name", "ok", "examined", "problems"} <= set(check) for check in told["checks"])
    assert all(check["ok"] and not check["problems"] for check in told["checks"])
    assert max(check["examined"] for check in told["checks"]) > 100_000


@pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")
@pytest.mark.parametrize("role", ROLES)
def test_a_url_of_each_role_is_one_that_psql_takes(city: City, role: str) -> None:
    ended = city.onecard("db", "url", *([] if role == "migrate" else ["--role", role]))
    assert (ended.code, ended.err, ended.out.count("\n")) == (0, "", 1)
    assert _psql(ended.out.strip(), "SELECT current_user").stdout.strip() == ROLES[role]


@pytest.mark.skipif(shutil.which("psql") is None, reason="psql is not installed")
@pytest.mark.parametrize("role", [role for role in ROLES if role != "migrate"])
def test_no_role_but_the_owner_changes_a_record(city: City, role: str) -> None:
    url = city.onecard("db", "url", "--role", role).out.strip()
    for statement in ("UPDATE ledger_use SET paid_fen = 0", "DELETE FROM ledger_use", "TRUNCATE ledger_use", "DROP TABLE ledger_use"):
        assert "ERROR" in _psql(url, f"BEGIN; {statement}; ROLLBACK").stderr


def _psql(url: str, sql: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["psql", url, "-Atc", sql], capture_output=True, text=True, timeout=60, check=False)


def test_the_policies_pass_their_own_tests(city: City) -> None:
    checked = city.onecard("policy", "check", "--json")
    tested = city.onecard("policy", "test", "--json")
    assert (checked.code, checked.err, tested.code, tested.err) == (0, "", 0, "")
    assert checked.json()["ok"] is True
    assert set(checked.json()) == {"ok", "skipped", "findings"}
    assert set(tested.json()) == {"passed", "failed", "skipped", "failures"}
    assert tested.json()["passed"] > 200
    assert (tested.json()["failed"], tested.json()["failures"]) == (0, [])
