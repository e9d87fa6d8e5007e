"""How somebody likes the console: language, light or dark, keyboard shortcuts. Kept in a cookie of his browser. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final, Literal, cast, get_args
from urllib.parse import parse_qsl, urlencode

from onecard.web.words import LANGUAGES, pick_language

__all__ = ["COOKIE", "SHORTCUTS", "ConsoleSettings", "Theme", "read_settings"]

COOKIE: Final = "onecard_console"

Theme = Literal["auto", "light", "dark"]

SHORTCUTS: Final = ("/", "?", "j", "k", "e", "n", "p", "Escape")
"""Every single-key shortcut; each can be switched off (WCAG 2.1.4). Enter opens the focused row's link, as everywhere."""

_TEXT_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleSettings:
    """What one browser was told. Nothing here says who somebody is."""

    lang: str = LANGUAGES[0]
    theme: Theme = "auto"
    keys_off: frozenset[str] = field(default_factory=frozenset)

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the shortcuts that are on, in order."""
        return tuple(key for key in SHORTCUTS if key not in self.keys_off)

    def text(self) -> str:
        """Return what the cookie holds."""
        return urlencode({"lang": self.lang, "theme": self.theme, "off": " ".join(sorted(self.keys_off))})

    def with_told(self, lang: str = "", theme: str = "") -> "ConsoleSettings":
        """Return them with another language or theme; what is no such thing changes nothing."""
        told = replace(self, lang=lang) if lang in LANGUAGES else self
        return replace(told, theme=cast("Theme", theme)) if theme in get_args(Theme) else told

    def with_keys(self, on: Iterable[str]) -> "ConsoleSettings":
        """Return them with only the shortcuts *on* in use."""
        return replace(self, keys_off=frozenset(SHORTCUTS) - frozenset(on))


def read_settings(cookie: str, accepted: str | None) -> ConsoleSettings:
    """Return what a browser's cookie says; a language never chosen is that of its Accept-Language."""
    told = dict(parse_qsl(cookie[:_TEXT_MAX]))
    lang = pick_language(told.get("lang"), accepted)
    off = frozenset(told.get("off", "").split()) & frozenset(SHORTCUTS)
    return ConsoleSettings(lang=lang, keys_off=off).with_told(theme=told.get("theme", ""))
