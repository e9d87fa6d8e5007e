"""The table in its three forms, and the page that keeps it."""

import json
from dataclasses import replace

import pytest

from bench.all import QUESTIONS, questions_of
from bench.page import PAGE, with_table
from bench.rounds import Row
from bench.table import as_document, as_markdown, as_text

ROW = Row(
    name="tap.http", value=9123.456, unit="uses/s", peer="plain", peer_value=1300.0, ratio=7.018, rounds=7, ratio_min=6.4, ratio_max=7.7
)  # fmt: skip


def test_the_document_has_the_shape_that_others_rely_on():
    told = json.loads(json.dumps(as_document({"cores": 2}, [ROW])))
    assert told == {
        "machine": {"cores": 2},
        "rows": [
            {"name": "tap.http", "value": 9123.0, "unit": "uses/s", "peer": "plain", "peer_value": 1300.0, "ratio": 7.018, "rounds": 7,
             "ratio_min": 6.4, "ratio_max": 7.7},
        ],
    }  # fmt: skip


def test_text_and_page_show_the_same_figures():
    figures = ("tap.http", "9,123", "uses/s", "plain", "1,300", "7.02", "6.40 – 7.70")
    page = as_markdown({"cores": 2}, [ROW], day="2024-10-31", command="onecard bench tap")
    for figure in figures:
        assert figure in as_text([ROW])
        assert figure in page
    assert "2024-10-31" in page and "cores 2" in page and "`onecard bench tap`" in page


def table_of(*names: str, day: str) -> str:
    return as_markdown({"cores": 2}, [replace(ROW, name=name) for name in names], day=day, command="onecard bench")


def test_the_page_keeps_what_was_not_measured_anew_under_its_own_day():
    page = "before\n<!-- bench -->\n<!-- end of bench -->\nafter\n"
    both = with_table(with_table(page, table_of("tap", "upload", day="2024-10-31")), table_of("upload", day="2024-11-01"))
    assert both.index("Measured on 2024-11-01") < both.index("| `upload`") < both.index("Measured on 2024-10-31") < both.index("| `tap`")
    assert both.count("| `upload`") == both.count("| `tap`") == 1
    anew = with_table(both, table_of("tap", "upload", day="2024-11-02"))
    assert anew == with_table(page, table_of("tap", "upload", day="2024-11-02")), "a run of which nothing is left goes whole"


def test_the_page_keeps_all_its_words():
    page = PAGE.read_text(encoding="utf-8")
    kept = with_table(page, table_of("tap\\1", day="2024-10-31"))
    assert "| `tap\\1` |" in kept
    assert kept.partition("<!-- bench -->")[0] == page.partition("<!-- bench -->")[0]
    assert kept.partition("<!-- end of bench -->")[2] == page.partition("<!-- end of bench -->")[2]


def test_a_page_without_marks_is_a_mistake():
    with pytest.raises(AssertionError, match="marks"):
        with_table("# Performance\n", "| table |")


@pytest.mark.parametrize(
    ("names", "questions"),
    [
        pytest.param([], list(QUESTIONS), id="all without any"),
        pytest.param(["upload", "decide"], ["decide", "batch"], id="by folder or row, in one order"),
        pytest.param(["tap.http", "tap.lone", "tap"], ["tap"], id="each once"),
    ],
)
def test_questions_are_found_by_folder_and_by_row(names, questions):
    assert questions_of(names) == questions


def test_an_unknown_name_is_refused():
    with pytest.raises(KeyError, match="htp"):
        questions_of(["tap.htp"])
