"""A record decided again is the record; whatever is changed in it is named."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.app.application import city_rules
from onecard.decision.decide import decide
from onecard.decision.limits import asked_counts
from onecard.decision.model import BLANKS, Counter, Occasion, Subject
from onecard.decision.offline import reconcile
from onecard.decision.rulebook import RuleBook
from onecard.policy.check import check
from onecard.policy.model import Source
from onecard.settings.city_folder import find_city
from onecard.uses.model import Offline, Tap
from onecard.uses.record import limits_json, use_record
from onecard.uses.replay import differences

FOLDER = find_city("jiaxing")
CITY = city_rules(FOLDER)
BOOK = RuleBook(
    check([Source(file=name, content=text.encode()) for name, text in FOLDER.texts("policies/*.yaml").items()], CITY.lists).programmes,
    gated=CITY.lists.gated, number=7,
)  # fmt: skip
NOON = datetime(2024, 10, 30, 4, 0, tzinfo=UTC)  # A Wednesday, noon in the city.
PLACES = {
    "bus": ("ride", "330400", 200), "scenic": ("entry", "330400", 5000), "canteen": ("lunch", "330481", 1500),
    "museum": ("entry", "330400", 0),
}  # fmt: skip


def recorded(
    kind: str = "bus", *, subject: int | None = 1, barred: str | None = None, offline: Offline | None = None, used: int = 0, **facts: Any
) -> dict[str, Any]:
    """Return the row of a use at a kind of site, decided as a lane decides it."""
    service, region, price_fen = PLACES[kind]
    tap = Tap(
        terminal="T-1", seq=1, kind="card", value="A00000001", service=service, list_price_fen=price_fen, occurred_at=NOON,
        offline=offline,
    )  # fmt: skip
    told = {
        **BLANKS, "service": service, "list_price": price_fen, "price": price_fen, "region": region, "site_kind": kind,
        "day": NOON.date().toordinal(), "time": 720, "weekday": "wed", "day_kind": "workday", "offline": offline is not None,
    }  # fmt: skip
    occasion = Occasion(
        facts=told, day=NOON.date(), service=service, site="here", site_kind=kind, operator="op", region=region,
        slot=service if kind == "canteen" else "0000", list_price_fen=price_fen,
    )  # fmt: skip
    person = None if subject is None else Subject(facts={"age": 65, "home_region": "341800", **facts}, barred=barred)
    decision = decide(person, occasion, BOOK, {})
    if used and decision.counts:
        decision = decide(person, occasion, BOOK, {count.counter: used for count in decision.counts})
    upload, in_error = None, ()
    if offline is not None:
        reconciled = reconcile(decision, offline.outcome, offline.paid_fen, price_fen, 1)
        decision, upload, in_error = reconciled.decision, reconciled.upload, reconciled.in_error
    record = use_record(
        tap, occasion, decision, subject=subject, home_region="341800", salt=b"s", digest=b"d", credential=b"c", counted=True, rules=7,
        facts={**told, **(person.facts if person else {})}, upload=upload, in_error=in_error,
    )  # fmt: skip
    row = {name: getattr(record, name) for name in record.__struct_fields__}
    return {**row, "given_back": None}


@given(
    kind=st.sampled_from(sorted(PLACES)), age=st.integers(0, 110), home_region=st.sampled_from(["330481", "341800", "110101"]),
    used=st.sampled_from([0, 1, 29, 30, 31]), subject=st.sampled_from([1, 1, 1, None]), barred=st.sampled_from([None, None, "CARD_LOST"]),
    offline=st.none() | st.builds(Offline, outcome=st.sampled_from(["accepted", "refused"]), paid_fen=st.integers(0, 200)),
)  # fmt: skip
def test_what_was_decided_is_decided_again(
    kind: str, used: int, subject: int | None, barred: str | None, offline: Offline | None, **facts: Any
) -> None:
    if offline is not None and (offline.outcome == "refused" or kind == "museum"):
        offline = Offline(outcome=offline.outcome, paid_fen=0)
    row = recorded(kind, used=used, subject=subject, barred=barred, offline=offline, **facts)
    assert differences(row, BOOK) == []


def _facts(row: dict[str, Any]) -> str:
    return json.dumps({**json.loads(row["facts"]), "paid_years": 3})


def _limits(row: dict[str, Any], place: int, more: int) -> str:
    limits = json.loads(row["limits"])
    assert limits
    limits[0][place] += more
    return json.dumps(limits)


CHANGES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "outcome": lambda row: {"outcome": "refused"},
    "reason": lambda row: {"reason": "OK_FREE"},
    "paid": lambda row: {"paid_fen": row["paid_fen"] + 1},
    "payers": lambda row: {"funds": ("finance",), "amounts_fen": (100,)},
    "programme": lambda row: {"programme": "elder-pass-scenic"},
    "version": lambda row: {"version": 2},
    "upload": lambda row: {"upload": "agreed"},
    "day": lambda row: {"day": row["day"] - timedelta(days=1)},
    "facts": lambda row: {"facts": _facts(row)},
    "limits": lambda row: {"limits": _limits(row, 8, 1)},
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_was_changed_is_named(name: str) -> None:
    row = recorded()
    assert differences(row, BOOK) == []
    found = differences({**row, **CHANGES[name](row)}, BOOK)
    assert any(each.startswith(f"{name}: ") for each in found), found


def test_a_limit_that_is_said_to_have_been_full_decides_otherwise() -> None:
    row = recorded()
    assert any(each.startswith("paid: ") for each in differences({**row, "limits": _limits(row, 7, 30)}, BOOK))


@pytest.mark.parametrize(
    ("given_back", "wrong"),
    [pytest.param(-1, False, id="what was counted"), pytest.param(-2, True, id="more"), pytest.param(0, True, id="nothing")],
)
def test_a_reversal_gives_back_what_was_counted(given_back: int, wrong: bool) -> None:
    row = recorded()
    (limit,) = json.loads(row["limits"])
    back = json.dumps([[*limit[:8], given_back, 0]] if given_back else [])
    assert bool(differences({**row, "given_back": back}, BOOK)) == wrong


def test_what_leaving_gave_back_already_a_reversal_need_not() -> None:
    row = recorded()
    at_once = json.dumps([["", "inside", "at_once", "1900-01-01", "", "here", 9, 0, 1, 0]])
    told = differences({**row, "limits": at_once, "given_back": "[]"}, BOOK)
    assert not [each for each in told if each.startswith("reversal")]


def test_counters_are_read_as_they_were_written() -> None:
    programme = next(each for each in BOOK.programmes if each.name == "elder-pass-bus")
    row = recorded()
    occasion = Occasion(
        facts=BLANKS, day=row["day"], service="ride", site="here", site_kind="bus", operator="op", region="330400", slot="",
        list_price_fen=200,
    )  # fmt: skip
    (count,) = asked_counts(programme, (30,), occasion, {Counter("", row["day"], "elder-rides", ""): 0}, 0)
    assert json.loads(limits_json([count])) == json.loads(row["limits"])
