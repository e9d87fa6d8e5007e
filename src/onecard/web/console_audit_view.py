"""What the audit's page shows: who saw or changed what, each held to the log, and the signed head by which anyone can check. Pure."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import segno
from markupsafe import Markup

from onecard.app.staff_audit import AuditPage
from onecard.audit.reading import Asked
from onecard.audit.shown import HeadShown, Shown
from onecard.staff.model import Acting
from onecard.values.days import CITY_ZONE, civil
from onecard.web.console_export import CellValue, Export
from onecard.web.console_frame import Console, region_name
from onecard.web.console_paging import cursor
from onecard.web.console_table import PAGE_ROWS, Column, Field, Lines, Pager, Row, Table, Tag, address, pager
from onecard.web.console_words import moment
from onecard.web.words import Catalogue

__all__ = ["PATH", "REFUSALS", "AuditFilter", "HeadDrawn", "audit_export", "audit_view", "qr_svg", "read_audit_filter"]

PATH: Final = "/console/audit"

FIELDS: Final = ("from", "until", "person", "resident", "act", "result")

REFUSALS: Final = (
    "staff.not_there", "staff.not_allowed", "staff.own_work", "staff.digest_changed", "staff.approval_needed", "audit.budget_spent",
)  # fmt: skip
_RESULTS: Final[Mapping[str, tuple[str, ...]]] = {"": (), "ok": ("ok",), "waiting": ("waiting",), "refused": REFUSALS}
_PLACED: Final = {"in_log": "ok", "waiting": "none", "changed": "red", "missing": "red"}
_TEXT_MAX: Final = 64
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)


class AuditFilter:
    """What somebody asked for: the filter, the texts as typed, and what is wrong with them by field."""

    def __init__(self, asked: Asked, texts: Mapping[str, str], errors: Mapping[str, str]) -> None:
        self.asked, self.texts, self.errors = asked, texts, errors

    @property
    def query(self) -> dict[str, str]:
        """Return what the address holds."""
        return {name: text for name, text in self.texts.items() if text}


def read_audit_filter(query: Mapping[str, str], t: Catalogue) -> AuditFilter:
    """Return what the *query* of an address asks; a wrong field is told, and narrows nothing."""
    texts = {name: query.get(name, "").strip()[:_TEXT_MAX].replace("\0", "") for name in FIELDS}
    errors: dict[str, str] = {}
    days = {name: _day(texts[name]) for name in ("from", "until")}
    errors |= {name: t("console.records.wrong_day") for name, day in days.items() if texts[name] and day is None}
    if days["from"] and days["until"] and days["from"] > days["until"]:
        errors["until"] = t("console.records.wrong_order")
    resident = texts["resident"]
    if resident and not (resident.isascii() and resident.isdigit() and len(resident) < 19):
        errors["resident"] = t("console.records.wrong_resident")
    if resident and texts["person"]:
        errors["person"] = t("console.audit.one_of_both")
    told: dict[str, Any] = {"acts": (texts["act"],) if texts["act"] else (), "results": _RESULTS.get(texts["result"], ())}
    if days["from"]:
        told["since"] = datetime.combine(days["from"], time(), CITY_ZONE)
    if days["until"]:
        told["until"] = datetime.combine(days["until"] + timedelta(days=1), time(), CITY_ZONE)
    asked = Asked(
        prefixes=(), person=texts["person"], subject=int(resident) if resident and "resident" not in errors else None, **told
    ) if not errors else Asked(prefixes=())  # fmt: skip
    return AuditFilter(asked, texts, errors)


class HeadDrawn:
    """The newest head as a QR code, drawn once for each head: that takes longer than all the rest of the page."""

    def __init__(self) -> None:
        self._note = ""
        self._drawn = Markup()

    def of(self, note: str) -> Markup:
        """Return *note* drawn."""
        if note != self._note:
            self._note, self._drawn = note, qr_svg(note)
        return self._drawn


def audit_view(
    console: Console, acting: Acting, t: Catalogue, asked: AuditFilter, told: AuditPage | None, after: str, drawn: HeadDrawn
) -> dict[str, Any]:  # fmt: skip
    """Return the page; *told* is None where the filter is wrong."""
    rows = told.entries[:PAGE_ROWS] if told else ()
    following = cursor(rows[-1].kept.at.isoformat(), str(rows[-1].kept.entry)) if told and len(told.entries) > PAGE_ROWS else ""
    broken = sum(each.placed in ("changed", "missing") for each in rows)
    good = told is not None and told.head is not None and told.head.good and not broken
    may_export = acting.may("audit.export") and bool(rows)
    state = "good" if good else "broken" if told and told.head else "none"
    return {
        "title": t(f"console.audit.title_{state}"),
        "good": good, "lead": t("console.audit.lead"),
        "broken": t("console.audit.broken", count=broken) if broken else "",
        "errors": list(asked.errors.items()),
        "fields": _fields(t, asked),
        "table": _table(console, t, rows, asked) if told else None,
        "pager": pager(PATH, asked.query, after, following, len(rows)) if rows else Pager(first="", next="", shown=0),
        "exports": [(address(f"{PATH}.{form}", asked.query), form.upper()) for form in ("csv", "xlsx")] if may_export else [],
        "head": _head(t, told, drawn) if told else None,
        "alarms": [
            {"name": t(f"console.audit.alarm.{each.kind}"), "at": moment(each.at, t), "person": each.person, "detail": each.detail}
            for each in (told.alarms if told else ())
        ],
        "path": PATH,
    }  # fmt: skip


def audit_export(console: Console, acting: Acting, t: Catalogue, asked: AuditFilter, found: Sequence[Shown]) -> Export:
    """Return exactly what the filter shows, as a file."""
    names = ("at", "person", "account", "as_person", "roles", "act", "object", "region", "resident", "purpose", "result", "log", "entry")
    rows = [_export_row(console, t, each) for each in found]
    about = [
        (t("console.records.taken_by"), f"{acting.name} ({acting.account})"),
        (t("console.records.taken_at"), f"{civil(console.now()):%Y-%m-%d %H:%M:%S}"),
        (t("console.records.taken_filter"), "; ".join(f"{name}={text}" for name, text in asked.query.items())),
        (t("console.records.rows"), str(len(rows))),
    ]
    name = f"onecard-audit-{civil(console.now()):%Y%m%d-%H%M}-{acting.account}"
    labels = [t(f"console.audit.{each}") for each in names]
    return Export(name=name, sheet=t("console.audit.caption"), labels=labels, rows=rows, about=about)


def qr_svg(text: str) -> Markup:
    """Return *text* as a QR code, for another's phone; without any style of its own."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2, svgclass="qr", lineclass=None, dark="#000", light="#fff"
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - Drawn by segno out of digits.


def _fields(t: Catalogue, asked: AuditFilter) -> list[Field]:
    anything, texts, wrong = ("", t("console.audit.any")), asked.texts, asked.errors
    acts = sorted(key.removeprefix("console.audit.acts.") for key in t.messages if key.startswith("console.audit.acts."))
    told: tuple[tuple[str, str, list[tuple[str, str]]], ...] = (
        ("from", "date", []), ("until", "date", []), ("person", "text", []), ("resident", "text", []),
        ("act", "select", [anything, *((act, t(f"console.audit.acts.{act}")) for act in acts)]),
        ("result", "select", [anything, *((each, t(f"console.audit.result_{each}")) for each in _RESULTS if each)]),
    )  # fmt: skip
    return [
        Field(
            name=name, label=t(f"console.audit.{name}"), kind=kind, options=options, value=texts[name], error=wrong.get(name, ""),
            most=_TEXT_MAX,
        )
        for name, kind, options in told
    ]  # fmt: skip


def _table(console: Console, t: Catalogue, rows: Sequence[Shown], asked: AuditFilter) -> Table:
    columns = [
        Column(label=t("console.audit.at"), kind="when"), Column(label=t("console.audit.person")), Column(label=t("console.audit.act")),
        Column(label=t("console.audit.object")), Column(label=t("console.audit.result")), Column(label=t("console.audit.log")),
    ]  # fmt: skip
    return Table(
        caption=t("console.audit.caption"), columns=columns, rows=[_row(console, t, each, asked) for each in rows],
        empty=t("console.audit.none"), empty_next=t("console.audit.none_next"),
    )  # fmt: skip


def _row(console: Console, t: Catalogue, shown: Shown, asked: AuditFilter) -> Row:
    kept = shown.kept
    at = civil(kept.at)
    who = Lines(first=kept.person, second=_who(kept.account, kept.person, kept.as_person, t), href=address(PATH, {"person": kept.person}))
    where = region_name(console, kept.region, t.lang) if kept.region else ""
    thing = _object(kept.object)
    about = t("console.audit.resident_no", resident=kept.subject) if kept.subject is not None else ""
    object_link = address(PATH, {"resident": str(kept.subject)}) if kept.subject is not None and not asked.texts["resident"] else ""
    cells = (
        Lines(first=f"{at:%m-%d %H:%M:%S}", second=f"{at:%Y}"), who,
        Lines(first=_act(kept.act, t), second=kept.purpose),
        Lines(first=about or thing, second=" · ".join(filter(None, (thing if about else "", where))), href=object_link),
        _result(kept.result, t), Tag(state=_PLACED[shown.placed], word=_placed(shown, t)),  # type: ignore[arg-type]
    )  # fmt: skip
    return Row(key=str(kept.entry), cells=cells)


def _export_row(console: Console, t: Catalogue, shown: Shown) -> Sequence[CellValue]:
    kept = shown.kept
    return (
        kept.at, kept.person, kept.account, kept.as_person, ", ".join(kept.roles), kept.act, kept.object,
        region_name(console, kept.region, t.lang) if kept.region else "", "" if kept.subject is None else str(kept.subject), kept.purpose,
        kept.result, _placed(shown, t), str(kept.entry),
    )  # fmt: skip


def _head(t: Catalogue, told: AuditPage, drawn: HeadDrawn) -> dict[str, Any] | None:
    if told.head is None:
        return None
    note = told.head.signed.note.decode()
    head, figures = told.head.signed.head, told.figures
    witness = "console.audit.witnessed" if figures.witnessed_size is not None else "console.audit.not_witnessed"
    return {
        "facts": [
            (t("console.audit.head_size"), f"{head.size:,}"), (t("console.audit.head_at"), moment(head.at, t)),
            (t("console.audit.head_waits"), f"{figures.size - head.size:,}"),
            (t("console.audit.witness"), t(witness, size=f"{figures.witnessed_size or 0:,}")), (t("console.audit.origin"), head.origin),
        ],
        "checks": _checks(t, told.head),
        "note": note, "qr": drawn.of(note), "href": f"{PATH}/head",
        "file": f"{head.size}.head",
    }  # fmt: skip


def _checks(t: Catalogue, head: HeadShown) -> list[Tag]:
    return [
        Tag(state="ok" if good else "red", word=t(f"console.audit.{name}{'' if good else '_not'}"))
        for name, good in (("key", head.by_our_key), ("root", head.root_holds))
    ]


def _who(account: str, person: str, as_person: str, t: Catalogue) -> str:
    told = [t("console.audit.by_account", account=account)] if account != person else []
    return " · ".join([*told, *([t("console.audit.for", person=as_person)] if as_person else [])])


def _act(act: str, t: Catalogue) -> str:
    key = f"console.audit.acts.{act}"
    return t(key) if key in t.messages else act


def _object(name: str) -> str:
    """Return how an object is called, a long handle by its beginning: the file holds it whole."""
    return " ".join(f"{part[:8]}…" if len(part) == 64 else part for part in name.split(" "))


def _result(result: str, t: Catalogue) -> Tag:
    if result in ("ok", "waiting"):
        return Tag(state="ok" if result == "ok" else "amber", word=t(f"console.audit.result_{result}"))
    key = f"console.audit.refusal.{result}"
    return Tag(state="red", word=t(key) if key in t.messages else result)


def _placed(shown: Shown, t: Catalogue) -> str:
    return t(f"console.audit.placed_{shown.placed}", position="" if shown.position is None else f"{shown.position:,}")


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_DAY <= day <= _LAST_DAY else None
