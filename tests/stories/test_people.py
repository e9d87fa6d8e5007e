"""What each person of the cast gets at each terminal of the cast, on Wednesday 2024-10-30 (SURFACES §4, the policies of Jiaxing).

A cell is "REASON", or "REASON paid programme fund=fen …" where somebody pays: what a reader of the table would be told.
"""

from collections.abc import Iterator

import pytest

from tests.stories.doors import City

ELDERS_60 = ["local-65", "retiree-66-employee-insured", "resident-insured-67", "dibao-until-2024-10-16"]
ELDERS_70 = ["local-72", "turns-70-on-2024-10-20", "reissued-70"]
DELTA = ["xuancheng-65", "wujiang-65"]
BEIJING = ["beijing-65", "beijing-72"]
ADULTS = ["guardian-of-child-13", "campus-blocked"]
NOT_YET_60 = ["local-58", "turns-60-on-2024-10-31"]
BARRED = {"lost-card": "CARD_LOST", "sealed-card": "CARD_SEALED", "cancelled-card": "CARD_CANCELLED", "expired-card": "CARD_EXPIRED"}
GOOD = [
    *NOT_YET_60, *ELDERS_60, *ELDERS_70, *DELTA, *BEIJING, *ADULTS, "local-85", "local-93", "leap-day-1964", "dibao-68", "tekun-81",
    "disabled-66", "child-13",
]  # fmt: skip
CANTEENS = {"canteen-haining": "330481", "canteen-tongxiang": "330483", "canteen-jiashan": "330421"}

Cells = dict[str, str]


def _all(people: list[str], cell: str) -> Cells:
    return dict.fromkeys(people, cell)


def _bus() -> Cells:
    half = "OK_DISCOUNT 100 {} transit-330400=100"
    free = "OK_FREE 0 {} transit-330400=200"
    return {
        **_all([*NOT_YET_60, *ADULTS], half.format("ordinary-card-fare")),
        **_all([*ELDERS_60, "leap-day-1964", "dibao-68"], half.format("local-elder-fare")),
        **_all([*ELDERS_70, "tekun-81", "local-85", "local-93"], free.format("local-elder-fare")),
        **_all(DELTA, half.format("elder-pass-bus")),
        "beijing-65": "NOT_ELIGIBLE_REGION 200 -",
        **_all(["beijing-72", "disabled-66"], free.format("free-ride")),
        "child-13": "OK_DISCOUNT 60 student-fare education=56 transit-330400=84",
    }


def _scenic() -> Cells:
    return {
        **_all([*NOT_YET_60, *ADULTS], "NOT_ELIGIBLE_AGE 5000 -"),
        **_all([*ELDERS_60, *DELTA, "leap-day-1964", "dibao-68"], "OK_DISCOUNT 2500 elder-pass-scenic culture-tourism=2500"),
        **_all([*ELDERS_70, "tekun-81", "local-85", "local-93"], "OK_FREE 0 elder-pass-scenic culture-tourism=5000"),
        **_all(BEIJING, "NOT_ELIGIBLE_REGION 5000 -"),
        "disabled-66": "OK_FREE 0 sight-identity-prices operator=5000",
        "child-13": "OK_DISCOUNT 2500 sight-identity-prices operator=2500",
    }


def _merchant() -> Cells:
    young = [*NOT_YET_60, *ADULTS, "child-13"]
    elders = [who for who in GOOD if who not in (*young, *BEIJING)]
    return {
        **_all(young, "NOT_ELIGIBLE_AGE 10000 -"),
        **_all(elders, "OK_DISCOUNT 8000 elder-pass-merchant operator=2000"),
        **_all(BEIJING, "NOT_ELIGIBLE_REGION 10000 -"),
    }


def _canteen(region: str) -> Cells:
    """Meals of 15.00: the larger of the age's and the need's part, borne by county and city (FIELD §4.4)."""
    county_percent = 60 if region == "330421" else 70

    def less(fen: int) -> str:
        county = fen * county_percent // 100
        return f"OK_DISCOUNT {1500 - fen} meal-subsidy civil-affairs-{region}={county} city-budget={fen - county}"

    return {
        **_all([*NOT_YET_60, *ADULTS, "child-13"], "NOT_ELIGIBLE_AGE 1500 -"),
        **_all([*ELDERS_60, "leap-day-1964"], less(200)),
        **_all(ELDERS_70, less(300)),
        "local-85": less(400),
        "local-93": less(600),
        "disabled-66": less(600),
        **_all(["dibao-68", "tekun-81"], less(800)),
        **_all([*DELTA, *BEIJING], "NOT_ELIGIBLE_REGION 1500 -"),
    }


def _campus_in() -> Cells:
    locals_ = [who for who in GOOD if who not in (*DELTA, *BEIJING)]
    return {
        **_all(locals_, "OK"),
        **_all([*DELTA, *BEIJING], "NOT_ELIGIBLE_REGION refused"),
        "child-13": "GUARDIAN_NEEDED refused",
        "campus-blocked": "BLOCKED refused",
    }


OPEN_TO_ALL = ["museum", "library", "campus-out", "clinic", "hospital-l3", "pharmacy"]
TABLE: dict[str, Cells] = {
    "bus": _bus(),
    "scenic": _scenic(),
    "merchant": _merchant(),
    **{canteen: _canteen(region) for canteen, region in CANTEENS.items()},
    "campus-in": _campus_in(),
    **{terminal: _all(GOOD, "OK") for terminal in OPEN_TO_ALL},
}


def _cells() -> Iterator[object]:
    for terminal, cells in TABLE.items():
        barred = {who: "OK" if terminal == "campus-out" else f"{reason} refused" for who, reason in BARRED.items()}
        for who, cell in {**cells, **barred}.items():
            yield pytest.param(who, terminal, cell, id=f"{terminal}-{who}")


def test_the_table_holds_the_whole_cast(city: City) -> None:
    everybody = {person["key"] for person in city.cast["people"]}
    assert all({*cells, *BARRED} == everybody for cells in TABLE.values())
    assert set(TABLE) == {terminal["key"] for terminal in city.cast["terminals"]}


@pytest.mark.parametrize(("who", "terminal", "cell"), list(_cells()))
def test_each_person_gets_what_the_rules_say(city: City, who: str, terminal: str, cell: str) -> None:
    day = {"canteen-tongxiang": "29", "canteen-jiashan": "28"}.get(terminal, "30")  # One subsidised lunch a day, wherever.
    use = city.use(who, terminal)
    use["occurred_at"] = use["occurred_at"].replace("2024-10-30", f"2024-10-{day}")
    answer = city.answer(use, terminal)
    assert _cell(answer) == cell
    list_price, paid, borne = answer["list_price"], answer["paid"], sum(payer["amount"] for payer in answer["payers"])
    assert paid + borne == (list_price if answer["outcome"] == "accepted" else 0)
    assert answer["version"] == (1 if answer["programme"] else None)
    told = city.explained(answer["use"], terminal)
    assert [told[key] for key in ("outcome", "reason", "programme")] == [answer[key] for key in ("outcome", "reason", "programme")]
    assert told["money"] == {"list_price": list_price, "paid": paid, "payers": answer["payers"]}
    assert told["conditions"][0]["text"] == "credential"
    assert told["conditions"][0]["held"] == (who not in BARRED) or answer["outcome"] == "accepted"  # Leaving asks no card.


def _cell(answer: dict[str, object]) -> str:
    """Write an answer as the table does."""
    if answer["outcome"] == "refused":
        assert (answer["paid"], answer["payers"], answer["programme"]) == (0, [], None)
        return f"{answer['reason']} refused"
    if not answer["list_price"]:
        assert (answer["paid"], answer["payers"], answer["programme"]) == (0, [], None)
        return str(answer["reason"])
    payers = answer["payers"]
    assert isinstance(payers, list)
    borne = [f"{payer['fund']}={payer['amount']}" for payer in payers]
    return " ".join([str(answer["reason"]), str(answer["paid"]), str(answer["programme"] or "-"), *borne])
