"""The bulletin as one HTML file that needs nothing else: both languages, pictures and styles inside, no script, no request."""

from typing import Any

from markupsafe import Markup

from onecard.reports.model import Bulletin
from onecard.web.assets import asset_text
from onecard.web.bulletin_view import bulletin_view
from onecard.web.rendering import render
from onecard.web.words import LANGUAGES, catalogue

__all__ = ["bulletin_file"]


def bulletin_file(bulletin: Bulletin, head: str | None = None) -> str:
    """Return the file of `onecard bulletin --out`: Chinese first, English below it.

    *head*: the audit log's newest head, a signed note; the page that somebody keeps is a witness.
    """
    halves = [_half(bulletin, lang, other, head) for lang, other in zip(LANGUAGES, reversed(LANGUAGES), strict=True)]
    view = {**bulletin_view(bulletin, "zh"), "halves": halves, "css": Markup(asset_text("onecard.css"))}  # noqa: S704 - our own file
    return render("bulletin_file.html", "zh", view)


def _half(bulletin: Bulletin, lang: str, other: str, head: str | None) -> dict[str, Any]:
    words, view = catalogue(lang), bulletin_view(bulletin, lang, head)
    return {
        "lang": lang,
        "html_lang": words.html_lang,
        "other": other,
        "other_html_lang": catalogue(other).html_lang,
        "other_language": words("other_language"),
        "banner": view["banner"],
        "about": words("foot.about"),
        "body": Markup(render("bulletin_body.html", lang, view)),  # noqa: S704 - rendered by our own template, which escapes
    }
