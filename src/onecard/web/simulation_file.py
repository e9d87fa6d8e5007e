"""A simulation as one HTML file that needs nothing else: both languages, pictures and styles inside, no script, no request."""

from typing import Any

from markupsafe import Markup

from onecard.releases.simulated import Simulated
from onecard.web.assets import asset_text
from onecard.web.rendering import render
from onecard.web.simulation_shown import Names, simulation_shown
from onecard.web.words import LANGUAGES, catalogue

__all__ = ["simulation_file"]


def simulation_file(found: Simulated, names: Names) -> str:
    """Return the file of `onecard policy simulate --html`: Chinese first, English below it."""
    halves = [_half(found, names, lang, other) for lang, other in zip(LANGUAGES, reversed(LANGUAGES), strict=True)]
    css = Markup(asset_text("onecard.css"))  # noqa: S704 - our own file
    return render("simulation_file.html", "zh", {"title": halves[0]["title"], "halves": halves, "css": css})


def _half(found: Simulated, names: Names, lang: str, other: str) -> dict[str, Any]:
    words = catalogue(lang)
    view = simulation_shown(words, found, names)
    body = Markup(render("simulation_body.html", lang, view))  # noqa: S704 - rendered by our own template, which escapes
    return {
        "lang": lang, "html_lang": words.html_lang, "other": other, "other_html_lang": catalogue(other).html_lang,
        "other_language": words("other_language"), "title": view["title"], "body": body,
    }  # fmt: skip
