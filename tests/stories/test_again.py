"""Uses that come again, come with other content, come late from a terminal that was alone, or are taken back."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.stories.doors import City
from tests.stories.problems import checked, problem

Told = dict[str, Any]


def _same(answer: Told) -> Told:
    return {key: value for key, value in answer.items() if key not in ("duplicate", "upload")}


@pytest.mark.parametrize("again", [
    pytest.param({}, id="as it was"),
    pytest.param({"occurred_at": "2024-10-30T02:00:00Z"}, id="the same instant, told in UTC"),
    pytest.param({"occurred_at": "2024-10-30T10:00:00.000999+08:00"}, id="the same millisecond"),
    pytest.param({"group": 1, "way": "dine_in", "ticket": "main", "guardian": None}, id="with its blanks told"),
    pytest.param({"offline": {"outcome": "accepted", "paid": 100}}, id="with what the terminal answered meanwhile"),
    pytest.param({"offline": {"outcome": "refused", "paid": 0}}, id="with another answer than ours"),
])  # fmt: skip
def test_a_use_that_comes_again_has_its_first_answer(city: City, again: Told) -> None:
    use = city.use("xuancheng-65", occurred_at="2024-10-30T10:00:00+08:00")
    first = city.answer(use)
    second = city.answer({**use, **again})
    assert (first["duplicate"], second["duplicate"]) == (False, True)
    assert _same(first) == _same(second)


@pytest.mark.parametrize("other", [
    {"list_price": 300}, {"occurred_at": "2024-10-30T10:00:00.001+08:00"}, {"group": 2}, {"ticket": "extra"}, {"way": "delivery"},
    {"credential": {"kind": "card", "value": "ZZ9999999"}}, {"guardian": {"kind": "card", "value": "ZZ9999999"}},
])  # fmt: skip
def test_other_content_under_a_seq_that_is_taken_is_refused_and_the_first_stands(city: City, other: Told) -> None:
    use = city.use("xuancheng-65", occurred_at="2024-10-30T10:00:00+08:00")
    first = city.answer(use)
    said = problem(city.post("/v1/uses", {**use, **other}), 409)
    assert said["type"].endswith("/seq-reused")
    assert said["field"] == "seq"
    assert _same(city.answer(use)) == _same(first)


def test_the_same_seq_at_another_terminal_is_another_use(city: City) -> None:
    use = city.use("beijing-72", "museum")
    city.answer(use, "museum")
    other = city.use("beijing-72", "clinic", seq=use["seq"])
    assert not city.answer(other, "clinic")["duplicate"]


def test_seqs_may_leave_gaps_and_come_late(city: City) -> None:
    seqs = [5_000_000_007, 5_000_000_001, 2**53 - 1, 5_000_000_004]
    answers = [city.tap("beijing-65", "hospital-l3", seq=seq) for seq in seqs]
    assert [answer["duplicate"] for answer in answers] == [False] * 4


def test_twenty_who_send_one_use_at_once_make_one_record(city: City) -> None:
    use = city.use("wujiang-65", occurred_at="2024-10-09T10:00:00+08:00")
    with ThreadPoolExecutor(20) as hands:
        answers = list(hands.map(lambda _: city.answer(use), range(20)))
    assert [answer["duplicate"] for answer in answers].count(False) == 1
    assert all(_same(answer) == _same(answers[0]) for answer in answers)
    following = city.tap("wujiang-65", occurred_at="2024-10-09T10:01:00+08:00")
    assert _rides_before(city, following["use"]) == 1


def test_forty_riders_at_once_pass_no_limit(city: City) -> None:
    uses = [city.use("wujiang-65", occurred_at="2024-10-10T10:00:00+08:00") for _ in range(40)]
    with ThreadPoolExecutor(20) as hands:
        reasons = [answer["reason"] for answer in hands.map(city.answer, uses)]
    assert (reasons.count("OK_DISCOUNT"), reasons.count("LIMIT_DAY")) == (30, 10)


def test_a_reversal_gives_the_limit_back_once(city: City) -> None:
    def tap(minute: int) -> Told:
        return city.tap("wujiang-65", occurred_at=f"2024-10-11T10:{minute:02d}:00+08:00")

    rides = [tap(minute) for minute in range(30)]
    assert tap(30)["reason"] == "LIMIT_DAY"
    reverse = f"/v1/uses/{rides[7]['use']}/reversal"
    first = city.post(reverse, {"reason": "误刷"}).json()
    again = city.post(reverse, {"reason": "误刷"}).json()
    assert (first, again) == (
        {"use": rides[7]["use"], "reversed": True, "duplicate": False}, {"use": rides[7]["use"], "reversed": True, "duplicate": True},
    )  # fmt: skip
    assert tap(31)["reason"] == "OK_DISCOUNT"
    assert tap(32)["reason"] == "LIMIT_DAY"
    assert city.explained(rides[7]["use"])["reversed"]


def test_a_use_taken_back_keeps_its_answer(city: City) -> None:
    use = city.use("beijing-72")
    first = city.answer(use)
    city.post(f"/v1/uses/{first['use']}/reversal", {"reason": "误刷"})
    again = city.answer(use)
    assert again["duplicate"]
    assert _same(again) == _same(first)


def test_ten_reversals_at_once_are_one(city: City) -> None:
    use = city.tap("beijing-72")["use"]
    with ThreadPoolExecutor(10) as hands:
        told = list(hands.map(lambda _: city.post(f"/v1/uses/{use}/reversal", {"reason": "误刷"}).json(), range(10)))
    assert [answer["duplicate"] for answer in told].count(False) == 1


def test_an_upload_has_a_word_for_each_use_in_order(city: City) -> None:
    """All five words of one upload, and what is recorded for each (SURFACES §3, POLICY §1 `in_error`)."""
    known = city.use("xuancheng-65")
    city.answer(known)
    granted = {"outcome": "accepted", "paid": 100}
    uses = [
        city.use("xuancheng-65", offline=granted),
        city.use("lost-card", offline=granted),
        city.use("xuancheng-65", offline={"outcome": "refused", "paid": 0}),
        {**known, "offline": granted},
        city.use("xuancheng-65", service="fly", offline=granted),
        {**known, "list_price": 300},
        city.use("lost-card", offline={"outcome": "refused", "paid": 0, "hotlist": 12}),
        city.use("local-72"),
        city.use("sealed-card"),
        known,
    ]
    answers = city.post("/v1/uses/batch", {"uses": uses}).json()["answers"]
    assert [answer["upload"] for answer in answers] == [
        "agreed", "accepted_in_error", "refused", "duplicate", "invalid", "invalid", "agreed", "agreed", "refused", "duplicate",
    ]  # fmt: skip
    assert checked(answers[4]["problem"], 422)["field"] == "service"
    assert checked(answers[5]["problem"], 409)["type"].endswith("/seq-reused")
    names = [f"{use['terminal']}.{use['seq']}" for use in uses]
    assert [answer.get("use") for answer in answers] == [*names[:4], None, None, *names[6:]]
    assert (answers[2]["outcome"], answers[2]["reason"], answers[2]["paid"]) == ("refused", "OFFLINE_DOUBTFUL", 0)
    assert not city.recorded(uses[4])


@pytest.mark.parametrize(("who", "terminal", "at", "offline_paid", "expected"), [
    pytest.param("lost-card", "bus", "2024-10-30T10:00:00", 100,
                 ("CARD_LOST", 100, [{"fund": "operator", "amount": 100}]), id="a lost card: the operator"),
    pytest.param("beijing-65", "bus", "2024-10-30T10:00:00", 100,
                 ("NOT_ELIGIBLE_REGION", 100, [{"fund": "operator", "amount": 100}]), id="no right to it: the operator"),
    pytest.param("dibao-68", "canteen-haining", "2024-10-24T12:00:00", 700,
                 ("LIMIT_SLOT", 700, [{"fund": "city-budget", "amount": 800}]), id="a second lunch: the fund its document names"),
])  # fmt: skip
def test_what_was_granted_in_error_stands_and_somebody_bears_it(
    city: City, who: str, terminal: str, at: str, offline_paid: int, expected: tuple[object, ...]
) -> None:
    if terminal != "bus":
        city.tap(who, terminal, occurred_at=at.replace("12:00", "11:00") + "+08:00")
    use = city.use(who, terminal, occurred_at=f"{at}+08:00", offline={"outcome": "accepted", "paid": offline_paid})
    answer = city.post("/v1/uses/batch", {"uses": [use]}, terminal=terminal).json()["answers"][0]
    assert answer["upload"] == "accepted_in_error"
    assert (answer["outcome"], answer["reason"], answer["paid"], answer["payers"]) == ("accepted", *expected)
    assert city.explained(answer["use"], terminal)["offline"] == {"outcome": "accepted", "paid": offline_paid, "hotlist": None}


def test_who_paid_too_much_offline_has_the_rules_price_on_record(city: City) -> None:
    use = city.use("xuancheng-65", offline={"outcome": "accepted", "paid": 200})
    answer = city.post("/v1/uses/batch", {"uses": [use]}).json()["answers"][0]
    assert (answer["upload"], answer["paid"], answer["reason"]) == ("agreed", 100, "OK_DISCOUNT")


def test_a_trip_over_midnight_that_comes_late_is_decided_by_its_own_day(city: City) -> None:
    """Offline on the evening before a seventieth birthday, uploaded eleven days later."""
    def ride(at: str) -> Told:
        return city.use("turns-70-on-2024-10-20", occurred_at=f"{at}+08:00", offline={"outcome": "accepted", "paid": 100})

    answers = city.post("/v1/uses/batch", {"uses": [ride("2024-10-20T00:10:00"), ride("2024-10-19T23:50:00")]}).json()["answers"]
    assert [(answer["reason"], answer["paid"]) for answer in answers] == [("OK_FREE", 0), ("OK_DISCOUNT", 100)]


def _rides_before(city: City, use: str) -> int:
    used: int = next(limit["used_before"] for limit in city.explained(use)["limits"] if limit["name"] == "elder-rides")
    return used
