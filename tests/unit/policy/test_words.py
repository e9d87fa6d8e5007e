"""Why: each condition in words for an elder, in Chinese and English; poverty and illness are never named."""

import pytest

from onecard.policy.facts import blanks
from tests.unit.policy.bad_payouts import MEALS, STIPEND
from tests.unit.policy.documents import BUS, GROUND, checked, programme_of
from tests.unit.policy.test_findings import USE, WHO


def said(text: str, **told):
    facts = blanks("use") | {"day": 739_190, "region": "330481", "home_region": "330481", "age": 66} | told
    return programme_of(text).trace(facts).conditions


def test_an_age_is_said_with_the_age_that_was_seen():
    (asked, *_) = said(BUS, age=66)
    assert (asked.zh, asked.en, asked.held) == ("年满 60 周岁：66 岁", "aged 60 or over: aged 66", True)
    assert (asked.text, asked.reason, asked.facts) == ("age >= 60", "NOT_ELIGIBLE_AGE", {"age": 66})


def test_the_first_condition_that_fails_is_the_last_that_is_asked():
    assert [(asked.zh, asked.held) for asked in said(BUS, age=59)] == [("年满 60 周岁：59 岁", False)]


def test_a_region_list_has_the_name_the_city_gives_it():
    assert said(BUS, home_region="110101")[1].zh == "卡归属地在长三角：110101"


def test_yes_and_no_are_said_in_words():
    asked = said(GROUND, age=13, registered_region="330481", time=1100, capacity=60)
    assert [one.zh for one in asked][:3] == ["没有被暂停进入：是", "今天开放：是", "时间在开放时段内：工作日，18:20"]
    assert asked[3].zh == "年满 14 周岁，或者有监护人陪同：13 岁，没有监护人陪同"
    assert not asked[3].held


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("has(hardship, dibao, tekun)", {"hardship": frozenset({"dibao"})}),
        ("disability >= 1 and disability <= 2", {"disability": 2}),
        ("care_level > 0 or age >= 90", {"care_level": 3}),
        ("not has(hardship, disabled)", {"hardship": frozenset({"disabled"})}),
    ],
)
def test_secret_facts_are_neither_named_nor_shown(condition, told):
    text = USE.replace(WHO, f"  - {condition} else NOT_ELIGIBLE\n")
    for held in (told, {}):
        (asked,) = said(text, **held)
        assert asked.zh in ("符合规定的身份条件：是", "符合规定的身份条件：否")
        assert asked.en in ("meets the conditions set for this benefit: yes", "meets the conditions set for this benefit: no")


@pytest.mark.parametrize(
    ("condition", "zh"),
    [
        ("age < 14", "不满 14 周岁：66 岁"),
        ("not age >= 14", "不满 14 周岁：66 岁"),
        ("60 <= age < 70", "年满 60 周岁，并且不满 70 周岁：66 岁"),
        ("has(standing, soldier)", "身份是军人：没有登记身份"),
        ("list_price <= 10.00", "原价不超过 10.00 元：0.00 元"),
        ("day_kind in [weekend, holiday]", "日子是周末、节假日：工作日"),
        ("weekday != mon", "星期不是星期一：星期一"),
        ("registered_region not in city", "户籍地不在嘉兴市：户籍地未登记"),
        ("not (age >= 60 and booked)", "不满 60 周岁，或者没有预约：66 岁，没有预约"),
        ("known(agreed_price)", "已登记协议价：没有登记协议价"),
        ("day >= 2024-05-01", "日期不早于 2024-05-01"),
    ],
)
def test_conditions_read_as_sentences(condition, zh):
    text = USE.replace(WHO, f"  - {condition} else NOT_ELIGIBLE\n")
    facts = blanks("use") | {"day": 739_190, "region": "330481", "home_region": "330481", "age": 66}
    programme = checked(text).programmes[0]
    assert programme.trace(facts).conditions[0].zh == zh


def test_a_trace_names_the_row_that_held():
    facts = blanks("use") | {"day": 739_190, "region": "330481", "home_region": "330481", "age": 72, "list_price": 200}
    trace = programme_of(BUS).trace(facts)
    assert (trace.row, trace.verdict) == ("free if age >= 70", (0, 30))


def test_schooling_and_insurance_share_a_name_and_not_its_words():
    programme = checked(STIPEND).programmes[0]
    facts = {**blanks("payout"), "home_region": "330481", "age": 12}
    asked = programme.trace(facts).conditions[0]
    assert (asked.held, asked.zh, asked.en) == (False, "就学不是无：无", "schooling is not none: none")
    assert programme.trace({**facts, "schooling": "middle"}).conditions[0].zh == "就学不是无：中学"


def test_a_suspended_operator_is_told_so():
    programme = checked(MEALS).programmes[0]
    asked = programme.trace({**blanks("payout"), "suspended": True}).conditions[0]
    assert (asked.zh, asked.en) == ("没有暂停发放：否", "payment is not suspended: no")
