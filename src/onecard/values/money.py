"""Money is whole fen. The only place where yuan become text or text becomes fen."""

import re
from typing import NewType

__all__ = ["FEN_MAX", "Fen", "fen_of", "percent_of", "yuan"]

Fen = NewType("Fen", int)

FEN_MAX = Fen(1_000_000_000)  # ¥10,000,000: what a fact may be at most (POLICY §4).

_YUAN = re.compile(r"(?:0|[1-9][0-9]{0,9})\.[0-9]{2}", re.ASCII)


def yuan(fen: int) -> str:
    """Return *fen* as yuan with two decimals and no sign of currency: 1300 → '13.00'."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100}.{fen % 100:02d}"


def fen_of(text: str) -> Fen | None:
    """Return the fen of *text* such as '13.00' (always two decimals), or None where it is no such text."""
    return Fen(int(text.replace(".", ""))) if _YUAN.fullmatch(text) else None


def percent_of(points: int) -> str:
    """Return *points* (1/10,000) as a percentage: 5000 → '50%', 1250 → '12.5%'."""
    whole, rest = divmod(points, 100)
    return f"{whole}.{rest:02d}".rstrip("0") + "%" if rest else f"{whole}%"
