"""Every figure stands once, with its words in two languages, and says what the records do not hold."""

from pathlib import Path

import pytest

from onecard.reports.charts import tile_map
from onecard.reports.figures import MEAL_WINDOW_DAYS, PASS_CATEGORIES, bulletin_kpis, load_kpis
from onecard.reports.words import count_or_amount, value_text
from tests.unit.reports.sample import city, newsletter

REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "figures.md"


@pytest.mark.parametrize("kpi", load_kpis().values(), ids=list(load_kpis()))
def test_a_figure_has_all_its_words_in_both_languages(kpi):
    words = [kpi.label, kpi.unit, kpi.says, *(part for part in (kpi.numerator, kpi.denominator) if part)]
    assert all(each.zh.strip() and each.en.strip() for each in words)
    assert not any("\u3400" <= sign <= "\u9fff" for each in words for sign in each.en)
    assert ("share" in kpi.key or "_per_" in kpi.key) == (kpi.numerator is not None)


def test_the_canteens_say_the_window_that_the_plan_counts_by():
    says = load_kpis()["canteens.live"].says
    assert f" {MEAL_WINDOW_DAYS} " in says.zh and f" {MEAL_WINDOW_DAYS} " in says.en


def test_uses_are_what_the_elder_pass_is_counted_from_and_nothing_else():
    assert [key for key, kpi in load_kpis().items() if kpi.records == "uses"] == [f"elder_pass.{each}" for each in PASS_CATEGORIES]
    assert city().programmes_of("elder_pass.bus") == ("elder-pass-bus",)
    assert city().programmes_of("museums.live") == city().programmes_of("elder_pass.tram") == ()


def test_an_issue_holds_every_figure_the_document_those_of_the_bulletin():
    issue = newsletter()
    assert [*issue.figures, *issue.further] == list(load_kpis())
    assert issue.to_json()["definitions"].keys() == bulletin_kpis().keys()
    assert issue.figure("elder_pass.saved").value == issue.pass_saved_fen == issue.to_json()["elder_pass_saved"]
    assert issue.figure("no.such") is None


def test_what_is_counted_from_sites_names_them_where_it_has_a_value():
    figures = [figure for figure in newsletter().figures.values() if figure.kpi.records == "sites"]
    assert len(figures) == 10 and all((figure.value is None) == (figure.sites is None) for figure in figures)


def test_what_the_records_do_not_hold_reads_no_data_and_never_a_number():
    issue = newsletter()
    for figure in [*issue.figures.values(), *issue.further.values()]:
        if figure.value is None:
            assert not any(sign.isdigit() for lang in ("zh", "en") for sign in value_text(figure.key, None, issue.city, lang))


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [("elder_pass.saved", 106862348, "1,068,623.48"), ("subsidies.amount", -5, "-0.05"), ("subsidies.lines", 1234, "1,234")],
)
def test_fen_are_told_in_yuan(key, value, told):
    assert count_or_amount(key, value) == told


def test_a_tile_may_say_more_than_its_number():
    drawn = tile_map(city(), {"330481": 3}, lang="zh", title="t", shown={"330481": "3 / 9"})
    assert "3 / 9" in drawn and drawn.count(">0<") == 6


def test_the_reference_names_every_figure():
    page = REFERENCE.read_text(encoding="utf-8")
    assert [key for key in load_kpis() if f"| `{key}` |" not in page] == []
