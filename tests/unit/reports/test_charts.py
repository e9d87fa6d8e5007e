"""Pictures: well-formed, described, to scale, and safe with any text."""

import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onecard.reports.charts import Bar, Column, bars, columns, sparkline, tile_map
from tests.unit.reports.sample import city

SVG = "{http://www.w3.org/2000/svg}"
counts = st.lists(st.integers(0, 10**9), max_size=30)


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def test_bars_are_to_scale():
    widths = [
        float(rect.get("width"))
        for rect in parsed(bars([Bar(label="公交", value=100, shown="100"), Bar(label="景区", value=50, shown="50")], title="t")).iter(
            SVG + "rect"
        )
    ]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)


@given(counts)
def test_no_picture_leaves_its_frame(values):
    drawn = bars([Bar(label="公交", value=value, shown=f"{value:,}"[:7]) for value in values], title="t")
    stacked = columns([Column(label="2024", parts=(value, value // 2)) for value in values], series=["a", "b"], title="t", top_label="1")
    for svg in (parsed(drawn), parsed(stacked)):
        width, height = (float(svg.get(name)) for name in ("width", "height"))
        for rect in svg.iter(SVG + "rect"):
            assert 0 <= float(rect.get("x")) <= float(rect.get("x")) + float(rect.get("width")) <= width
            assert -0.1 <= float(rect.get("y")) <= float(rect.get("y")) + float(rect.get("height")) <= height


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), max_size=20))
def test_any_label_stays_a_label(label):
    svg = parsed(bars([Bar(label=label, value=1, shown=label)], title=label))
    assert svg.get("aria-label") == label
    assert [text.text or "" for text in svg.iter(SVG + "text")] == [label, label]


def test_the_map_has_a_tile_and_a_number_for_every_area():
    svg = parsed(tile_map(city(), {"330481": 24, "330421": 17}, lang="zh", title="食堂"))
    words = [text.text for text in svg.iter(SVG + "text")]
    assert len(list(svg.iter(SVG + "rect"))) == 7
    assert words[words.index("海宁市") + 1] == "24" and words[words.index("平湖市") + 1] == "0"


def test_tiles_do_not_overlap():
    boxes = [
        tuple(float(rect.get(name)) for name in ("x", "y", "width", "height"))
        for rect in parsed(tile_map(city(), {}, lang="en", title="t")).iter(SVG + "rect")
    ]
    for at, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, _, _ in boxes[at + 1 :]:
            assert abs(x - other_x) >= width or abs(y - other_y) >= height


@pytest.mark.parametrize("values", [[], [0], [3, 1, 2]])
def test_a_sparkline_of_anything_is_a_picture(values):
    assert parsed(sparkline(values, title="每月")).get("role") == "img"


def test_pictures_ask_for_nothing_from_outside():
    svg = tile_map(city(), {"330481": 1}, lang="zh", title="t")
    assert "href" not in svg and "<script" not in svg and "style=" not in svg
