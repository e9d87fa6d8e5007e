"""Read what a bulletin knows of its city out of the city's own data. Pure: the files are read by whoever calls."""

from collections.abc import Mapping, Sequence
from typing import Any

from onecard.reports.model import Area, City, Words

__all__ = ["city_of"]


def city_of(tiles: Mapping[str, Any], bulletin: Mapping[str, Any]) -> City:
    """Return the city described by `tiles.json` (areas and their places) and `bulletin.yaml` (programmes of the pass).

    *bulletin* holds `elder_pass: {category: [programme, …]}`. A missing key is a KeyError: city data is checked when built.
    """
    elder_pass: Mapping[str, Sequence[str]] = bulletin["elder_pass"]
    return City(
        name=Words(zh=tiles["city"]["zh"], en=tiles["city"]["en"]),
        areas=tuple(_area(tile) for tile in tiles["tiles"]),
        elder_pass={category: frozenset(programmes) for category, programmes in elder_pass.items()},
    )


def _area(tile: Mapping[str, Any]) -> Area:
    return Area(
        region=tile["region"],
        x=float(tile["x"]),
        y=float(tile["y"]),
        name=Words(zh=tile["zh"], en=tile["en"]),
        short=Words(zh=tile["short"], en=tile["en"]),
        city_proper=tile["city_proper"],
    )
