"""What the terminal page reckons beside the documents is what the server reckons: blanks, ages, occasions, the hotlist's bytes."""

import base64
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from onecard.decision.model import BLANKS
from onecard.policy.lists import read_lists
from onecard.terminals.bundle import city_json, device_json, site_json
from onecard.terminals.hotlist import DeltaOutOfOrder, Hotlist, HotlistMalformed, encode_delta, encode_full, updated
from onecard.terminals.model import Opening, Place, Site, Terminal
from onecard.uses.model import Offline, Tap
from onecard.uses.occasion import CityRules, occasion_of
from onecard.values.days import age_on
from tests.unit.policy.node import NODE, started
from tests.unit.policy.test_third_target import CITY

pytestmark = pytest.mark.skipif(NODE is None, reason="no Node here (Debian: apt-get install nodejs)")

LISTS = read_lists((CITY / "lists.yaml").read_text("utf-8"))
DOOR = Terminal(terminal="T1", site="s", bound_on=date(2024, 2, 1), unbound_on=date(2025, 2, 1))
WEEKLY = {"workday": ((480, 690), (780, 1020)), "weekend": ((540, 1020),), "holiday": ((600, 900),)}
SITES = [
    Site(site="s", operator="o", kind=kind, scene=kind, region="330481", name_zh="一", name_en="One", services=("entry",), capacity=40,
         agreed_percent=percent, agreed_price_fen=price, agreed_share=5000, opening=opening, states=states)
    for kind, percent, price in [("museum", None, None), ("canteen", 8000, 3000)]
    for opening in [Opening(), Opening(weekly=WEEKLY, closed_weekdays=frozenset({0}), closed=frozenset({date(2024, 10, 30)}))]
    for states in [((date(2024, 3, 1), "testing"), (date(2024, 9, 1), "live"), (date(2025, 1, 15), "suspended")), ()]
]  # fmt: skip


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    with started(tmp_path_factory.mktemp("modules")) as running:
        yield running


def test_the_blanks_are_the_same(node):
    assert node.ask("blanks", None) == {name: sorted(value) if isinstance(value, frozenset) else value for name, value in BLANKS.items()}


def test_ages_are_the_same_around_every_birthday(node):
    pairs = [(date(born, 2, day), date(year, month, on)) for born in (1964, 1965) for day in (1, 28, 29) if born == 1964 or day < 29
             for year in (2023, 2024) for month, on in [(2, 27), (2, 28), (3, 1), (12, 31), (1, 31), (2, 1)]]  # fmt: skip
    told = node.ask("ages", [[born.isoformat(), day.isoformat()] for born, day in pairs])
    assert told == [age_on(born, day) for born, day in pairs]


@pytest.mark.parametrize("site", SITES, ids=lambda site: f"{site.kind} {'weekly' if site.opening.weekly else 'always'} {len(site.states)}")
def test_occasions_are_the_same(node, site):
    chance = Random(5)
    begin = datetime(2024, 1, 15, tzinfo=UTC)
    instants = [begin + timedelta(minutes=chance.randrange(400 * 1440), milliseconds=chance.randrange(1000)) for _ in range(300)]
    city = city_json(LISTS, {}, [2024, 2025])
    held = {"bundle": {"site": site_json(site), "device": device_json(DOOR), "city": city}, "at": 0}
    kinds = [chance.choice(["card", "chip", "code", "id"]) for _ in instants]
    uses = [{"service": "entry", "list_price": 1500, "credential": {"kind": kind}} for kind in kinds]
    told = node.ask("occasions", [held, [[use, round(at.timestamp() * 1000)] for use, at in zip(uses, instants, strict=True)]])
    for use, at, got in zip(uses, instants, told, strict=True):
        tap = Tap(terminal="T1", seq=1, kind=use["credential"]["kind"], value="", service="entry", list_price_fen=1500, occurred_at=at,
                  offline=Offline(outcome="accepted", paid_fen=0))  # fmt: skip
        occasion = occasion_of(tap, Place(DOOR, site), CityRules(lists=LISTS))
        facts = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in occasion.facts.items()}
        assert {**got["facts"], "hotlist_hours": 0} == facts
        assert (got["day"], got["slot"], got["barred"]) == (occasion.day.toordinal(), occasion.slot, occasion.barred)


def _packed(entries):
    return b"".join(entry.to_bytes(4, "big") for entry in entries)


def test_the_hotlist_is_read_as_it_is_written(node):
    entries = sorted(Random(1).sample(range(2, 2**32), 70_000))
    messages = [
        encode_full(3, _packed(entries[:50])), encode_delta(3, 4, entries[50:60], entries[:5]), encode_delta(3, 5, entries[60:70], []),
        encode_delta(4, 5, [], []), encode_delta(5, 6, entries[50:51], []), encode_delta(5, 6, [], entries[:1]),
        encode_full(9, _packed(entries)), encode_full(9, _packed(entries))[:-3],
        b"OCHL2" + encode_full(1, b"")[5:], encode_full(10, _packed(entries[:3]))[:-1], b"",
        encode_full(11, _packed([7, 7])), encode_full(12, b""), encode_full(13, _packed(entries)),
    ]  # fmt: skip
    held, expected = Hotlist(version=0), []
    for message in messages:
        try:
            held = updated(held, message)
            expected.append([held.version, list(held.entries)])
        except (HotlistMalformed, DeltaOutOfOrder):
            expected.append(None)
    told, whole = node.ask("hotlist", [base64.b64encode(message).decode() for message in messages])
    assert [None if isinstance(each, str) else each for each in told] == expected
    assert expected.count(None) == 8 and whole
