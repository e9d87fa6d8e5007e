"""What lets the terminal page open without a network: its service worker, told which files there are, and its manifest."""

import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import Any

from onecard.web.assets import ASSETS, asset_url
from onecard.web.words import catalogue

__all__ = ["manifest", "worker_script"]

_NOT_KEPT = frozenset({"print.js"})


@cache
def worker_script() -> str:
    """Return the worker with `VERSION` and `FILES` in front: another script, and so a new store, whenever a file changes."""
    script = files("onecard.web").joinpath("static", "sw.js").read_text("utf-8")
    kept = sorted(asset_url(name) for name in ASSETS if name not in _NOT_KEPT)
    version = hashlib.sha256("\n".join([script, *kept]).encode()).hexdigest()[:12]
    return f"const VERSION = {json.dumps(version)}, FILES = {json.dumps(kept)};\n{script}"


def manifest(key: str, name: str, lang: str) -> dict[str, Any]:
    """Return what a tablet asks before it installs the page of one terminal as a program of its own."""
    start = f"/terminal/{key}?lang={lang}"
    return {
        "id": f"/terminal/{key}",
        "name": catalogue(lang)("terminal.title", terminal=name),
        "short_name": name,
        "lang": catalogue(lang).html_lang,
        "start_url": start,
        "scope": "/terminal/",
        "display": "fullscreen",
        "background_color": "#16202a",
        "theme_color": "#16202a",
        "icons": [{"src": asset_url("icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
