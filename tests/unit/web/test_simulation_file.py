"""A simulation as a page and as CSV: all in one file, both languages, and no cell that a spreadsheet would run."""

import csv
import io
import re
from dataclasses import replace
from datetime import date

import pytest

from onecard.releases.simulated import Affected, RegionSum, Simulated, SimulatedRow
from onecard.web.simulation_csv import simulation_csv
from onecard.web.simulation_file import simulation_file
from onecard.web.simulation_shown import Names

NAMES = Names(
    words={"civil-affairs": {"zh": "民政资金", "en": "Civil affairs"}}, regions={"330421": {"zh": "嘉善县", "en": "Jiashan"}}
)  # fmt: skip
SUMS = {"gain": 2, "lose": 1, "same": 3, "old_fen": 60_000, "new_fen": 75_050}
FOUND = Simulated(
    programme="meal", title_zh="助餐<b>", title_en="Meals & more", version=2, against=1, digest="0" * 64, together=("pass",), source="uses",
    first=date(2024, 10, 1), last=date(2024, 10, 31), examined=1234, unknown=5, missing=("ticket",), **SUMS,
    regions=(RegionSum(region="330421", **SUMS),),
    rows=(SimulatedRow(fund="civil-affairs-330421", region="330421", age_band="60-69", **SUMS),),
    most_affected=(
        Affected(name="王*国", region="330421", old_fen=0, new_fen=900), Affected(name="", region="110101", old_fen=0, new_fen=1),
    ),
)  # fmt: skip


def test_one_file_holds_everything_and_asks_nobody() -> None:
    page = simulation_file(FOUND, NAMES)
    assert not re.search(r"<script|<link|<img|url\(|(?:src|href)=.(?!#)", page)
    assert page.count("<svg") == 6  # Funds, gains and losses, in each language.
    assert "助餐&lt;b&gt;" in page and "Meals &amp; more" in page


def test_both_languages_say_the_same_figures_with_the_citys_names() -> None:
    page = simulation_file(FOUND, NAMES)
    for told in ("嘉善县民政资金", "Civil affairs, Jiashan", "王*国", "外地来客", "Visitor", "110101", "ticket", "pass"):
        assert told in page
    assert page.count("+150.50") >= 4


@pytest.mark.parametrize(
    ("change", "told"),
    [
        pytest.param({"against": None, "old_fen": 0}, "新办这一项", id="a new programme"),
        pytest.param({"new_fen": 60_000}, "总数不变", id="the same in all"),
        pytest.param({"new_fen": 0}, "少 ", id="less"),
    ],
)
def test_the_first_sentence_is_the_answer(change: dict[str, int | None], told: str) -> None:
    page = simulation_file(replace(FOUND, **change), NAMES)  # type: ignore[arg-type]
    lead = re.search(r'<p class="lead">(.*?)</p>', page)
    assert lead is not None and told in re.sub(r"<[^>]*>", "", lead[1])


def test_nobody_affected_is_said_in_words() -> None:
    page = simulation_file(replace(FOUND, regions=(), rows=(), most_affected=()), NAMES)
    assert "没有人受影响" in page and "<svg" not in page


def test_no_cell_of_the_csv_is_a_formula() -> None:
    row = replace(FOUND.rows[0], fund="=cmd", region="-330421")
    text = simulation_csv(replace(FOUND, rows=(row,)))
    assert text.startswith("\ufefffund,region,age_band,gain")
    (_, cells) = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert cells == ["'=cmd", "'-330421", "60-69", "2", "1", "3", "60000", "75050"]
