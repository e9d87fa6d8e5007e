"""The files that pages load: a closed list, read once, with their digest in the address so that a browser may keep them."""

import base64
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from onecard.decision.reasons import load_reasons

__all__ = ["ASSETS", "VOICES", "Asset", "asset", "asset_integrity", "asset_text", "asset_url"]

_MEDIA = {".css": "text/css", ".js": "text/javascript", ".opus": "audio/ogg", ".svg": "image/svg+xml", ".wasm": "application/wasm"}

VOICES = ("full-price", *dict.fromkeys(reason.voice for reason in load_reasons().values()))
"""What a terminal can say: a clip for the word of each reason, and one for the full price."""

ASSETS = (
    "icon.svg", "onecard.css", "terminal.css", "console.css", "console-dark.css", "console-desk.css", "console-policy.css",
    "console-reports.css", "print.js", "console.js", "console-copy.js", "alone.js", "camera.js", "cast.js", "chain.js", "code.js",
    "decide.js", "device.js", "draft.js", "held.js", "hotlist.js", "log.js", "panels.js", "qr.js", "reader.js", "rule.js", "screen.js",
    "tap.js", "terminal.js", "upload.js", "vendored.js",
    "vendor/htmx.js", "vendor/sm2.js", "vendor/zxing-reader.js", "vendor/zxing_reader.wasm",
    *(f"voice/{name}.opus" for name in VOICES),
)  # fmt: skip
"""Every file that a page may load."""

_NAMED = re.compile(r'(?<=")\./([a-z0-9_/-]+\.[a-z0-9]+)(?=")')
_OTHERS = "vendor/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file: its bytes, what they are, and the beginning of their SHA-256."""

    content: bytes
    media: str
    digest: str


@cache
def asset(name: str) -> Asset | None:
    """Return the file of that *name*, or None where there is none.

    What a module of ours names as "./file" is named with its digest too: a browser that keeps files for a year never mixes
    two versions. Files of others leave as they are.
    """
    if name not in ASSETS:
        return None
    content = files("onecard.web").joinpath("static", *name.split("/")).read_bytes()
    if name.endswith(".js") and not name.startswith(_OTHERS):
        content = _NAMED.sub(lambda found: asset_url(found[1]), content.decode("utf-8")).encode()
    return Asset(content=content, media=_MEDIA[name[name.rindex(".") :]], digest=hashlib.sha256(content).hexdigest()[:12])


def asset_url(name: str) -> str:
    """Return the address of a file that exists; KeyError otherwise."""
    found = asset(name)
    if found is None:
        raise KeyError(name)
    return f"/static/{name}?v={found.digest}"


def asset_integrity(name: str) -> str:
    """Return what a page tells the browser that a file must be, for those of others."""
    return "sha384-" + base64.b64encode(hashlib.sha384(asset_text(name).encode()).digest()).decode()


def asset_text(name: str) -> str:
    """Return the text of a file that exists, for pages that carry all they need in themselves."""
    found = asset(name)
    if found is None:
        raise KeyError(name)
    return found.content.decode("utf-8")
