"""What the explanation page says of each answer, and what it keeps to itself."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from onecard.web.conditions_view import limit_line, programme_groups, programme_title
from onecard.web.explanation_view import explanation_view, state_of
from onecard.web.rendering import render
from onecard.web.words import catalogue
from tests.browser.fake_app import EXPLANATIONS
from tests.unit.reports.sample import ROOT

WORDS = yaml.safe_load((ROOT / "cities/jiaxing/lists.yaml").read_text("utf-8"))["words"]
ZH = catalogue("zh")


@pytest.mark.parametrize(
    ("outcome", "reason", "state"),
    [
        ("accepted", "OK", "ok"), ("accepted", "OK_FREE", "ok"), ("accepted", "OFFLINE_ACCEPTED", "ok"), ("accepted", "LIMIT_DAY", "amber"),
        ("accepted", "OFFLINE_DOUBTFUL", "amber"), ("refused", "LIMIT_DAY", "red"), ("refused", "CARD_LOST", "red"),
    ],
)  # fmt: skip
def test_an_answer_has_one_of_three_states(outcome, reason, state):
    assert state_of(outcome, reason) == state


@pytest.mark.parametrize(
    ("use", "title"),
    [
        ("granted", '优惠：付 <span class="nb num">13.00 元</span>，省 <span class="nb num">2.00 元</span>'),
        ("withheld", "为什么没有优惠：本餐已用"),
        ("refused", "为什么没有通过：卡已挂失"),
    ],
)
def test_the_title_is_the_answer(use, title):
    assert explanation_view(EXPLANATIONS[use], WORDS, "zh")["title"] == title


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("use", EXPLANATIONS)
def test_money_adds_up_on_the_page(use, lang):
    first, *borne, paid = explanation_view(EXPLANATIONS[use], WORDS, lang)["money"]
    if EXPLANATIONS[use]["outcome"] == "accepted":
        assert first["fen"] == sum(row["fen"] for row in borne) + paid["fen"]


def test_a_fund_of_a_region_is_named_in_words():
    labels = [row["label"] for row in explanation_view(EXPLANATIONS["granted"], WORDS, "zh")["money"]]
    assert "民政资金（330481）承担" in labels


def test_a_withheld_value_is_said_to_be_withheld_and_its_text_never_shown():
    page = render(
        "explanation.html", "zh", {**explanation_view(EXPLANATIONS["granted"], WORDS, "zh"), "banner": "", "terminal_link": False}
    )
    assert "困难情况（内容不在这里显示）" in page and "withheld" not in page


def test_the_condition_that_decided_stands_out_and_the_others_do_not():
    lines = explanation_view(EXPLANATIONS["refused"], WORDS, "zh")["groups"][0]["lines"]
    assert [(line["state"], line["decisive"]) for line in lines] == [("red", True)]


def condition(programme, held, reason="NOT_ELIGIBLE_AGE", value=None):
    return {"programme": programme, "reason": reason, "says": {"zh": "年满 60 周岁", "en": "aged 60 or over"}, "value": value, "held": held}


def test_programmes_that_did_not_decide_stand_behind_those_that_did():
    conditions = [
        condition(None, True),
        condition("bus", True),
        condition("student", False, "NOT_ELIGIBLE"),
        condition("talent", False, "NOT_ELIGIBLE"),
    ]
    first, others = programme_groups({"conditions": conditions, "reason": "OK_DISCOUNT", "programme": "bus+x"}, ZH)
    assert [group["title"] for group in first] == ["卡（码）", "bus"]
    assert [group["title"] for group in others] == ["student", "talent"]


def test_a_programme_is_called_by_its_title_where_one_is_known():
    explanation = {
        "conditions": [condition("bus", True)],
        "reason": "OK",
        "programme": "bus",
        "titles": {"bus": {"zh": "敬老通公交", "en": "Pass"}},
    }
    assert programme_groups(explanation, ZH)[0][0]["title"] == "敬老通公交"
    assert programme_title("bus+x", explanation, "en") == "Pass + x"


def test_a_use_that_met_a_full_limit_leads_to_the_one_that_filled_it():
    assert [link["text"] for link in explanation_view(EXPLANATIONS["withheld"], WORDS, "zh")["links"]] == ["看 11:08 那一笔"]
    assert explanation_view(EXPLANATIONS["granted"], WORDS, "zh")["links"] == []


@pytest.mark.parametrize(
    ("limit", "state", "text"),
    [
        ({"per": "slot", "cap": 1, "used_before": 1, "counted": 0}, "red", "每餐（时段）上限 1：之前用了 1，已经用完"),
        ({"per": "month", "cap": 45, "used_before": 23, "counted": 1}, "ok", "每月上限 45：之前用了 23，这次计 1"),
        ({"per": "year", "cap": 9, "used_before": 2, "counted": 0}, "none", "每年上限 9：之前用了 2"),
        (
            {"per": "year", "cap": 50000, "used_before": 1250, "counted": 200, "unit": "yuan"},
            "ok",
            "每年上限 500.00：之前用了 12.50，这次计 2.00",
        ),
        ({"per": "at_once", "cap": 3, "used_before": 3, "counted": -1}, "ok", "同时上限 3：之前用了 3，离场后减 1"),
    ],
)
def test_a_limit_says_what_was_left_of_it(limit, state, text):
    line = limit_line(limit, ZH)
    assert (line["state"], line["text"]) == (state, text)


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_a_record_holds_stays_text_on_the_page(name, place):
    explanation = {**EXPLANATIONS["granted"], "person": f"<script>{name}", "site": {"zh": f"<img {place}", "en": ""}, "use": f'"><b>{name}'}
    page = render("explanation.html", "zh", {**explanation_view(explanation, WORDS, "zh"), "banner": "", "terminal_link": False})
    assert "<script>" not in page and "<img" not in page and '"><b>' not in page


def test_a_record_that_decides_otherwise_today_raises_the_alarm():
    view = explanation_view({**EXPLANATIONS["granted"], "replays": False, "reversed": True}, WORDS, "zh")
    assert view["alarm"] and view["notes"] == ["这一笔后来已经撤销。"]


def test_a_record_of_nobody_has_no_name_and_no_other_records():
    view = explanation_view({**EXPLANATIONS["refused"], "person": None, "same_day": []}, WORDS, "en")
    assert view["links"] == [] and view["same_day"] == []


def test_the_programme_whose_limit_was_full_stands_with_what_decided():
    full = {"programme": "meal", "name": "slot", "per": "slot", "cap": 1, "used_before": 1, "counted": 0}
    conditions = [condition(None, True), condition("bus", True), condition("meal", True), condition("x", False)]
    first, others = programme_groups({"conditions": conditions, "reason": "LIMIT_SLOT", "programme": None, "limits": [full]}, ZH)
    assert [group["title"] for group in first] == ["卡（码）", "meal"] and len(others) == 2


def test_a_limit_that_two_programmes_share_is_said_once():
    shared = {"name": "elder-rides", "per": "day", "cap": 30, "used_before": 0, "counted": 1}
    view = explanation_view({**EXPLANATIONS["granted"], "limits": [shared | {"programme": "a"}, shared | {"programme": "b"}]}, WORDS, "zh")
    assert len(view["limits"]) == 1
