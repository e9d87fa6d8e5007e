"""Make plain data for the bulletin's page out of a bulletin: headline figures, scenes, pictures, tables. Pure."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from onecard.cards.qr import qr_svg
from onecard.reports.charts import Bar, Column, bars, columns, tile_map
from onecard.reports.figures import PASS_CATEGORIES
from onecard.reports.model import Bulletin
from onecard.reports.table import table
from onecard.reports.text import paragraphs
from onecard.reports.words import count_text, day_words
from onecard.web.words import Catalogue, catalogue

__all__ = ["bulletin_view", "day_html"]

_HEADLINES = ("elder_pass.bus", "elder_pass.merchant", "elder_pass.scenic", "canteens.live", "museums.live", "scenic_areas.live")
_BY_SIZE = ("bus", "merchant", "scenic")


def bulletin_view(bulletin: Bulletin, lang: str, head: str | None = None) -> dict[str, Any]:
    """Return all that `bulletin_body.html` shows, in *lang*; nothing in it is fetched later.

    *head*: the signed note of the audit log's newest head, for whoever keeps the page.
    """
    t = catalogue(lang)
    rows = {row.key: row for row in table(bulletin, lang)}
    return {
        "title": t("bulletin.title"),
        "day": day_html(bulletin, lang),
        "as_of": bulletin.as_of.isoformat(),
        "banner": t("banner.demo", scale=bulletin.scale) if bulletin.synthetic else "",
        "headlines": [
            {"label": t(f"bulletin.headline.{key}"), "value": rows[key].value, "known": bulletin.value(key) is not None}
            for key in _HEADLINES
        ],
        "scenes": {
            scene.slug: {
                "title": scene.title.to(lang),
                "text": scene.text.to(lang),
                "rows": [rows[key] for key in scene.keys],
            }
            for scene in paragraphs(bulletin)
        },
        "pass_picture": _pass_picture(bulletin, t),
        "months_picture": _months_picture(bulletin, t),
        "months": _months(bulletin, lang),
        "saved_fen": bulletin.pass_saved_fen,
        "tiles": _tiles(bulletin, t),
        "stale_canteens": bulletin.stale_canteens,
        "campus_steps": _campus_steps(bulletin, t),
        "rows": list(rows.values()),
        "head": _head(head) if head else None,
    }


def _head(note: str) -> dict[str, Any]:
    drawn = qr_svg(note, scale=3).decode().partition("?>")[2]
    return {"lines": note.splitlines(), "picture": Markup(drawn)}  # noqa: S704 - drawn by our own library: squares


def day_html(bulletin: Bulletin, lang: str) -> str:
    """Return the day of the bulletin in words."""
    return day_words(bulletin.as_of).to(lang)


def _known(bulletin: Bulletin) -> dict[str, int]:
    values = {category: bulletin.number(f"elder_pass.{category}") for category in _BY_SIZE}
    return {category: value for category, value in values.items() if value is not None}


def _pass_picture(bulletin: Bulletin, t: Catalogue) -> Markup | None:
    known = _known(bulletin)
    if not known:
        return None
    rows = [Bar(label=t(f"bulletin.category.{category}"), value=value, shown=f"{value:,}") for category, value in known.items()]
    told = t("bulletin.and").join(f"{row.label} {row.shown}" for row in rows)
    return bars(rows, title=t("bulletin.pass_alt", told=told))


def _months_picture(bulletin: Bulletin, t: Catalogue) -> Markup | None:
    if len(bulletin.months) < 2:
        return None
    rows = [Column(label=f"{month.month:%Y-%m}", parts=tuple(month.uses[category] for category in _BY_SIZE)) for month in bulletin.months]
    peak = max(bulletin.months, key=lambda month: sum(month.uses.values()))
    label = t("bulletin.peak", month=f"{peak.month:%Y-%m}", count=f"{sum(peak.uses.values()):,}")
    title = t("bulletin.months_alt", first=rows[0].label, last=rows[-1].label, peak=label)
    return columns(rows, series=[t(f"bulletin.category.{category}") for category in _BY_SIZE], title=title, top_label=label)


def _months(bulletin: Bulletin, lang: str) -> list[dict[str, Any]]:
    return [
        {
            "month": f"{month.month:%Y-%m}",
            "counts": [f"{month.uses[category]:,}" for category in _BY_SIZE],
            "sum": f"{sum(month.uses.values()):,}",
        }
        for month in reversed(bulletin.months)
    ]


def _tiles(bulletin: Bulletin, t: Catalogue) -> Markup | None:
    counties = bulletin.value("canteens.by_county")
    if not isinstance(counties, Mapping):
        return None
    told = t("bulletin.and").join(f"{area.name.to(t.lang)} {counties.get(area.region, 0)}" for area in bulletin.city.areas)
    return tile_map(bulletin.city, counties, lang=t.lang, title=t("bulletin.tiles_alt", told=told))


def _campus_steps(bulletin: Bulletin, t: Catalogue) -> list[dict[str, str]]:
    """Return the way of the school grounds from talks to live, each step with its figure."""
    if bulletin.value("campus.live") is None:
        return []
    keys = ("campus.in_talks", "campus.testing.campuses", "campus.live", "campus.planned_live")
    return [{"label": t(f"bulletin.step.{key}"), "value": count_text(bulletin.value(key), t.lang)} for key in keys]


assert set(_BY_SIZE) == set(PASS_CATEGORIES)
