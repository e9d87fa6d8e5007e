"""Read what every document begins with: its keys, name, kind, title, basis, days in force, and which occasions ask it (POLICY §1)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from onecard.policy.findings import Desk, Refused, nearest
from onecard.policy.forms import day_of, region_of
from onecard.policy.model import CityLists, Kind, Where
from onecard.policy.nodes import Node, Table, Text
from onecard.policy.shapes import check_keys, name_of, several_of, table_of, text_of

__all__ = ["Heading", "read_heading", "read_names", "read_where"]

_ALL: Final = ("programme", "kind", "title", "basis", "effective", "tests")
_KEYS: Final[dict[Kind, tuple[str, ...]]] = {
    "gate": ("where", "figures", "let", "who", "limits", "in_error"),
    "use": ("where", "figures", "let", "who", "pay", "limits", "funding", "prefer_over", "on_top_of", "in_error"),
    "payout": (
        *("figures", "let", "who", "amount", "limits", "funding", "prefer_over", "cycle", "as_of", "to", "sums", "not_with"),
        *("department", "publicity", "evidence"),
    ),
    "claim": ("where", "figures", "let", "who", "layers", "after"),
}
_REQUIRED: Final[dict[Kind, tuple[str, ...]]] = {
    "gate": ("where",),
    "use": ("where", "pay", "funding"),
    "payout": ("cycle", "as_of"),
    "claim": ("layers",),
}
_SITE_NAME_MAX: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The part that all kinds share."""

    name: str
    kind: Kind
    title_zh: str
    title_en: str
    basis: str
    from_day: date
    until_day: date | None


def read_heading(page: Table, desk: Desk) -> Heading | None:
    """Return the heading, or None where even the kind is unknown. What is wrong with it is handed in, unknown and missing keys too;

    what could not be read is blank then, so that the rest of the document is still checked.
    """
    kind = _kind(page, desk)
    if kind is None:
        return None
    _check_all_keys(page, kind, desk)
    name = _name(page, desk)
    titles = _titles(page.get("title"), desk)
    basis = text_of(page.get("basis"), "basis", desk)
    days = _effective(page.get("effective"), desk)
    begin, until = days or (date.max, None)
    zh, en = titles or ("", "")
    return Heading(
        name=name or "", kind=kind, title_zh=zh, title_en=en, basis=basis.value if basis else "", from_day=begin, until_day=until
    )


def read_names(node: Node | None, key: str, desk: Desk) -> tuple[str, ...]:
    """Return one name of a programme or a list of them."""
    return tuple(name for text in several_of(node, key, desk) if (name := _taken(text, desk)))


def read_where(node: Node | None, lists: CityLists, desk: Desk) -> Where:
    """Return which occasions ask the document; what is wrong is handed in."""
    table = table_of(node, "where", desk, "where: {region: 330400, service: ride, site_kind: bus}")
    if table is None:
        return Where()
    check_keys(table, ("region", "service", "site_kind", "operator", "site"), (), desk)

    def chosen(key: str, accept: Callable[[Text], tuple[str, ...]]) -> tuple[str, ...]:
        values: list[str] = []
        for text in several_of(table.get(key), key, desk):
            try:
                values.extend(accept(text))
            except Refused as refused:
                desk.take(refused)
        return tuple(dict.fromkeys(values))

    return Where(
        region=chosen("region", lambda text: _regions(text, lists)),
        service=chosen("service", lambda text: _listed(text, lists.services)),
        site_kind=chosen("site_kind", lambda text: _listed(text, lists.site_kinds)),
        operator=chosen("operator", _free),
        site=chosen("site", _free),
    )


def _check_all_keys(page: Table, kind: Kind, desk: Desk) -> None:
    """Hand in keys that no kind has (KEY), keys of other kinds, and missing ones."""
    elsewhere = {key for keys in _KEYS.values() for key in keys} - set(_KEYS[kind])
    own = Table({key: entry for key, entry in page.entries.items() if key not in elsewhere}, page.spot)
    for key in page.entries.keys() & elsewhere:
        desk.add("KEY.kind", page.spot_of(key), key=key, kind=kind)
    check_keys(own, (*_ALL, *_KEYS[kind]), (*_ALL, *_REQUIRED[kind]), desk)


def _kind(page: Table, desk: Desk) -> Kind | None:
    text = text_of(page.get("kind"), "kind", desk)
    if text is None:
        if page.get("kind") is None:
            desk.add("KEY.missing", page.spot, key="kind")
        return None
    if text.value not in _KEYS:
        desk.add("NAME", text.spot, name=text.value, near=nearest(text.value, _KEYS))
        return None
    return text.value


def _name(page: Table, desk: Desk) -> str | None:
    text = text_of(page.get("programme"), "programme", desk)
    return _taken(text, desk) if text else None


def _taken(text: Text, desk: Desk) -> str | None:
    try:
        return name_of(text)
    except Refused as refused:
        desk.take(refused)
        return None


def _titles(node: Node | None, desk: Desk) -> tuple[str, str] | None:
    table = table_of(node, "title", desk, "title: {zh: …, en: …}")
    if table is None:
        return None
    check_keys(table, ("zh", "en"), ("zh", "en"), desk)
    zh, en = (text_of(table.get(key), key, desk) for key in ("zh", "en"))
    return (zh.value, en.value) if zh and en else None


def _effective(node: Node | None, desk: Desk) -> tuple[date, date | None] | None:
    table = table_of(node, "effective", desk, "effective: {from: 2024-01-01}")
    if table is None:
        return None
    check_keys(table, ("from", "until"), ("from",), desk)
    begin, until = _day(table, "from", desk), _day(table, "until", desk)
    if begin and until and until < begin:
        desk.add("ORDER.until", table.spot_of("until"), until=until, begin=begin)
    return (begin, until) if begin else None


def _day(table: Table, key: str, desk: Desk) -> date | None:
    text = text_of(table.get(key), key, desk)
    day = day_of(text.value) if text else None
    if text and day is None:
        desk.add("DATE_FORM", text.spot, text=text.value)
    return day


def _regions(text: Text, lists: CityLists) -> tuple[str, ...]:
    if text.value in lists.regions:
        return lists.regions[text.value]
    if region_of(text.value) is None:
        raise Refused("REGION_FORM", text.spot, text=text.value)
    return (text.value,)


def _listed(text: Text, names: tuple[str, ...]) -> tuple[str, ...]:
    if text.value not in names:
        raise Refused("NAME", text.spot, name=text.value, near=nearest(text.value, names))
    return (text.value,)


def _free(text: Text) -> tuple[str, ...]:
    if not text.value.isprintable() or len(text.value) > _SITE_NAME_MAX:
        raise Refused("NAME.form", text.spot, name=text.value, form="the key of a site or an operator")
    return (text.value,)
