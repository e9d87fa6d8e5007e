"""A code as a picture that scanners read: QR, error level M, with the quiet zone that the standard asks for. Pure."""

from io import BytesIO
from typing import Final

import segno

__all__ = ["QUIET_ZONE", "qr_svg", "qr_version"]

QUIET_ZONE: Final = 4
"""Modules of white around the picture (ISO/IEC 18004)."""

_LEVEL: Final = "m"  # 15 % may be hidden: a finger, a scratch, a reflection.


def qr_svg(text: str, *, scale: int = 8) -> bytes:
    """Return *text* as SVG, UTF-8, *scale* pixels a module."""
    drawn = BytesIO()
    _qr(text).save(drawn, kind="svg", scale=scale, border=QUIET_ZONE, dark="#000", light="#fff")
    return drawn.getvalue()


def qr_version(text: str) -> int:
    """Return how large a QR symbol *text* needs, 1 (21 modules) to 40 (177)."""
    return int(_qr(text).version)


def _qr(text: str) -> segno.QRCode:
    return segno.make(text, error=_LEVEL, boost_error=False, micro=False)
