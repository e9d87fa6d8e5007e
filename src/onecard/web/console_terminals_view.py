"""What the pages of devices show: which need somebody, how each does, and what proves that there are two of one. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from onecard.app.staff_sites import Devices, OneDevice
from onecard.staff.model import Acting
from onecard.terminals.alarm import Alarm
from onecard.terminals.overview import NEEDS, Health
from onecard.terminals.sign_in import CLOCK_OFF_MS_MAX
from onecard.web.console_frame import Console, region_name
from onecard.web.console_paging import cursor
from onecard.web.console_sites_view import region_options
from onecard.web.console_table import PAGE_ROWS, Column, Field, Lines, Pager, Row, Table, Tag, address, pager
from onecard.web.console_words import moment
from onecard.web.words import Catalogue, named

__all__ = ["ALARMS", "PATH", "alarms_view", "device_view", "devices_view"]

PATH: Final = "/console/terminals"
ALARMS: Final = "/console/alarms"

_TAGS: Final = {"alarm": "red", "silent": "amber", "waiting": "amber", "behind": "amber", "clock": "amber"}


def devices_view(console: Console, acting: Acting, t: Catalogue, told: Devices, query: dict[str, str], after: str) -> dict[str, Any]:
    """Return how many devices need what, and a page of them with when each was heard of, its list, its queue, its clock."""
    rows, counts = told.devices[:PAGE_ROWS], told.counts
    following = cursor(rows[-1].terminal) if len(told.devices) > PAGE_ROWS else ""
    busy = [need for need in NEEDS if counts[need]]
    return {
        "title": t(f"console.terminals.title_{busy[0]}", count=counts[busy[0]]) if busy else t("console.terminals.all_well"),
        "lead": t("console.terminals.lead", count=counts["terminals"], waiting=counts["uses_waiting"], hotlist=told.hotlist),
        "needs": [
            {
                "href": address(PATH, {**query, "need": need}), "word": t(f"console.terminals.need.{need}"), "count": counts[need],
                "state": _TAGS[need], "here": query["need"] == need,
            }
            for need in NEEDS
        ],
        "fields": _fields(console, acting, t, query),
        "table": _table(console, t, rows, told),
        "pager": pager(PATH, query, after, following, len(rows)) if rows or after else Pager(first="", next="", shown=0),
        "path": PATH, "alarms": ALARMS,
    }  # fmt: skip


def device_view(
    console: Console, acting: Acting, t: Catalogue, told: OneDevice, *, reason: str = "", errors: Sequence[tuple[str, str]] = ()
) -> dict[str, Any]:  # fmt: skip
    """Return one device, with its alarms and what each tells, and the form that settles them."""
    device = told.health
    open_alarms = [alarm for alarm in told.alarms if alarm.settled_at is None]
    may = acting.may_at("terminals.bind", region=device.region, scene=device.scene)
    return {
        "title": t(f"console.terminals.one{'_alarmed' if open_alarms else ''}", terminal=device.terminal, count=len(open_alarms)),
        "tags": _tags(device, told.now, told.hotlist, t),
        "site": {"href": f"/console/sites/{device.site}", "name": device.name[t.lang]},
        "facts": _facts(console, t, device, told),
        "alarms": [_alarm(alarm, t) for alarm in told.alarms],
        "settle": Field(
            name="reason", label=t("console.terminals.found"), hint=t("console.terminals.found_hint"), kind="textarea", value=reason,
            error=dict(errors).get("reason", ""), required=True, most=200,
        ) if may and open_alarms else None,
        "errors": list(errors), "path": f"{PATH}/{device.terminal}", "uses": address("/console/uses", {}, terminal=device.terminal),
    }  # fmt: skip


def alarms_view(console: Console, t: Catalogue, found: Sequence[tuple[Alarm, Health]], settled: bool) -> dict[str, Any]:
    """Return the newest alarms."""
    still = sum(alarm.settled_at is None for alarm, _ in found)
    columns = [
        Column(label=t("console.terminals.kind")), Column(label=t("console.terminals.terminal")),
        Column(label=t("console.terminals.tells")), Column(label=t("console.terminals.at"), kind="when"),
        Column(label=t("console.terminals.state")),
    ]  # fmt: skip
    rows = [
        Row(key=str(number), href=f"{PATH}/{alarm.terminal}", cells=(
            t(f"console.terminals.alarm.{alarm.kind}.name"),
            Lines(first=alarm.terminal, second=f"{device.name[t.lang]} · {region_name(console, device.region, t.lang)}"),
            _tells(alarm, t), moment(alarm.at, t), _settled(alarm, t),
        ))
        for number, (alarm, device) in enumerate(found)
    ]  # fmt: skip
    return {
        "title": t("console.terminals.alarms", count=still) if still else t("console.terminals.no_alarms"),
        "lead": t("console.terminals.alarms_lead"),
        "table": Table(
            caption=t("console.terminals.alarms_caption"), columns=columns, rows=rows, empty=t("console.terminals.no_alarms"),
            empty_next=t("console.terminals.no_alarms_next"),
        ),
        "other": (ALARMS, t("console.terminals.only_open")) if settled else (f"{ALARMS}?settled=1", t("console.terminals.settled_too")),
    }  # fmt: skip


def _fields(console: Console, acting: Acting, t: Catalogue, query: dict[str, str]) -> list[Field]:
    needs = [("", t("console.sites.any")), *((need, t(f"console.terminals.need.{need}")) for need in NEEDS)]
    kinds = [("", t("console.sites.any")), *((kind, named(kind, console.words, t.lang)) for kind in console.app.city.lists.site_kinds)]
    regions = region_options(console, acting, t, "sites.read")
    return [
        Field(name="need", label=t("console.terminals.need_label"), kind="select", value=query["need"], options=needs),
        Field(name="kind", label=t("console.sites.kind"), kind="select", value=query["kind"], options=kinds),
        Field(name="region", label=t("console.sites.region"), kind="select", value=query["region"], options=regions),
    ]


def _table(console: Console, t: Catalogue, rows: Sequence[Health], told: Devices) -> Table:
    columns = [
        Column(label=t("console.terminals.terminal")), Column(label=t("console.terminals.state")),
        Column(label=t("console.terminals.heard"), kind="when"), Column(label=t("console.terminals.used"), kind="when"),
        Column(label=t("console.terminals.queue"), kind="number"), Column(label=t("console.terminals.list")),
        Column(label=t("console.terminals.clock"), narrow=False),
    ]  # fmt: skip
    return Table(
        caption=t("console.terminals.caption"), columns=columns, rows=[_row(console, t, each, told) for each in rows],
        empty=t("console.terminals.none"), empty_next=t("console.terminals.none_next"),
    )  # fmt: skip


def _row(console: Console, t: Catalogue, device: Health, told: Devices) -> Row:
    where = f"{device.name[t.lang]} · {region_name(console, device.region, t.lang)}"
    cells = (
        Lines(first=device.terminal, second=where), _tags(device, told.now, told.hotlist, t)[0],
        _ago(device.seen_at, told.now, t), _ago(device.used_at, told.now, t), "—" if device.waiting is None else f"{device.waiting:,}",
        _list(device, told.hotlist, t), _clock(device, t),
    )  # fmt: skip
    return Row(key=device.terminal, cells=cells, href=f"{PATH}/{device.terminal}")


def _facts(console: Console, t: Catalogue, device: Health, told: OneDevice) -> list[tuple[str, str]]:
    kept = {True: t("console.terminals.kept"), False: t("console.terminals.not_kept"), None: "—"}[device.storage_ok]
    return [
        (t("console.sites.region"), region_name(console, device.region, t.lang)),
        (t("console.sites.kind"), named(device.kind, console.words, t.lang)), (t("console.terminals.model"), device.model or "—"),
        (t("console.terminals.heard"), moment(device.seen_at, t)), (t("console.terminals.signed_in"), moment(device.signed_in_at, t)),
        (t("console.terminals.used"), moment(device.used_at, t)),
        (t("console.terminals.queue"), "—" if device.waiting is None else f"{device.waiting:,}"),
        (t("console.terminals.list"), _list(device, told.hotlist, t)), (t("console.terminals.clock"), _clock(device, t)),
        (t("console.terminals.storage"), kept), (t("console.terminals.program"), device.program or "—"),
    ]  # fmt: skip


def _tags(device: Health, now: datetime, hotlist: int, t: Catalogue) -> list[Tag]:
    needs = device.needs(now, hotlist)
    made = [Tag(state=_TAGS[need], word=t(f"console.terminals.need.{need}")) for need in needs]  # type: ignore[arg-type]
    return made or [Tag(state="ok", word=t("console.terminals.well"))]


def _ago(at: datetime | None, now: datetime, t: Catalogue) -> Lines:
    if at is None:
        return Lines(first=t("console.word.never"))
    gone = max(now - at, timedelta())
    for unit, seconds in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if gone.total_seconds() >= seconds:
            return Lines(first=t(f"console.terminals.ago_{unit}", count=int(gone.total_seconds() // seconds)), second=moment(at, t))
    return Lines(first=t("console.terminals.just_now"), second=moment(at, t))


def _list(device: Health, hotlist: int, t: Catalogue) -> str:
    if device.hotlist is None:
        return "—"
    if device.hotlist >= hotlist:
        return t("console.terminals.list_new", version=device.hotlist)
    return t("console.terminals.list_old", version=device.hotlist, behind=hotlist - device.hotlist)


def _clock(device: Health, t: Catalogue) -> str:
    if device.clock_offset_ms is None:
        return "—"
    off = abs(device.clock_offset_ms) > CLOCK_OFF_MS_MAX
    return t("console.terminals.clock_off" if off else "console.terminals.clock_good", seconds=f"{device.clock_offset_ms / 1000:+.1f}")


def _alarm(alarm: Alarm, t: Catalogue) -> dict[str, Any]:
    return {
        "name": t(f"console.terminals.alarm.{alarm.kind}.name"), "means": t(f"console.terminals.alarm.{alarm.kind}.means"),
        "at": moment(alarm.at, t), "tells": _tells(alarm, t), "tag": _settled(alarm, t),
        "found": "" if alarm.settled_at is None else f"{moment(alarm.settled_at, t)} · {alarm.reason}",
    }  # fmt: skip


def _tells(alarm: Alarm, t: Catalogue) -> str:
    """Return the evidence: numbers and keys, never a person. A name that no catalogue knows stands as it is."""
    parts = []
    for name, value in sorted(alarm.evidence.items()):
        word = t(f"console.terminals.evidence.{name}") if f"console.terminals.evidence.{name}" in t.messages else name
        if value:
            parts.append(f"{word} {', '.join(map(str, value)) if isinstance(value, list) else value}")
    return t("console.terminals.evidence.and").join(parts)


def _settled(alarm: Alarm, t: Catalogue) -> Tag:
    if alarm.settled_at is None:
        return Tag(state="red", word=t("console.terminals.open"))
    return Tag(state="none", word=t("console.terminals.settled"))
