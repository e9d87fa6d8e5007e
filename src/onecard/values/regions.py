"""Regions by GB/T 2260: six digits, where 330400 covers all that begins with 3304."""

import re
from collections.abc import Iterable

__all__ = ["inside", "inside_any", "is_region", "region_prefix"]

_REGION = re.compile(r"[1-9][0-9]{5}", re.ASCII)


def is_region(text: str) -> bool:
    """Tell whether *text* has the form of a region code (six ASCII digits, none of them checked against a table)."""
    return _REGION.fullmatch(text) is not None


def region_prefix(region: str) -> str:
    """Return what every code inside *region* begins with: 330000 → '33', 330400 → '3304', 330481 → itself."""
    if region.endswith("0000"):
        return region[:2]
    return region[:4] if region.endswith("00") else region


def inside(region: str, area: str) -> bool:
    """Tell whether *region* lies in *area*; a blank region lies in none."""
    return region.startswith(region_prefix(area)) if region else False


def inside_any(region: str, areas: Iterable[str]) -> bool:
    """Tell whether *region* lies in one of *areas*."""
    return any(inside(region, area) for area in areas)
