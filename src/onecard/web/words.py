"""The words of the pages: one catalogue a language, read once from the package, and the city's own names."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from markupsafe import Markup

__all__ = ["LANGUAGES", "Catalogue", "CityWords", "catalogue", "named", "pick_language"]

LANGUAGES = ("zh", "en")
"""Chinese is the source and the default."""

CityWords = Mapping[str, Mapping[str, str]]
"""The city's own names by code, each {zh, en}: services, funds, site kinds (`lists.yaml`)."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The messages of one language by dotted key; a key that is missing is a KeyError, never a blank on a page."""

    lang: str
    messages: Mapping[str, str]

    def __call__(self, key: str, **facts: object) -> str:
        """Return the message at *key* with *facts* filled in; with markup among them it is markup, all else escaped."""
        message = self.messages[key]
        if any(isinstance(fact, Markup) for fact in facts.values()):
            return Markup(message).format(**facts)  # noqa: S704 - the message is our own
        return message.format(**facts)

    @property
    def html_lang(self) -> str:
        """The value of the `lang` attribute."""
        return {"zh": "zh-CN"}.get(self.lang, self.lang)


@cache
def catalogue(lang: str) -> Catalogue:
    """Return the catalogue of *lang*, one of `LANGUAGES`."""
    folder = files("onecard.web").joinpath("locale")
    messages = _flat("", yaml.safe_load(folder.joinpath(f"{lang}.yaml").read_text("utf-8")))
    for file in folder.joinpath("console").iterdir():
        page, _, ending = file.name.partition(".")
        if ending == f"{lang}.yaml":  # One file for each page of the console: its keys begin with the page's name.
            messages += _flat(f"console.{page}", yaml.safe_load(file.read_text("utf-8")))
    return Catalogue(lang, dict(messages))


def named(code: str, words: CityWords, lang: str) -> str:
    """Return the city's name for *code*; the code itself where the city has none."""
    return words[code][lang] if code in words else code


def pick_language(asked: str | None, accepted: str | None) -> str:
    """Return the language of a page: what `?lang=` asks, else the reader's first known wish in Accept-Language, else Chinese."""
    if asked in LANGUAGES:
        return str(asked)
    wishes = []
    for part in (accepted or "")[:500].split(","):
        tag, _, weight = part.partition(";")
        quality = weight.strip().removeprefix("q=") or "1"
        wishes.append((-_quality(quality), tag.strip().lower().partition("-")[0]))
    return next((tag for _, tag in sorted(wishes, key=lambda wish: wish[0]) if tag in LANGUAGES), LANGUAGES[0])


def _quality(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _flat(prefix: str, node: Any) -> list[tuple[str, str]]:
    if isinstance(node, str):
        return [(prefix, node)]
    return [pair for key, value in node.items() for pair in _flat(f"{prefix}.{key}" if prefix else key, value)]
