"""The bulletin's words: the newsletter's sentences with the figures of the records."""

from dataclasses import replace
from datetime import date

import pytest

from onecard.reports.figures import bulletin_kpis
from onecard.reports.model import Bulletin
from onecard.reports.table import table
from onecard.reports.text import paragraphs, plain_text
from tests.unit.reports.sample import bulletin_of, newsletter, site, use


@pytest.fixture(scope="module")
def issue() -> Bulletin:
    return newsletter()


@pytest.mark.parametrize(
    "sentence",
    [
        "截至2024年10月31日，通过长三角“敬老通”，1522人次老年人享受到了景区优惠减免、63365人次享受到了公交优惠减免、46308人次享受到了商户优惠减免。",
        "截至2024年9月30日，海宁、桐乡、嘉善已经有63家养老食堂启用基于社保卡的助餐服务（海宁 24、桐乡 22、嘉善 17）。",
        "全市19家博物馆凭社保卡（码）入馆。",
        "全市17个景区可凭社保卡（码）进行身份认证入园。",
        "海宁6所学校9个校区改造工作已完成开发，正在开展测试。",
        "市本级15所学校正在积极对接中。",
        "计划2024年12月31日前实现10个校园点位的应用试点上线。目前已上线0个。",
        "占总量的比例：暂无数据",
    ],
)
def test_the_newsletter_speaks_again_from_the_records(issue, sentence):
    assert sentence in plain_text(issue, "zh")


@pytest.mark.parametrize(
    "sentence", ["63,365 times on buses", "63 canteens in Haining, Tongxiang and Jiashan", "9 campuses", "no data yet"]
)
def test_english_tells_the_same(issue, sentence):
    assert sentence in plain_text(issue, "en")


def test_another_day_and_other_records_give_other_words():
    text = plain_text(bulletin_of([use("elder-pass-bus", 5)], as_of=date(2024, 3, 5)), "zh")
    assert "截至2024年3月5日" in text and "5人次享受到了公交" in text and "63365" not in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_city_without_records_says_so_in_every_scene(lang):
    empty = bulletin_of()
    no_data = {"zh": "暂无数据", "en": "no data yet"}[lang]
    assert all(no_data in paragraph.text.to(lang) for paragraph in paragraphs(empty))


def test_schools_outside_the_city_proper_are_named_by_their_area():
    text = plain_text(bulletin_of(sites=[site("k", "campus", "in_talks", region="330482")]), "zh")
    assert "平湖1所学校正在积极对接中" in text


def test_only_a_demo_is_called_one(issue):
    assert "演示数据，1:100" in plain_text(issue, "zh")
    assert "演示" not in plain_text(replace(issue, synthetic=False), "zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_figure_has_a_label_a_value_and_a_definition(issue, lang):
    rows = table(issue, lang)
    assert [row.key for row in rows] == list(bulletin_kpis())
    assert all(row.label and row.value and row.definition for row in rows)


def test_every_figure_belongs_to_one_paragraph(issue):
    told = [key for paragraph in paragraphs(issue) for key in paragraph.keys]
    assert sorted(told) == sorted(issue.figures)


def test_the_document_has_the_keys_that_others_rely_on(issue):
    document = issue.to_json()
    assert document["elder_pass"] == {"scenic": 1522, "bus": 63365, "merchant": 46308}
    shares = {"share_by_count": None, "share_by_amount": None}
    assert document["subsidies"] == {"period": None, **shares, "without_pensions": shares, "lines": None, "amount": None}
    assert document["canteens"] == {"as_of": "2024-09-30", "live": 63, "by_county": {"330481": 24, "330483": 22, "330421": 17}}
    assert (document["museums"], document["scenic_areas"]) == ({"live": 19}, {"live": 17})
    assert document["library"] == {"union_loan": None, "returned_elsewhere_share": None}
    assert document["campus"] == {
        "testing": {"schools": 6, "campuses": 9},
        "in_talks": 15,
        "planned_live_by": "2024-12-31",
        "planned_live": 10,
        "live": 0,
    }
    assert (document["as_of"], document["scale"], document["synthetic"]) == ("2024-10-31", 100, True)
    assert all(set(words) == {"zh", "en"} for words in document["definitions"].values())
