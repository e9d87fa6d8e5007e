"""The edges of a day, a year, a meal, a month, a ground and a card (FIELD §10, probes 2, 4 to 7 and 13)."""

import pytest

from tests.stories.doors import City

HALF_FARE = ("OK_DISCOUNT", 100, "local-elder-fare")
FREE = ("OK_FREE", 0, "local-elder-fare")
FULL_AT_MERCHANT = ("NOT_ELIGIBLE_AGE", 10_000, None)
LESS_AT_MERCHANT = ("OK_DISCOUNT", 8000, "elder-pass-merchant")


@pytest.mark.parametrize(("who", "terminal", "at", "expected"), [
    ("turns-60-on-2024-10-31", "merchant", "2024-10-30T23:59:59.999+08:00", FULL_AT_MERCHANT),
    ("turns-60-on-2024-10-31", "merchant", "2024-10-31T00:00:00+08:00", LESS_AT_MERCHANT),
    ("turns-60-on-2024-10-31", "merchant", "2024-10-30T15:59:59Z", FULL_AT_MERCHANT),
    ("turns-60-on-2024-10-31", "merchant", "2024-10-30T16:00:00Z", LESS_AT_MERCHANT),
    ("turns-60-on-2024-10-31", "bus", "2024-10-30T23:59:59+08:00", ("OK_DISCOUNT", 100, "ordinary-card-fare")),
    ("turns-60-on-2024-10-31", "bus", "2024-10-31T00:00:00+08:00", HALF_FARE),
    ("turns-70-on-2024-10-20", "bus", "2024-10-19T23:59:59+08:00", HALF_FARE),
    ("turns-70-on-2024-10-20", "bus", "2024-10-20T00:00:00+08:00", FREE),
    ("turns-70-on-2024-10-20", "scenic", "2024-10-19T16:59:59+08:00", ("OK_DISCOUNT", 2500, "elder-pass-scenic")),
    ("turns-70-on-2024-10-20", "scenic", "2024-10-20T09:00:00+08:00", ("OK_FREE", 0, "elder-pass-scenic")),
])  # fmt: skip
def test_a_birthday_begins_at_midnight_in_the_city(city: City, who: str, terminal: str, at: str, expected: tuple[object, ...]) -> None:
    answer = city.tap(who, terminal, occurred_at=at)
    assert (answer["reason"], answer["paid"], answer["programme"]) == expected


@pytest.mark.parametrize(("kind", "old", "reason"), [
    ("card", True, "CARD_CANCELLED"), ("card", False, "OK_FREE"), ("chip", False, "OK_FREE"), ("id", False, "OK_FREE"),
])  # fmt: skip
def test_a_replaced_card_is_dead_and_every_benefit_is_on_the_new_one(city: City, kind: str, old: bool, reason: str) -> None:
    assert city.tap(city.shown("reissued-70", kind, old=old))["reason"] == reason


@pytest.mark.parametrize("kind", ["card", "chip", "id", "lookup"])
@pytest.mark.parametrize("who", ["xuancheng-65", "local-65", "beijing-72"])
def test_whatever_is_shown_is_the_same_person(city: City, who: str, kind: str) -> None:
    by_card = city.tap(who)
    shown = {**city.shown(who), "kind": "lookup", "reason": "忘带卡"} if kind == "lookup" else city.shown(who, kind)
    answer = city.tap(shown)
    assert [answer[key] for key in ("reason", "paid", "programme")] == [by_card[key] for key in ("reason", "paid", "programme")]
    assert city.explained(answer["use"])["method"] == kind


def test_small_letters_are_the_same_card(city: City) -> None:
    card = city.shown("xuancheng-65")
    assert city.tap({**card, "value": card["value"].lower()})["reason"] == "OK_DISCOUNT"


@pytest.mark.parametrize(("credential", "reason"), [
    ({"kind": "card", "value": "ZZ9999999"}, "CARD_UNKNOWN"),
    ({"kind": "chip", "value": "f" * 32}, "CARD_UNKNOWN"),
    ({"kind": "code", "value": "anything"}, "CODE_BAD_SIGN"),
])  # fmt: skip
@pytest.mark.parametrize("terminal", ["bus", "campus-out"])
def test_nobodys_credential_is_refused_and_recorded(city: City, credential: dict[str, str], reason: str, terminal: str) -> None:
    answer = city.tap(credential, terminal)
    assert (answer["outcome"], answer["reason"], answer["paid"], answer["payers"]) == ("refused", reason, 0, [])
    assert city.explained(answer["use"], terminal)["outcome"] == "refused"


@pytest.mark.parametrize(("who", "thirty_first", "day"), [
    pytest.param("local-65", ("OK_DISCOUNT", 100, "ordinary-card-fare"), "2024-10-08", id="60-69: the ordinary fare takes over"),
    pytest.param("local-72", ("OK_FREE", 0, "free-ride"), "2024-10-08", id="70+: the free ride takes over"),
    pytest.param("xuancheng-65", ("LIMIT_DAY", 200, None), "2024-10-08", id="a visitor pays in full"),
])  # fmt: skip
def test_the_thirty_first_ride_of_a_day_is_outside_the_limit(city: City, who: str, thirty_first: tuple[object, ...], day: str) -> None:
    def at(minute: int) -> str:
        return f"{day}T12:{minute:02d}:00+08:00"

    first = city.tap(who, occurred_at=at(0))
    city.post("/v1/uses/batch", {"uses": [city.use(who, occurred_at=at(minute)) for minute in range(1, 29)]})
    thirtieth = city.tap(who, occurred_at=at(29))
    assert [thirtieth[key] for key in ("reason", "paid", "programme")] == [first[key] for key in ("reason", "paid", "programme")]
    answer = city.tap(who, occurred_at=at(30))
    assert (answer["reason"], answer["paid"], answer["programme"]) == thirty_first
    tomorrow = city.tap(who, occurred_at=f"{day[:-1]}9T00:00:00+08:00")
    assert tomorrow["programme"] == first["programme"]
    limits = [limit for limit in city.explained(thirtieth["use"])["limits"] if limit["counted"]]
    assert [(limit["name"], limit["per"], limit["cap"], limit["used_before"]) for limit in limits] == [("elder-rides", "day", 30, 29)]


def test_two_canteens_within_four_minutes_of_one_lunch_give_one_reduction(city: City) -> None:
    def lunch(canteen: str, time: str, **more: object) -> tuple[object, ...]:
        answer = city.tap("dibao-68", canteen, occurred_at=f"2024-10-21T{time}:00+08:00", **more)
        return answer["outcome"], answer["reason"], answer["paid"]

    assert lunch("canteen-haining", "11:00") == ("accepted", "OK_DISCOUNT", 700)
    assert lunch("canteen-tongxiang", "11:04") == ("accepted", "LIMIT_SLOT", 1500)
    assert lunch("canteen-haining", "12:30") == ("accepted", "LIMIT_SLOT", 1500)
    assert lunch("canteen-haining", "17:00", service="dinner", list_price=1200) == ("accepted", "OK_DISCOUNT", 400)


def test_a_meal_brought_home_to_a_person_of_eighty_costs_less_again(city: City) -> None:
    answer = city.tap("local-85", "canteen-haining", way="delivery", occurred_at="2024-10-22T11:30:00+08:00")
    assert (answer["paid"], answer["programme"]) == (900, "meal-subsidy+delivery-supplement")
    assert answer["payers"] == [{"fund": "civil-affairs-330481", "amount": 480}, {"fund": "city-budget", "amount": 120}]
    assert answer["version"] == 1


def test_the_forty_sixth_meal_of_a_month_is_at_the_full_price(city: City) -> None:
    """Every meal is taken back in the end: the month of this person belongs to other stories too."""
    slots = [(day, *meal) for day in range(2, 26) for meal in (("lunch", "11:30"), ("dinner", "17:00"))]
    uses = [
        city.use("resident-insured-67", "canteen-jiashan", service=service, occurred_at=f"2024-10-{day:02d}T{time}:00+08:00")
        for day, service, time in slots
    ]
    answers = city.post("/v1/uses/batch", {"uses": uses}, terminal="canteen-jiashan").json()["answers"]
    before = _monthly(city, answers[0]["use"])
    granted = [answer["reason"] for answer in answers].count("OK_DISCOUNT")
    assert before + granted == 45
    assert [answer["reason"] for answer in answers] == ["OK_DISCOUNT"] * granted + ["LIMIT_MONTH"] * (len(answers) - granted)
    for answer in answers:
        assert city.post(f"/v1/uses/{answer['use']}/reversal", {"reason": "测试"}, terminal="canteen-jiashan").status_code == 200
    again = city.tap("resident-insured-67", "canteen-jiashan", occurred_at="2024-10-25T11:31:00+08:00")
    assert (again["reason"], _monthly(city, again["use"])) == ("OK_DISCOUNT", before)


def _monthly(city: City, use: str) -> int:
    limits = city.explained(use, "canteen-jiashan")["limits"]
    used: int = next(limit["used_before"] for limit in limits if limit["per"] == "month")
    return used


@pytest.mark.parametrize(("guardian", "reason"), [
    ("guardian-of-child-13", "OK"),
    ("child-13", "GUARDIAN_NEEDED"),
    ("campus-blocked", "GUARDIAN_NEEDED"),
    ("lost-card", "GUARDIAN_NEEDED"),
    ("expired-card", "GUARDIAN_NEEDED"),
])  # fmt: skip
def test_a_child_of_thirteen_comes_in_with_a_guardian_whose_card_is_good(city: City, guardian: str, reason: str) -> None:
    assert city.tap("child-13", "campus-in", guardian=city.shown(guardian))["reason"] == reason


def test_a_guardian_nobody_knows_is_none(city: City) -> None:
    answer = city.tap("child-13", "campus-in", guardian={"kind": "card", "value": "ZZ9999999"})
    assert (answer["outcome"], answer["reason"]) == ("refused", "GUARDIAN_NEEDED")


@pytest.mark.parametrize(("at", "reason"), [
    ("2024-10-30T17:59:59", "SLOT_CLOSED"), ("2024-10-30T18:00:00", "OK"),
    ("2024-10-30T20:29:59", "OK"), ("2024-10-30T20:30:00", "SLOT_CLOSED"),
    ("2024-10-26T08:00:00", "OK"), ("2024-10-26T20:00:00", "SLOT_CLOSED"),  # A Saturday.
    ("2024-10-12T08:00:00", "SLOT_CLOSED"), ("2024-10-12T18:00:00", "OK"),  # A Saturday of work, in exchange for a holiday.
    ("2024-10-03T08:00:00", "OK"), ("2024-10-03T12:00:00", "SLOT_CLOSED"),  # The national holiday.
])  # fmt: skip
def test_a_ground_is_open_after_school_and_on_free_days(city: City, at: str, reason: str) -> None:
    assert city.tap("local-58", "campus-in", occurred_at=f"{at}+08:00")["reason"] == reason


def test_who_is_inside_may_leave_with_a_lost_card_and_after_closing(city: City) -> None:
    for who, at in (("lost-card", "19:30"), ("cancelled-card", "19:31"), ("campus-blocked", "19:32"), ("local-65", "23:00")):
        answer = city.tap(who, "campus-out", occurred_at=f"2024-10-30T{at}:00+08:00")
        assert (answer["outcome"], answer["reason"], answer["paid"]) == ("accepted", "OK", 0)


def test_leaving_makes_room_once(city: City) -> None:
    def others_inside() -> int:
        limits = city.explained(city.tap("local-93", "campus-in")["use"], "campus-in")["limits"]
        inside: int = next(limit["used_before"] for limit in limits if limit["name"] == "ground-places")
        return inside

    before = others_inside()
    assert others_inside() == before + 1
    for _ in range(4):
        city.tap("local-93", "campus-out")
    assert others_inside() == before


def test_a_museum_is_closed_on_monday(city: City) -> None:
    assert city.tap("local-65", "museum", occurred_at="2024-10-28T10:00:00+08:00")["reason"] == "SITE_CLOSED"


def test_a_reduction_withheld_is_called_full_price_and_not_why(city: City) -> None:
    """At a bus door nobody hears how old another person is."""
    for who, terminal in (("beijing-65", "bus"), ("local-58", "merchant")):
        answer = city.tap(who, terminal)
        assert answer["outcome"] == "accepted"
        assert answer["say"] == {"zh": "按原价", "en": "Full price"}


@pytest.mark.parametrize(("who", "terminal", "secret"), [
    ("dibao-68", "canteen-haining", "dibao"), ("tekun-81", "canteen-haining", "tekun"), ("disabled-66", "canteen-haining", "disabled"),
    ("disabled-66", "bus", "disability"),
])  # fmt: skip
def test_an_explanation_tells_no_hardship_and_no_disability(city: City, who: str, terminal: str, secret: str) -> None:
    told = city.explained(city.tap(who, terminal, occurred_at="2024-10-23T11:30:00+08:00")["use"], terminal)
    withheld = {fact for fact, value in told["facts"].items() if value == "withheld"}
    assert withheld & {"hardship", "disability"}
    for fact in withheld:
        assert all(_value(condition, fact) == "withheld" for condition in told["conditions"] if fact in condition["text"])
    if secret != "disability":
        assert not any(secret in str(condition["value"]) for condition in told["conditions"])


def _value(condition: dict[str, object], fact: str) -> object:
    value = condition["value"]
    return value.get(fact, "withheld") if isinstance(value, dict) else value
