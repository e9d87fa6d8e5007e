"""The style sheet's colours against each other, computed from the file itself (UI §3, §6.5), and its budget."""

import re

import pytest

from tests.unit.reports.sample import ROOT

STATIC = ROOT / "src/onecard/web/static"


def tokens(*names: str) -> dict[str, str]:
    """Return the colours that the style sheets *names* set, the last one's where several do."""
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", "".join((STATIC / name).read_text("utf-8") for name in names)))


LIGHT = tokens("onecard.css", "console.css")
NIGHT = tokens("onecard.css", "console.css", "console-dark.css")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT = [
    ("ink", "surface"), ("ink", "ground"), ("muted", "ground"), ("muted", "surface"), ("action", "surface"), ("action", "ground"),
    ("action-ink", "action"), ("banner-ink", "banner"), ("ok-ink", "ok"), ("amber-ink", "amber"), ("red-ink", "red-ground"),
    ("text-ok", "surface"), ("text-amber", "surface"), ("text-red", "surface"),
    ("ink", "tint"), ("muted", "tint"), ("action", "tint"), ("text-red", "red-tint"), ("ink", "red-tint"),
]  # fmt: skip


@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_reads_well_by_day(ink, ground):
    assert contrast(LIGHT[ink], LIGHT[ground]) >= 4.5


@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_reads_well_by_night(ink, ground):
    assert contrast(NIGHT[ink], NIGHT[ground]) >= 4.5


@pytest.mark.parametrize("tokens_of", [LIGHT, NIGHT], ids=["day", "night"])
@pytest.mark.parametrize("ground", ["surface", "ground"])
def test_edges_of_controls_can_be_seen(ground, tokens_of):
    assert contrast(tokens_of["border"], tokens_of[ground]) >= 3


def test_focus_stands_out_against_any_ground():
    assert contrast(LIGHT["focus"], LIGHT["ink"]) >= 3  # A yellow ring around a dark one: one of them always shows.


@pytest.mark.parametrize(("one", "other"), [("ok", "amber"), ("amber", "red-frame"), ("ok", "red-ground")])
def test_the_three_answers_differ_in_brightness_where_their_grounds_meet(one, other):
    assert contrast(LIGHT[one], LIGHT[other]) >= 2


@pytest.mark.parametrize(
    ("name", "bytes_max"), [("onecard.css", 14_000), ("terminal.css", 14_000), ("console.css", 20_000), ("console-dark.css", 1_500)]
)
def test_a_style_sheet_keeps_its_budget_and_loads_nothing(name, bytes_max):
    text = (STATIC / name).read_text("utf-8")
    assert len(text.encode()) <= bytes_max
    assert "url(" not in text and "@import" not in text and "http" not in text
