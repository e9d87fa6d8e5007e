"""Templates: the one environment, its filters, and a page as an answer with the headers that keep it to itself."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from onecard.values import money
from onecard.web.assets import asset_integrity, asset_url
from onecard.web.words import catalogue

__all__ = ["PAGE_HEADERS", "TERMINAL_HEADERS", "page", "render", "yuan_html"]

PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    "Referrer-Policy": "strict-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""No inline script or style, nothing from another host, nothing kept: a page may hold somebody's record. No page's address travels;
its origin does, for by it a form proves that it is ours (`is_cross_site`)."""

_POLICY = "Content-Security-Policy"
TERMINAL_HEADERS = {**PAGE_HEADERS, _POLICY: f"{PAGE_HEADERS[_POLICY]}; script-src 'self' 'wasm-unsafe-eval'"}
"""The terminal page compiles one WebAssembly program of this host, which reads QR codes. No script may be made out of text."""


def render(template: str, lang: str, view: Mapping[str, Any]) -> str:
    """Return *template* filled with *view* in *lang*; an unknown name or message raises."""
    words = catalogue(lang)
    given = {"t": words, "lang": lang, "html_lang": words.html_lang, "asset": asset_url, "integrity": asset_integrity}
    return _environment().get_template(template).render(**given, **view)


def page(
    template: str, lang: str, view: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] = PAGE_HEADERS
) -> HTMLResponse:  # fmt: skip
    """Return *template* as an answer."""
    told = {**headers, "Content-Language": lang, "Vary": "Accept-Language"}
    return HTMLResponse(render(template, lang, view), status_code=status, headers=told)


def yuan_html(fen: int, lang: str, *, exact: bool = True) -> Markup:
    """Return *fen* as an amount that never breaks over two lines: 1100 → 11.00 元, ¥11.00; not *exact*: 1,234 元, no .00."""
    cents = "" if fen % 100 == 0 else f".{fen % 100:02d}"
    shown = money.yuan(fen) if exact else f"{fen // 100:,}{cents}"
    return Markup('<span class="nb num">{}</span>').format(f"¥{shown}" if lang == "en" else f"{shown} 元")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("onecard.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["yuan"] = yuan_html
    environment.filters["plain_yuan"] = money.yuan
    return environment
