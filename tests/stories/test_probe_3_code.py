"""Probe 3: a screenshot of a code shown twice, a code shown after 61 seconds, a terminal three minutes slow; with and without a network."""

import base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import gmalg
import pytest
from gmalg.sm2 import bytes_to_point
from gmalg.utils import bytes_to_int

from onecard.settings.keys import load_keyring
from onecard.settings.signing_keys import read_signing_keys
from tests.stories.doors import City
from tests.stories.moved import Moved
from tests.stories.pages import in_browser, kept_by, open_terminal, page_stories, set_off, shows, uploaded
from tests.stories.programs import Program, said

WHO = "xuancheng-65"
STANDARD_ID = b"1234567812345678"

Told = dict[str, Any]


@pytest.fixture(scope="module")
def moved(city: City) -> Iterator[Moved]:
    with Moved.copy_of(city) as moved:
        code_of(moved.at("2024-10-30T08:00:00"))  # The keys that sign are older than every code of these stories.
        yield moved


@pytest.fixture
def there(moved: Moved) -> City:
    """The city at half past eleven: museum, sight and canteen are open."""
    return moved.near("2024-10-31T11:30:00")


def code_of(city: City, who: str = WHO, *more: str) -> str:
    code: str = city.onecard("code", who, *more, "--json").json()["code"]
    return code


def instant(code: str, later: float) -> str:
    """Return the instant so many seconds after *code* was made, as a terminal's clock tells it."""
    return (datetime.fromtimestamp(int(code.split(".")[6], 36), UTC) + timedelta(seconds=later)).isoformat()


def use_of(city: City, code: str, terminal: str = "bus", *, later: float, **fields: Any) -> Told:
    return city.use({"kind": "code", "value": code}, terminal, occurred_at=instant(code, later), **fields)


def arrived(city: City, terminal: str, *uses: Told) -> list[Told]:
    """Send what a terminal decided alone."""
    answers: list[Told] = city.post("/v1/uses/batch", {"uses": uses}, terminal=terminal).json()["answers"]
    return answers


ALONE = {"offline": {"outcome": "accepted", "paid": 100}}
TURNED_AWAY = {"offline": {"outcome": "refused", "paid": 0}}


def test_one_screenshot_at_ten_gates_in_one_moment_opens_one_of_them(there: City) -> None:
    code = code_of(there)
    uses = [(place, use_of(there, code, place, later=1)) for place in ("bus", "museum", "scenic", "merchant", "library") * 2]
    with ThreadPoolExecutor(len(uses)) as people:
        answers = list(people.map(lambda each: there.answer(each[1], each[0]), uses))
    assert sorted(answer["outcome"] for answer in answers) == ["accepted"] + ["refused"] * 9
    assert {answer["reason"] for answer in answers if answer["outcome"] == "refused"} == {"CODE_REPLAYED"}


@pytest.mark.parametrize(("later", "outcome", "reason"), [
    pytest.param(60, "accepted", "OK_DISCOUNT", id="its last second"),
    pytest.param(61, "refused", "CODE_EXPIRED", id="61 s"),
    pytest.param(-15, "accepted", "OK_DISCOUNT", id="a terminal 15 s slow"),
    pytest.param(-180, "refused", "CODE_CLOCK", id="a terminal three minutes slow"),
])  # fmt: skip
def test_online_a_code_lives_a_minute_by_the_terminals_clock(there: City, later: float, outcome: str, reason: str) -> None:
    answer = there.answer(use_of(there, code_of(there), later=later))
    assert (answer["outcome"], answer["reason"]) == (outcome, reason)


def test_a_minute_later_the_same_screen_asks_for_a_new_code(moved: Moved, there: City) -> None:
    code = code_of(there)
    city = moved.at("2024-10-31T11:31:10")
    answer = city.tap({"kind": "code", "value": code}, occurred_at=city.now().isoformat())
    assert (answer["reason"], answer["say"]["zh"]) == ("CODE_EXPIRED", "请刷新二维码")
    assert city.tap({"kind": "code", "value": code_of(city)}, occurred_at=city.now().isoformat())["outcome"] == "accepted"


def test_of_two_terminals_that_let_one_screenshot_in_alone_the_later_upload_is_in_error(there: City) -> None:
    code = code_of(there)
    first = use_of(there, code, later=5, **ALONE)
    second = use_of(there, code, "scenic", later=9, offline={"outcome": "accepted", "paid": 2500})
    (taken,), (again,) = arrived(there, "bus", first), arrived(there, "scenic", second)
    assert (taken["upload"], taken["reason"]) == ("agreed", "OK_DISCOUNT")
    assert (again["upload"], again["outcome"], again["reason"], again["paid"]) == ("accepted_in_error", "accepted", "CODE_REPLAYED", 2500)
    assert again["payers"] == [{"fund": "operator", "amount": 2500}]


def test_what_a_terminal_refused_alone_for_a_code_is_agreed_to(there: City) -> None:
    code = code_of(there)
    again, old = use_of(there, code, later=20, **TURNED_AWAY), use_of(there, code_of(there), later=90, **TURNED_AWAY)
    answers = arrived(there, "bus", use_of(there, code, later=5, **ALONE), again, old)
    assert [(answer["upload"], answer["reason"]) for answer in answers] == [
        ("agreed", "OK_DISCOUNT"), ("agreed", "CODE_REPLAYED"), ("agreed", "CODE_EXPIRED"),
    ]  # fmt: skip


@pytest.mark.parametrize(("later", "upload", "reason"), [
    pytest.param(61, "agreed", "OK_DISCOUNT", id="61 s, by a clock that nobody measured"),
    pytest.param(76, "accepted_in_error", "CODE_EXPIRED", id="76 s"),
    pytest.param(-180, "accepted_in_error", "CODE_CLOCK", id="three minutes slow"),
])  # fmt: skip
def test_a_day_later_the_upload_is_judged_by_the_clock_of_its_terminal(moved: Moved, later: float, upload: str, reason: str) -> None:
    city = moved.at("2024-10-30T11:30:00")
    use = use_of(city, code_of(city), later=later, **ALONE)
    city = moved.at("2024-10-31T11:30:00")
    (answer,) = arrived(city, "bus", use)
    assert (answer["upload"], answer["outcome"], answer["reason"]) == (upload, "accepted", reason)


def signed(city: City, *, private: bytes | None = None, signer_id: bytes = STANDARD_ID) -> str:
    """Return a code of WHO whose true SM2 signature is made by another library: over *signer_id*, by the city's key or *private*."""
    text = code_of(city).rpartition(".")[0]
    folder = city.home / "keys"
    issuer = next(key for key in read_signing_keys(folder, load_keyring(folder)) if key.kid == text.split(".")[1])
    secret = private or issuer.secret
    assert secret is not None
    core = gmalg.SM2(secret, uid=STANDARD_ID, pk=issuer.public)._core  # Its face refuses an empty id; the arithmetic behind it does not.
    r, s = core.sign(text.encode(), bytes_to_int(secret), signer_id, bytes_to_point(issuer.public))
    return f"{text}.{base64.urlsafe_b64encode(r.to_bytes(32, 'big') + s.to_bytes(32, 'big')).decode().rstrip('=')}"


def test_the_second_librarys_signature_is_believed_where_all_is_right(there: City) -> None:
    assert there.answer(use_of(there, signed(there), later=0))["outcome"] == "accepted"


def test_a_code_that_is_signed_wrongly_or_cut_or_made_older_is_nobodys(there: City) -> None:
    whole = code_of(there)
    for bad in (
        signed(there, signer_id=b""), signed(there, private=bytes(range(1, 33))), whole[:-1], whole[: len(whole) // 2],
        whole.replace(".19590512.", ".19490512."), f"{whole}A",
    ):  # fmt: skip
        use = there.use({"kind": "code", "value": bad}, occurred_at=there.now().isoformat())
        answer = there.answer(use)
        assert (answer["outcome"], answer["reason"], answer["paid"]) == ("refused", "CODE_BAD_SIGN", 0), bad
    assert there.answer(use_of(there, whole, later=1))["outcome"] == "accepted", "none of them spent it"


class TestAtTheProgram:
    """The program checks SM2 by itself, and knows a code again after it was started anew."""

    def test_alone_a_screenshot_gets_one_person_in_and_nobody_after_a_restart(self, moved: Moved, there: City, tmp_path: Path) -> None:
        code = code_of(there)
        with Program.at(there, "bus", tmp_path / "bus") as bus:
            moved.leave()
            first, again, altered = bus.alone(code), bus.alone(code), bus.alone(f"{code[:-2]}AA")
            assert said(first) == ("accepted", "OK_DISCOUNT", 100)
            assert (said(again), said(altered)) == (("refused", "CODE_REPLAYED", 0), ("refused", "CODE_BAD_SIGN", 0))
            city = moved.back()
            bus.synced()
        uploads = [city.explained(answer["use"])["upload"] for answer in (first, again, altered)]
        assert uploads == ["agreed"] * 3
        with Program.at(city, "bus", tmp_path / "bus") as bus:
            moved.leave()
            assert said(bus.alone(code)) == ("refused", "CODE_REPLAYED", 0)
        moved.back()

    def test_alone_a_code_is_good_for_61_seconds_not_for_80_nor_from_the_future(self, moved: Moved, there: City, tmp_path: Path) -> None:
        with Program.at(there, "bus", tmp_path / "bus") as bus:
            moved.leave()
            for made_ago, expected in (
                (61, ("accepted", "OK_DISCOUNT", 100)), (80, ("refused", "CODE_EXPIRED", 0)), (-180, ("refused", "CODE_CLOCK", 0)),
            ):  # fmt: skip
                now = datetime.fromisoformat(bus.says("#status")["now"])
                moved.rest((now - timedelta(seconds=made_ago)).replace(tzinfo=None).isoformat())
                code: str = moved.onecard("code", WHO, "--json").json()["code"]
                assert said(bus.alone(code)) == expected
            moved.back()
            assert bus.synced()["waiting"] == 0


class TestOnThePage:
    """A tablet checks SM2 by itself."""

    pytestmark = page_stories

    def test_alone_a_screenshot_is_let_in_once(self, there: City) -> None:
        def story(browser: Any) -> None:
            page = open_terminal(browser, there)
            page.context.set_offline(True)
            code = code_of(there)
            shows(page, code, "ok", "离线通过")
            shows(page, code, "red", "二维码已使用")
            page.reload()
            page.wait_for_selector("html[data-ready]")
            shows(page, code, "red", "二维码已使用")
            uploaded(page)
            verdicts = [(record["upload"]["upload"], record["upload"]["reason"]) for record in kept_by(page, there)]
            assert verdicts == [("agreed", "OK_DISCOUNT"), ("agreed", "CODE_REPLAYED"), ("agreed", "CODE_REPLAYED")]
            shows(page, code, "red", "二维码已使用")
            page.context.close()

        in_browser(story)

    def test_alone_its_age_and_the_tablets_clock_are_told(self, there: City) -> None:
        def story(browser: Any) -> None:
            page = open_terminal(browser, there)
            page.context.set_offline(True)
            early, late, slow = code_of(there), code_of(there), code_of(there)
            set_off(page, 60)
            shows(page, early, "ok", "离线通过")
            set_off(page, 20)
            shows(page, late, "red", "请刷新二维码")
            set_off(page, -260)
            shows(page, slow, "red", "终端时间错误")
            page.context.close()

        in_browser(story)

    def test_online_a_tablet_that_has_fallen_three_minutes_behind_blames_itself(self, there: City) -> None:
        def story(browser: Any) -> None:
            page = open_terminal(browser, there)
            set_off(page, -180)
            shows(page, code_of(there), "red", "终端时间错误")
            shows(page, there.shown(WHO)["value"], "ok", "优惠")
            page.context.close()

        in_browser(story)
