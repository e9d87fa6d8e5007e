"""The console's small parts: forms read strictly, places in lists, settings of a browser, ways that lead nowhere else, navigation."""

import asyncio
import base64
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from onecard.staff.model import Acting, Right
from onecard.staff.scope import Scope
from onecard.uses.look import DAYS_MAX, Totals, taken_off
from onecard.web.console_form import FORM_BYTES_MAX, form_fields, read_form
from onecard.web.console_nav import PLACES, nav_view
from onecard.web.console_paging import cursor, moment_of, place_of
from onecard.web.console_route import is_inside
from onecard.web.console_settings import SHORTCUTS, ConsoleSettings, read_settings
from onecard.web.console_uses_filter import read_filter
from onecard.web.wire import BodyMalformed, BodyTooLarge
from onecard.web.words import catalogue

TODAY = date(2024, 10, 31)
FORM = "application/x-www-form-urlencoded"


def sent(body: bytes, media: str = FORM) -> dict[str, tuple[str, ...]]:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    request = Request({"type": "http", "method": "POST", "headers": [(b"content-type", media.encode())]}, receive)
    return asyncio.run(read_form(request))


@given(
    st.dictionaries(st.sampled_from(["user", "q"]), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40))
)
def test_a_form_comes_out_as_it_was_typed(fields):
    read = sent(urlencode(fields).encode())
    assert {name: values[0] for name, values in read.items()} == fields


@pytest.mark.parametrize(
    ("body", "media"),
    [
        pytest.param(b"q=%00", FORM, id="NUL"),
        pytest.param(b"q=%ff", FORM, id="not UTF-8"),
        pytest.param("q=好".encode(), FORM, id="not encoded"),
        pytest.param(b"q", FORM, id="no pair"),
        pytest.param(b"&".join([b"q=1"] * 41), FORM, id="endless fields"),
        pytest.param(b'{"q": 1}', "application/json", id="no form"),
        pytest.param(b"q=1", "", id="untold"),
    ],
)
def test_what_is_no_form_is_refused(body, media):
    with pytest.raises(BodyMalformed):
        sent(body, media)


def test_a_form_over_its_bound_is_refused():
    with pytest.raises(BodyTooLarge):
        sent(b"q=" + b"x" * FORM_BYTES_MAX)


def test_a_field_that_the_form_has_not_or_that_comes_twice_is_refused():
    with pytest.raises(BodyMalformed):
        form_fields({"q": ("1",), "admin": ("1",)}, ("q",))
    with pytest.raises(BodyMalformed):
        form_fields({"q": ("1", "2")}, ("q",))
    assert form_fields({"q": (" 1 ",), "csrf": ("x",), "key": ("j", "k")}, ("q", "more"), many=("key",)) == {"q": "1", "more": ""}


def test_only_a_password_keeps_its_spaces():
    assert form_fields({"user": (" a ",), "password": (" b ",)}, ("user", "password")) == {"user": "a", "password": " b "}


@given(st.integers(0, 2**63 - 1), st.text(max_size=30).filter(str.isprintable), st.integers(0, 2**53))
def test_a_place_in_a_list_is_found_again(at, name, seq):
    assert place_of(cursor(at, name, seq), int, str, int) == (at, name, seq)


@given(st.text(max_size=500))
def test_what_no_page_told_is_no_place(text):
    if text != cursor(1, "T", 2):
        with pytest.raises(BodyMalformed):
            place_of(text, int, str, int)


@pytest.mark.parametrize("key", [(True, "T", 2), ("1", "T", 2), (1, "T"), (1, "T", 2, 3), (1.5, "T", 2), (1, "\0", 2)])
def test_a_place_of_another_list_is_none(key):
    with pytest.raises(BodyMalformed):
        place_of(cursor(*key), int, str, int)


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2024-10-31T12:00:00", "2024-W01", ""])
def test_an_instant_that_no_list_holds_is_no_place(at):
    name = "00000000-0000-0000-0000-000000000007"
    with pytest.raises(BodyMalformed):
        moment_of(cursor(at, name))
    assert moment_of(cursor("2024-10-31T12:00:00+08:00", name)) == (datetime.fromisoformat("2024-10-31T12:00:00+08:00"), UUID(name))


def test_half_a_character_is_no_place():
    with pytest.raises(BodyMalformed):
        place_of(base64.urlsafe_b64encode(rb'[1,"\ud800",2]').decode(), int, str, int)


@given(st.sampled_from(["zh", "en"]), st.sampled_from(["auto", "light", "dark"]), st.sets(st.sampled_from(SHORTCUTS)))
def test_settings_are_read_as_they_were_kept(lang, theme, off):
    settings = ConsoleSettings(lang=lang, theme=theme, keys_off=frozenset(off))
    assert read_settings(settings.text(), None) == settings


@given(st.text(max_size=300))
def test_a_cookie_of_whatever_kind_gives_settings(cookie):
    settings = read_settings(cookie, None)
    assert settings.lang in ("zh", "en") and settings.theme in ("auto", "light", "dark") and settings.keys_off <= set(SHORTCUTS)


@pytest.mark.parametrize("path", ["/console", "/console/uses?from=2024-10-01", "/console?q=1"])
def test_a_way_back_leads_into_the_console(path):
    assert is_inside(path)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "//evil.example",
        "/consoles",
        "/console\\evil",
        "https://evil.example/console",
        "/console/\n",
        "/console/" + "x" * 2000,
        "/console/好",
        "/console/../v1/session",
        "/console/%2E%2e/metrics",
    ],
)
def test_no_way_back_leads_elsewhere(path):
    assert not is_inside(path)


def acting(*permissions: str) -> Acting:
    right = Right(role="some-role", scope=Scope(region="330481"), permissions=frozenset(permissions))
    return Acting(person="p", account="p", name="P", rights=(right,))


def test_navigation_holds_what_the_role_opens_and_nothing_else():
    bare = {place["path"] for place in nav_view(acting(), "/console")}
    assert bare == {place.path for place in PLACES if not place.permissions}
    every = acting(*(permission for place in PLACES for permission in place.permissions))
    assert [place["path"] for place in nav_view(every, "/console")] == [place.path for place in PLACES]


@pytest.mark.parametrize(
    ("path", "here"),
    [("/console", "/console"), ("/console/uses", "/console/uses"), ("/console/uses/T.1", "/console/uses"), ("/console/me", "/console/me")],
)
def test_navigation_marks_where_one_is(path, here):
    assert [place["path"] for place in nav_view(acting("uses.read"), path) if place["here"]] == [here]


def asked(**query: str):
    return read_filter(query, TODAY, catalogue("en"))


def of_figure(**query: str):
    programmes = {"elder_pass.bus": ("elder-pass-bus",)}
    return read_filter(query, TODAY, catalogue("en"), lambda figure: programmes.get(figure, ()))


def test_a_figure_of_the_bulletin_is_a_filter_of_many_years():
    told = of_figure(figure="elder_pass.bus", until="2024-10-31", **{"from": "2023-01-01"})
    assert told.errors == {} and told.filter.programmes == ("elder-pass-bus",) and told.filter.first == date(2023, 1, 1)
    assert "from" in asked(until="2024-10-31", **{"from": "2023-01-01"}).errors


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"figure": "museums.live"}, id="not counted from uses"),
        pytest.param({"figure": "elder_pass.bus", "terminal": "T1"}, id="of one device"),
        pytest.param({"figure": "elder_pass.bus", "resident": "1"}, id="of one resident"),
        pytest.param({"figure": "elder_pass.bus", "result": "in_error"}, id="and in error"),
        pytest.param({"result": "in_error", "terminal": "T1"}, id="in error, of one device"),
    ],
)
def test_what_no_statement_asks_is_told_and_asks_nothing(query):
    told = of_figure(**query)
    assert told.errors and not told.filter.is_sifted and (told.filter.first, told.filter.last) == (TODAY, TODAY)


def test_without_days_a_filter_is_of_today():
    told = asked()
    assert (told.filter.first, told.filter.last, told.errors) == (TODAY, TODAY, {})
    assert told.texts["from"] == told.texts["until"] == "2024-10-31"


def test_one_day_told_is_both_ends():
    assert asked(**{"from": "2024-10-01"}).filter.last == date(2024, 10, 1)
    assert asked(until="2024-10-02").filter.first == date(2024, 10, 2)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": "x"}, "from"), ({"until": "2024-02-30"}, "until"), ({"from": "1999-12-31"}, "from"),
        ({"from": "2024-10-02", "until": "2024-10-01"}, "until"), ({"from": "2024-01-01", "until": "2024-12-31"}, "from"),
        ({"region": "33%"}, "region"), ({"resident": "1; DROP"}, "resident"), ({"resident": "9" * 19}, "resident"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_told_and_kept(query, field):
    told = asked(**query)
    assert list(told.errors) == [field] and told.texts[field] == query[field]


def test_a_quarter_is_looked_at_in_one_go_and_not_a_day_more():
    first = date(2024, 1, 1)
    assert asked(**{"from": str(first), "until": str(date.fromordinal(first.toordinal() + DAYS_MAX - 1))}).errors == {}
    assert asked(**{"from": str(first), "until": str(date.fromordinal(first.toordinal() + DAYS_MAX))}).errors


def test_the_three_results_leave_no_use_out_and_share_none():
    granted, full, refused = (asked(result=result).filter for result in ("granted", "full", "refused"))
    assert refused.outcome == "refused" and refused.reasons == ()
    assert granted.outcome == full.outcome == "accepted"
    assert not set(granted.reasons) & set(full.reasons)
    assert {"OK", "OK_FREE", "OK_DISCOUNT"} <= set(granted.reasons) and "LIMIT_SLOT" in full.reasons


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000), st.booleans()), max_size=30))
def test_what_was_taken_back_is_counted_and_costs_nothing(uses):
    def total(chosen: list[tuple[int, int, bool]]) -> Totals:
        return Totals(len(chosen), 0, sum(max(one, other) for one, other, _ in chosen), sum(min(one, other) for one, other, _ in chosen))

    told = taken_off(total(uses), total([each for each in uses if each[2]]))
    kept = total([each for each in uses if not each[2]])
    assert (told.uses, told.reversed) == (len(uses), len(uses) - kept.uses)
    assert (told.list_fen, told.paid_fen, told.saved_fen) == (kept.list_fen, kept.paid_fen, kept.saved_fen)
