"""What the records page shows, part by part, and what its files hold. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from onecard.app.staff_uses import SeenUse
from onecard.decision.reasons import load_reasons
from onecard.reports.figures import load_kpis
from onecard.staff.model import Acting
from onecard.uses.look import Totals
from onecard.values.days import civil
from onecard.values.money import yuan
from onecard.web.console_export import Export
from onecard.web.console_frame import Console, Visit, region_name
from onecard.web.console_table import Column, Field, Lines, Row, Table, address
from onecard.web.console_uses_filter import FIELDS, RESULTS, Asked
from onecard.web.console_uses_words import UseWords
from onecard.web.words import Catalogue, named

__all__ = ["PATH", "period", "pinned", "record_fields", "records_export", "records_table", "totals_view"]

PATH: Final = "/console/uses"

_EXPORTED: Final = (
    "use", "when", "person", "region", "place", "service", "outcome", "list_price", "paid", "programme", "version_no", "reversed",
)  # fmt: skip
_PINNED: Final = ("site", "terminal", "resident", "figure")  # What no field of the form shows.


def record_fields(console: Console, visit: Visit, asked: Asked) -> list[Field]:
    """Return the fields of the filter, as they were filled in, each with what is wrong with it."""
    t = visit.t
    anything = ("", t("console.records.any"))
    kinds = [(kind, named(kind, console.words, t.lang)) for kind in sorted(console.app.city.lists.site_kinds)]
    results = [(result, t(f"console.records.result_{result}")) for result in RESULTS]
    reasons = [(code, reason.en if t.lang == "en" else reason.zh) for code, reason in load_reasons().items()]
    fields = [
        Field(name="from", label=t("console.records.from"), kind="date"),
        Field(name="until", label=t("console.records.until"), kind="date"),
        Field(name="region", label=t("console.records.region"), kind="select", options=[anything, *_own_areas(console, visit)]),
        Field(name="kind", label=t("console.records.kind"), kind="select", options=[anything, *kinds]),
        Field(name="result", label=t("console.records.result"), kind="select", options=[anything, *results]),
        Field(name="reason", label=t("console.records.reason"), kind="select", options=[anything, *reasons]),
    ]
    return [replace(each, value=asked.texts[each.name], error=asked.errors.get(each.name, "")) for each in fields]


def pinned(asked: Asked, words: UseWords) -> list[dict[str, str]]:
    """Return what narrows the list and no field shows, each with the way to let go of it."""
    shown = []
    for name in _PINNED:
        if value := asked.texts[name]:
            text = words.site(value) if name == "site" else _figure(value, words.t) if name == "figure" else value
            left = {key: told for key, told in asked.texts.items() if key != name}
            said = words.t(f"console.records.pinned_{name}", value=text)
            shown.append({"name": name, "value": value, "text": said, "without": address(PATH, left)})
    return shown


def totals_view(totals: Totals, t: Catalogue) -> list[tuple[str, str]]:
    """Return what the whole filter adds up to, in the order in which it is read."""
    figures = {
        "uses": f"{totals.uses:,}", "refused": f"{totals.refused:,}", "reversed": f"{totals.reversed:,}", "list": _yuan(totals.list_fen),
        "paid": _yuan(totals.paid_fen), "saved": _yuan(totals.saved_fen),
    }  # fmt: skip
    return [(t(f"console.records.total_{name}"), figure) for name, figure in figures.items()]


def records_table(rows: Sequence[SeenUse], words: UseWords) -> Table:
    """Return the rows of a page."""
    t = words.t
    columns = [
        Column(label=t("console.records.when"), kind="when"), Column(label=t("console.records.person")),
        Column(label=t("console.records.place")), Column(label=t("console.records.outcome")),
        Column(label=t("console.records.list_price"), kind="number"), Column(label=t("console.records.paid"), kind="number"),
        Column(label=t("console.records.programme"), narrow=False),
    ]  # fmt: skip
    return Table(
        caption=t("console.records.caption"), columns=columns, rows=[_row(each, words) for each in rows],
        empty=t("console.records.none"), empty_next=t("console.records.none_next"),
    )  # fmt: skip


def period(asked: Asked, t: Catalogue) -> str:
    """Return which days the filter holds."""
    first, last = asked.filter.first, asked.filter.last
    if first == last:
        return t("console.records.of_day", day=first.isoformat())
    return t("console.records.of_days", first=first.isoformat(), last=last.isoformat(), days=(last - first).days + 1)


def records_export(asked: Asked, found: Sequence[SeenUse], words: UseWords, acting: Acting, now: datetime) -> Export:
    """Return the rows of the whole filter as a file, with who took it out, when and by which filter beside them."""
    t = words.t
    rows = [
        (
            use.use, use.occurred_at, use.person, words.region(use.region), words.site(use.site), words.service(use),
            words.reason(use.reason), use.list_fen / 100, use.paid_fen / 100, words.programme(use), use.version,
            t("explain.reversed") if use.reversed else "",
        )
        for use in found
    ]  # fmt: skip
    about = [
        (t("console.records.taken_by"), f"{acting.name} ({acting.account})"),
        (t("console.records.taken_at"), f"{civil(now):%Y-%m-%d %H:%M:%S}"),
        (t("console.records.taken_filter"), _asked_for(asked.texts)),
        (t("console.records.rows"), f"{len(rows)}"),
    ]
    name = f"onecard-uses-{asked.filter.first}-{asked.filter.last}-{acting.account}"
    labels = [t(f"console.records.{each}") for each in _EXPORTED]
    return Export(name=name, sheet=t("console.records.caption"), labels=labels, rows=rows, about=about)


def _row(use: SeenUse, words: UseWords) -> Row:
    t, at, href = words.t, civil(use.occurred_at), f"{PATH}/{use.use}"
    granted: Lines | str = ""
    if use.programme:
        granted = Lines(first=words.programme(use), second=t("console.records.version", version=use.version))
    cells = (
        Lines(first=f"{at:%m-%d %H:%M:%S}", second=use.use),
        words.person(use),
        Lines(first=words.site(use.site), second=f"{words.region(use.region)} · {words.service(use)}"),
        words.outcome(use), yuan(use.list_fen), yuan(use.paid_fen), granted,
    )  # fmt: skip
    return Row(key=use.use, cells=cells, href=href, explain=href)


def _figure(key: str, t: Catalogue) -> str:
    kpi = load_kpis().get(key)
    return kpi.label.to(t.lang) if kpi else key


def _yuan(fen: int) -> str:
    """Return an amount whose thousands can be read: 12,345.60."""
    return f"{fen // 100:,}.{fen % 100:02d}"


def _own_areas(console: Console, visit: Visit) -> list[tuple[str, str]]:
    """Return the areas of the city that lie within who asks' own regions."""
    city = console.app.city.lists.region[:4]
    own = (city, visit.acting.prefixes_for("uses.read"))
    codes = [code for code in console.regions if not code.endswith("00") and all(code.startswith(prefix) for prefix in own)]
    return [(code, region_name(console, code, visit.lang)) for code in sorted(codes)]


def _asked_for(texts: Mapping[str, str]) -> str:
    return "; ".join(f"{name}={texts[name]}" for name in FIELDS if texts[name])
