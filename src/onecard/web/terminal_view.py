"""Make plain data for the demo's terminal page out of the cast: whom one may tap as, for what, at what price. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from onecard.decision.reasons import Reason, load_reasons
from onecard.values.money import yuan
from onecard.web.assets import VOICES, asset_url
from onecard.web.words import Catalogue, CityWords, catalogue, named

__all__ = ["SEQ_FIRST", "choice_view", "device_state", "device_view", "find_terminal", "tap_state", "terminal_name", "terminal_view"]

SEQ_FIRST = 1_000_000
"""The demo's own days hold no use at a cast terminal from here on (SURFACES §4)."""

_PRICES_FEN: Mapping[str, tuple[int, ...]] = {
    "ride": (200, 300, 400),
    "purchase": (10000, 2500, 50000),
    "breakfast": (600, 800),
    "lunch": (1500, 1800, 800),
    "dinner": (1200, 1500),
}
"""What a visitor of the demo may choose as the list price beside the one that the cast's terminal tells (SURFACES §4, FIELD §4.4)."""
_ENTRY_PRICES_FEN: Mapping[str, tuple[int, ...]] = {"scenic": (5000, 8000, 12000)}

Terminal = Mapping[str, Any]


def find_terminal(cast: Mapping[str, Any], key: str) -> Terminal | None:
    """Return the cast's terminal of that key, or None."""
    return next((terminal for terminal in cast["terminals"] if terminal["key"] == key), None)


def choice_view(cast: Mapping[str, Any], words: CityWords, banner: str, lang: str) -> dict[str, Any]:
    """Return the terminals to choose from, each with its services."""
    t = catalogue(lang)
    return {
        "banner": banner,
        "terminal_link": True,
        "terminals": [
            {
                "key": terminal["key"],
                "name": _name_of(terminal, t),
                "about": t("terminal.choose_site", service=_services(terminal, words, t), region=terminal["id"]),
            }
            for terminal in cast["terminals"]
        ],
    }


def terminal_view(cast: Mapping[str, Any], terminal: Terminal, words: CityWords, banner: str, lang: str) -> dict[str, Any]:
    """Return what the page shows before any script runs."""
    usual = next((code for code in terminal["services"] if code == "lunch"), next(iter(terminal["services"]), ""))
    services = [{"code": code, "name": named(code, words, lang), "usual": code == usual} for code in terminal["services"]]
    return {
        "banner": banner,
        "key": terminal["key"],
        "id": terminal["id"],
        "name": terminal_name(terminal, lang),
        "people": [{"key": person["key"], "label": _label(person, lang)} for person in cast["people"]],
        "services": services,
        "prices": _prices(terminal, usual),
    }


def device_view(lang: str) -> dict[str, Any]:
    """Return what the page of a real terminal shows before it is told which one it is."""
    t = catalogue(lang)
    return {"banner": "", "key": "device", "id": "", "name": t("terminal.device.name"), "people": [], "services": [], "prices": []}


def device_state(lang: str) -> dict[str, Any]:
    """Return the words of a real terminal's page; nobody's secret is among them."""
    told = _words(lang)
    return {**told, "words": {**told["words"], "idle_next": told["words"]["device.idle_next"]}}


def tap_state(cast: Mapping[str, Any], terminal: Terminal, *, last_seq: int, now: datetime, lang: str) -> dict[str, Any]:
    """Return what the page's script needs to tap: token, next seq, the city's clock, credentials, prices, words."""
    t = catalogue(lang)
    return {
        "terminal": terminal["id"],
        "token": terminal["token"],
        "now": now.isoformat(),
        "next_seq": max(SEQ_FIRST, (last_seq or 0) + 1),
        "people": {person["key"]: _credentials(person, t) for person in cast["people"]},
        "services": {
            code: {
                "prices": [{"fen": fen, "text": yuan(fen)} for fen in _prices(terminal, code)],
                "next": t.messages.get(f"terminal.next.{code}", ""),
            }
            for code in terminal["services"]
        },
        **_words(lang),
    }


def _words(lang: str) -> dict[str, Any]:
    """Return what a terminal's script says, in one language."""
    t = catalogue(lang)
    return {
        "lang": lang,
        "reasons": {code: _reason(reason, lang) for code, reason in load_reasons().items()},
        "clips": {name: asset_url(f"voice/{name}.opus") for name in VOICES} if lang == "zh" else {},
        "words": {key.removeprefix("terminal."): text for key, text in t.messages.items() if key.startswith("terminal.")},
    }


def terminal_name(terminal: Terminal, lang: str) -> str:
    """Return what the cast's terminal is called."""
    return _name_of(terminal, catalogue(lang))


def _services(terminal: Terminal, words: CityWords, t: Catalogue) -> str:
    return t("terminal.list").join(named(service, words, t.lang) for service in terminal["services"])


def _credentials(person: Mapping[str, Any], t: Catalogue) -> list[dict[str, str]]:
    """Return a person's credentials, named by kind; the second card of a person is called the second."""
    seen: dict[str, int] = {}
    named = []
    for credential in person["credentials"]:
        kind = credential["kind"]
        seen[kind] = seen.get(kind, 0) + 1
        label = t(f"terminal.kind.{kind}")
        named.append(
            {
                "kind": kind,
                "value": credential["value"],
                "label": label if seen[kind] == 1 else t("terminal.more", kind=label, number=seen[kind]),
            }
        )
    return named


def _label(person: Mapping[str, Any], lang: str) -> str:
    story = person.get("story", {}).get(lang, "")
    gap = "：" if lang == "zh" else ": "
    return f"{person['name']}{gap}{story}" if story else f"{person['name']} ({person['key']})"


def _prices(terminal: Terminal, service: str) -> Sequence[int]:
    more = _ENTRY_PRICES_FEN.get(terminal["scene"], (0,)) if service == "entry" else _PRICES_FEN.get(service, (0,))
    usual = terminal.get("list_prices", {}).get(service, more[0])
    return (usual, *(fen for fen in more if fen != usual))


def _name_of(terminal: Terminal, t: Catalogue) -> str:
    told = terminal.get("name", {}).get(t.lang)
    return told or t.messages.get(f"scene.{terminal['key']}", str(terminal["key"]))


def _reason(reason: Reason, lang: str) -> dict[str, str | bool]:
    word, next_step = (reason.en, reason.next_en) if lang == "en" else (reason.zh, reason.next_zh)
    full = reason.full_en if lang == "en" else reason.full_zh
    return {"word": word, "full": full, "next": next_step, "public": reason.public, "voice": reason.voice}
