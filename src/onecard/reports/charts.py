"""Pictures as SVG, drawn on the server: bars, stacked columns, a sparkline and the map of tiles. Pure, no script, no request.

Colours stand in the picture itself, so that it prints and travels by mail without a style sheet.
Every picture carries its own description; the table with the same numbers stands beside it (UI §0.8).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from onecard.reports.model import City

__all__ = ["Bar", "Column", "bars", "columns", "sparkline", "tile_map"]

_INK, _LINE, _MUTED = "#16202a", "#66737f", "#46535f"
_SERIES = ("#0b4f8a", "#b85c00", "#007a78", "#7b3f8c", "#5c6873")  # UI §3, all ≥ 4.5:1 on white.
_STEPS = (("#e4e9ee", _INK), ("#5d8fbd", _INK), ("#0b4f8a", "#ffffff"))  # ground, ink


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: what it is, how long, and the words at its end."""

    label: str
    value: int
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of stacked parts, in the order of the series."""

    label: str
    parts: tuple[int, ...]


def bars(rows: Sequence[Bar], *, title: str) -> Markup:
    """Return horizontal bars on one scale from zero. *title* says in words what the picture shows."""
    label_width = 18 + 17 * max((_width(row.label) for row in rows), default=0)
    room = 480 - label_width - 86
    longest = max((row.value for row in rows), default=0) or 1
    body: list[Markup] = []
    for at, row in enumerate(rows):
        width = max(room * row.value / longest, 2 if row.value else 0)
        body += [
            _text(label_width - 10, 28 + 44 * at, row.label, "end", _INK),
            _rect(label_width, 8 + 44 * at, width, 28, 0),
            _text(label_width + width + 10, 28 + 44 * at, row.shown, "start", _INK, bold=True),
        ]
    return _svg(480, 44 * len(rows) + 8, title, body)


def columns(rows: Sequence[Column], *, series: Sequence[str], title: str, top_label: str) -> Markup:
    """Return stacked columns over time with a legend; first and last columns are labelled, the highest carries *top_label*."""
    tallest = max((sum(row.parts) for row in rows), default=0) or 1
    step = 468 / max(len(rows), 1)
    body = [_legend(series)]
    peak = max(range(len(rows)), key=lambda at: sum(rows[at].parts), default=0)
    for at, row in enumerate(rows):
        x, y = 6 + at * step, 214.0
        for index, part in enumerate(row.parts):
            height = 150 * part / tallest
            y -= height
            body.append(_rect(x + step * 0.12, y, step * 0.76, height, index))
        if at == peak:
            half = 8.5 * _width(top_label)
            body.append(_text(min(max(x + step / 2, half), 480 - half), y - 6, top_label, "middle", _INK))
        if at in (0, len(rows) - 1):
            body.append(_text(6 if at == 0 else 474, 236, row.label, "start" if at == 0 else "end", _MUTED))
    body.append(Markup('<path d="M6 214.5H474" stroke="{line}" fill="none"/>').format(line=_LINE))
    return _svg(480, 246, title, body)


def sparkline(values: Sequence[int], *, title: str) -> Markup:
    """Return one small line without axes, its last point marked."""
    tallest = max(values, default=0) or 1
    step = 150 / max(len(values) - 1, 1)
    points = [(4 + at * step, 34 - 30 * value / tallest) for at, value in enumerate(values)]
    path = "M" + "L".join(f"{_px(x)} {_px(y)}" for x, y in points) if points else ""
    body = [Markup('<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>').format(path=path, colour=_SERIES[0])]
    for x, y in points[-1:]:
        body.append(Markup('<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>').format(x=_px(x), y=_px(y), colour=_SERIES[0]))
    return _svg(160, 40, title, body)


def tile_map(city: City, counts: Mapping[str, int], *, lang: str, title: str, shown: Mapping[str, str] | None = None) -> Markup:
    """Return the city's areas as tiles with their number in each; three steps of colour, none of which means anything alone.

    *shown*: what stands in a tile instead of its number, by area.
    """
    most = max(counts.values(), default=0)
    told = {area.region: f"{counts.get(area.region, 0):,}" for area in city.areas} | dict(shown or {})
    tiles = [
        _tile(20 + 148 * area.x, 4 + 112 * area.y, area.name.to(lang), told[area.region], _step(counts.get(area.region, 0), most))
        for area in city.areas
    ]
    rows = max((area.y for area in city.areas), default=0) + 1
    return _svg(480, int(112 * rows), title, tiles)


def _step(count: int, most: int) -> tuple[str, str]:
    return _STEPS[0 if count == 0 else 1 if 4 * count < 3 * most else 2]


def _tile(x: float, y: float, name: str, told: str, colours: tuple[str, str]) -> Markup:
    ground, ink = colours
    box = Markup('<rect x="{x}" y="{y}" width="140" height="104" rx="10" fill="{ground}" stroke="{line}"/>').format(
        x=_px(x), y=_px(y), ground=ground, line=_LINE
    )
    label = _text(x + 70, y + 42, name, "middle", ink, size=22)
    return box + label + _text(x + 70, y + 80, told, "middle", ink, bold=True, size=30 if len(told) < 6 else 24)


def _legend(series: Sequence[str]) -> Markup:
    parts: list[Markup] = []
    x = 6.0
    for index, name in enumerate(series):
        parts += [_rect(x, 6, 16, 16, index), _text(x + 22, 20, name, "start", _INK)]
        x += 22 + 17 * _width(name) + 24
    return Markup("").join(parts)


def _rect(x: float, y: float, width: float, height: float, series: int) -> Markup:
    return Markup('<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{colour}"/>').format(
        x=_px(x), y=_px(y), width=_px(width), height=_px(height), colour=_SERIES[series % len(_SERIES)]
    )


def _text(x: float, y: float, text: str, anchor: str, colour: str, *, bold: bool = False, size: int = 17) -> Markup:
    return Markup(
        '<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" fill="{colour}">{text}</text>'
    ).format(x=_px(x), y=_px(y), anchor=anchor, size=size, weight=700 if bold else 400, colour=colour, text=text)


def _svg(width: int, height: int, title: str, body: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="chart" role="img" aria-label="{title}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'xmlns="http://www.w3.org/2000/svg">{body}</svg>'
    ).format(title=title, width=width, height=height, body=Markup("").join(body))


def _width(text: str) -> float:
    """Return how wide *text* is in Chinese characters: an ASCII letter takes a little over half of one."""
    return sum(0.56 if char.isascii() else 1.0 for char in text)


def _px(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
