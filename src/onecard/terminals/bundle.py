"""What a terminal needs to decide alone, as one JSON document, and back. Pure."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import msgspec

from onecard.policy.model import CityLists, Programme
from onecard.terminals.calendar import DayKind, day_kind, overrides_from
from onecard.terminals.model import Site, Terminal
from onecard.terminals.opening import opening_from, opening_to
from onecard.terminals.params import Params
from onecard.values.error import OnecardError

__all__ = [
    "Bundle", "BundleUnreadable", "Document", "Expected", "city_json", "device_json", "document_json", "etag_of", "lists_from",
    "lists_json", "read_bundle", "site_from", "site_json",
]  # fmt: skip

_LISTS_OF_TEXTS: Final = ("hardship", "standing", "services", "site_kinds", "funds")


class BundleUnreadable(OnecardError):
    """Bytes that are no bundle of this version."""

    code = "terminals.bundle_unreadable"
    zh = "终端数据包无法读取：{why}。请重新下载。"
    en = "The bundle cannot be read: {why}. Fetch it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One version of one programme, as it was released."""

    programme: str
    version: int
    source: str
    rule: Mapping[str, Any] = field(repr=False)
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """All that a terminal knows of a card that its site expects."""

    born: date
    home_region: str
    registered_region: str  # '' where blank.


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """A bundle, read."""

    etag: str
    terminal: Terminal
    site: Site
    lists: CityLists
    day_kinds: Mapping[date, DayKind]
    documents: tuple[Document, ...]
    rules: int
    issuers: tuple[Mapping[str, Any], ...]
    hash_key: bytes = field(repr=False)
    cards: Mapping[bytes, Expected] = field(repr=False)  # By alias.
    params: Params


def read_bundle(content: bytes) -> Bundle:
    """Return what *content* says; raises `BundleUnreadable`. Parameters that this program does not know are left out."""
    try:
        told = msgspec.json.decode(content)
        site = site_from(told["site"])
        return Bundle(
            etag=told["etag"], terminal=_terminal_from(told), site=site, lists=lists_from(told["city"]["lists"]),
            day_kinds=overrides_from(told["city"]["day_kinds"]),
            documents=tuple(Document(**{name: each[name] for name in Document.__slots__}) for each in told["programmes"]),
            rules=told["rules"], issuers=tuple(told["issuers"]), hash_key=base64.b64decode(told["hash_key"]),
            cards={bytes.fromhex(alias): Expected(born=date.fromisoformat(born), home_region=home, registered_region=registered)
                   for alias, born, home, registered in told["cards"]},
            params=Params(**{name: value for name, value in told["params"].items() if name in Params.__slots__}),
        )  # fmt: skip
    except (msgspec.MsgspecError, KeyError, TypeError, ValueError) as mistake:
        raise BundleUnreadable(why=f"{type(mistake).__name__} {mistake}") from mistake


def document_json(programme: Programme) -> dict[str, Any]:
    """Return one programme: its source for terminals that compile it, its tree for those that evaluate it."""
    return {
        "programme": programme.name, "version": programme.version, "source": programme.source, "rule": programme.rule,
        "digest": programme.digest,
    }  # fmt: skip


def city_json(lists: CityLists, overrides: Mapping[date, DayKind], years: Sequence[int]) -> dict[str, Any]:
    """Return the city's names, and every day of *years* that its weekday alone would tell wrongly.

    A terminal in a browser has no calendar of holidays: what is not told here is a workday from Monday to Friday.
    """
    days = (date.fromordinal(n) for year in years for n in range(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()))
    kinds = {day.isoformat(): kind for day in days if (kind := day_kind(day, overrides)) != _by_weekday(day)}
    return {"lists": lists_json(lists), "day_kinds": kinds}


def lists_json(lists: CityLists) -> dict[str, Any]:
    """Return a city's lists as plain data, which `lists_from` reads."""
    return {
        "city": lists.city, "region": lists.region, "gated": sorted(lists.gated),
        **{name: list(getattr(lists, name)) for name in _LISTS_OF_TEXTS},
        "regions": {name: list(codes) for name, codes in lists.regions.items()},
        "words": {name: list(both) for name, both in lists.words.items()},
    }  # fmt: skip


def lists_from(told: Mapping[str, Any]) -> CityLists:
    """Return the lists that `lists_json` wrote."""
    return CityLists(
        city=told["city"], region=told["region"], gated=frozenset(told["gated"]),
        **{name: tuple(told[name]) for name in _LISTS_OF_TEXTS},
        regions={name: tuple(codes) for name, codes in told["regions"].items()},
        words={name: (zh, en) for name, (zh, en) in told["words"].items()},
    )  # fmt: skip


def site_json(site: Site) -> dict[str, Any]:
    """Return a site as plain data, field by field as `terminals.model.Site`."""
    told: dict[str, Any] = {name: getattr(site, name) for name in Site.__slots__}
    told["services"] = list(site.services)
    told["opening"] = opening_to(site.opening)
    told["planned_for"] = site.planned_for.isoformat() if site.planned_for else None
    told["states"] = [[since.isoformat(), state] for since, state in site.states]
    return told


def site_from(told: Mapping[str, Any]) -> Site:
    """Return the site that `site_json` wrote."""
    read: dict[str, Any] = {name: told[name] for name in Site.__slots__}
    read["services"] = tuple(told["services"])
    read["opening"] = opening_from(told["opening"])
    read["planned_for"] = date.fromisoformat(told["planned_for"]) if told["planned_for"] else None
    read["states"] = tuple((date.fromisoformat(since), state) for since, state in told["states"])
    return Site(**read)


def etag_of(parts: Mapping[str, Any]) -> str:
    """Return a name for the content of *parts*, the same wherever and whenever it is made."""
    return hashlib.sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()[:32]


def device_json(terminal: Terminal) -> dict[str, Any]:
    """Return what a terminal is told of itself."""
    return {
        "model": terminal.model, "bound_on": terminal.bound_on.isoformat(),
        "unbound_on": terminal.unbound_on.isoformat() if terminal.unbound_on else None,
    }  # fmt: skip


def _terminal_from(told: Mapping[str, Any]) -> Terminal:
    device = told["device"]
    return Terminal(
        terminal=told["terminal"], site=told["site"]["site"], model=device["model"], bound_on=date.fromisoformat(device["bound_on"]),
        unbound_on=date.fromisoformat(device["unbound_on"]) if device["unbound_on"] else None,
    )  # fmt: skip


def _by_weekday(day: date) -> DayKind:
    return "weekend" if day.weekday() >= 5 else "workday"
