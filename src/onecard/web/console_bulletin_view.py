"""What the bulletin's pages in the console show: an issue with what changed, and one figure with what it is counted from. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from onecard.app.bulletin_desk import SITES_MAX, Issue, OneFigure
from onecard.reports.figures import PASS_CATEGORIES
from onecard.reports.model import Bulletin, Figure, Words
from onecard.reports.plan import quarter_end
from onecard.reports.words import count_or_amount, day_words, value_text
from onecard.staff.model import Acting
from onecard.terminals.model import Site
from onecard.web.bulletin_view import bulletin_view
from onecard.web.console_frame import Console, region_name
from onecard.web.console_records_view import PATH as RECORDS
from onecard.web.console_sites_view import PATH as SITES
from onecard.web.console_sites_view import site_name, state_tag
from onecard.web.console_table import Column, Field, Lines, Row, Table, address
from onecard.web.words import Catalogue

__all__ = ["PATH", "figure_view", "issue_view"]

PATH: Final = "/console/bulletin"


def issue_view(issue: Issue, today: date, t: Catalogue, *, error: str = "") -> dict[str, Any]:
    """Return an issue: its text, its pictures, every figure beside the one of a month before, and those that have no data."""
    bulletin, before = issue.bulletin, issue.before
    known = [figure for figure in bulletin.figures.values() if figure.value is not None]
    return {
        **bulletin_view(bulletin, t.lang),
        "title": t("console.bulletin.title", day=_day(bulletin, t), known=len(known), missing=len(bulletin.figures) - len(known)),
        "lead": t("console.bulletin.lead", day=_day(before, t)),
        "errors": [("as_of", error)] if error else [],
        "fields": [Field(name="as_of", label=t("console.bulletin.as_of"), kind="date", value=bulletin.as_of.isoformat(), error=error)],
        "earlier": address(PATH, {"as_of": before.as_of.isoformat()}),
        "newest": "" if bulletin.as_of == today else address(PATH, {"as_of": today.isoformat()}),
        "files": [(address(f"/bulletin.{form}", {"as_of": bulletin.as_of.isoformat()}), form.upper()) for form in ("csv", "json")],
        "table": _figures(t("console.bulletin.figures"), bulletin.figures, issue, t),
        "further": _figures(t("console.bulletin.further"), bulletin.further, issue, t),
        "path": PATH,
    }  # fmt: skip


def figure_view(console: Console, acting: Acting, told: OneFigure, t: Catalogue) -> dict[str, Any]:
    """Return one figure: its value, what it counts in both languages, its two parts, and what it is counted from."""
    figure, bulletin = told.figure, told.issue.bulletin
    kpi, other = figure.kpi, "zh" if t.lang == "en" else "en"
    before = told.issue.before.figure(figure.key)
    assert before is not None, "every issue holds every figure"
    return {
        "title": t("console.bulletin.one", label=kpi.label.to(t.lang), value=_with_unit(figure, bulletin, t)),
        "lead": t("console.bulletin.one_lead", day=_day(bulletin, t)),
        "back": address(PATH, {"as_of": bulletin.as_of.isoformat()}),
        "says": [(t.lang, t.html_lang, kpi.says.to(t.lang)), (other, "zh-CN" if other == "zh" else "en", kpi.says.to(other))],
        "facts": [
            (t("console.bulletin.numerator"), _part(figure.numerator, kpi.numerator, t)),
            (t("console.bulletin.denominator"), _part(figure.denominator, kpi.denominator, t)),
            (t("console.bulletin.before", day=_day(told.issue.before, t)), _with_unit(before, told.issue.before, t)),
            (t("console.bulletin.change"), _change(figure, before, t)),
            (t("console.bulletin.key"), figure.key),
        ],
        "records": _records(acting, told, t),
        "sites": _sites(console, told, t) if figure.sites and acting.may("sites.read") else None,
        "months": _months(figure, bulletin),
    }  # fmt: skip


def _figures(caption: str, figures: Mapping[str, Figure], issue: Issue, t: Catalogue) -> Table:
    columns = [
        Column(label=t("bulletin.figure")), Column(label=t("bulletin.value"), kind="number"),
        Column(label=_day(issue.before, t), kind="number"), Column(label=t("console.bulletin.change"), kind="number"),
        Column(label=t("bulletin.how"), narrow=False),
    ]  # fmt: skip
    return Table(caption=caption, columns=columns, rows=[_row(figure, issue, t) for figure in figures.values()])


def _row(figure: Figure, issue: Issue, t: Catalogue) -> Row:
    before = issue.before.figure(figure.key)
    assert before is not None, "every issue holds every figure"
    label = Lines(first=figure.kpi.label.to(t.lang), second=figure.kpi.unit.to(t.lang))
    values = (_value(figure, issue.bulletin, t), _value(before, issue.before, t), _change(figure, before, t))
    href = address(f"{PATH}/{figure.key}", {"as_of": issue.bulletin.as_of.isoformat()})
    return Row(key=figure.key, cells=(label, *values, figure.kpi.says.to(t.lang)), href=href)


def _records(acting: Acting, told: OneFigure, t: Catalogue) -> tuple[str, str]:
    """Return what to say of the records that a figure counts, and where they are listed; '' where that is nowhere else."""
    figure, bulletin = told.figure, told.issue.bulletin
    if figure.kpi.records == "sites" and figure.sites is not None:
        shown, unseen = len(told.sites), len(figure.sites) - len(told.sites)
        if not acting.may("sites.read"):
            return t("console.bulletin.no_sites"), ""
        return t("console.bulletin.sites_shown" if unseen else "console.bulletin.sites", shown=shown, unseen=unseen), ""
    if figure.kpi.records != "uses" or not bulletin.months:
        return t("console.bulletin.no_records"), ""
    if not acting.may("uses.read"):
        return t("console.bulletin.no_uses"), ""
    days = {"from": bulletin.months[0].month.isoformat(), "until": bulletin.as_of.isoformat()}
    return t("console.bulletin.own_region"), address(RECORDS, days, figure=figure.key)


def _sites(console: Console, told: OneFigure, t: Catalogue) -> Table:
    day = quarter_end(told.issue.bulletin.as_of) if told.figure.kpi.scene == "canteens" else told.issue.bulletin.as_of
    columns = [
        Column(label=t("console.sites.site")), Column(label=t("console.sites.region")), Column(label=t("console.sites.state_label")),
        Column(label=t("console.sites.planned_for"), kind="when"),
    ]  # fmt: skip
    rows = [_site(console, site, day, t) for site in told.sites]
    return Table(
        caption=t("console.bulletin.sites_caption", most=SITES_MAX), columns=columns, rows=rows,
        empty=t("console.sites.none"), empty_next=t("console.bulletin.sites_elsewhere"),
    )  # fmt: skip


def _site(console: Console, site: Site, day: date, t: Catalogue) -> Row:
    planned = site.planned_for.isoformat() if site.planned_for else t("console.sites.no_date")
    cells = (site_name(site, t), region_name(console, site.region, t.lang), state_tag(site.state_on(day), t), planned)
    return Row(key=site.site, cells=cells, href=f"{SITES}/{site.site}")


def _months(figure: Figure, bulletin: Bulletin) -> Sequence[tuple[str, str]]:
    """Return a figure of the elder pass by month, the newest first."""
    scene, _, category = figure.key.partition(".")
    if scene != "elder_pass" or category not in PASS_CATEGORIES:
        return ()
    return [(f"{month.month:%Y-%m}", f"{month.uses[category]:,}") for month in reversed(bulletin.months)]


def _day(bulletin: Bulletin, t: Catalogue) -> str:
    return day_words(bulletin.as_of).to(t.lang)


def _value(figure: Figure, bulletin: Bulletin, t: Catalogue) -> str:
    """Return a figure's value for a column; what the records do not hold is no data, never 0."""
    if figure.value is None:
        return t("console.bulletin.no_data")
    return value_text(figure.key, figure.value, bulletin.city, t.lang)


def _with_unit(figure: Figure, bulletin: Bulletin, t: Catalogue) -> str:
    counts = isinstance(figure.value, int) and not isinstance(figure.value, bool)
    return _value(figure, bulletin, t) + (f" {figure.kpi.unit.to(t.lang)}" if counts else "")


def _part(part: int | None, words: Words | None, t: Catalogue) -> str:
    """Return one part of a share with its value; a figure that is no share says so."""
    if words is None:
        return t("console.bulletin.no_share")
    return t("console.bulletin.part", words=words.to(t.lang), value=t("console.bulletin.no_data") if part is None else f"{part:,}")


def _change(figure: Figure, earlier: Figure, t: Catalogue) -> str:
    """Return how much a figure moved; '' for what cannot be compared."""
    now, before = figure.value, earlier.value
    if isinstance(now, bool) or isinstance(before, bool) or not isinstance(now, int | float) or not isinstance(before, int | float):
        return ""
    if now == before:
        return t("console.bulletin.same")
    if isinstance(now, int) and isinstance(before, int):
        return ("+" if now > before else "") + count_or_amount(figure.key, now - before)
    return t("console.bulletin.points", by=f"{100 * (now - before):+.1f}")
