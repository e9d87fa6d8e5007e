"""Every figure the city is told, from `figures.yaml`: what it is called, what it counts, and what its records are."""

from collections.abc import Mapping
from functools import cache
from pkgutil import get_data
from typing import Any, Final

import yaml

from onecard.reports.model import Kpi, Words

__all__ = ["MEAL_WINDOW_DAYS", "PASS_CATEGORIES", "bulletin_kpis", "load_kpis"]

PASS_CATEGORIES: Final = ("scenic", "bus", "merchant")
"""The categories of the elder pass, in the newsletter's order."""

MEAL_WINDOW_DAYS: Final = 30
"""A canteen that served no meal for so many days is not counted as live."""


@cache
def load_kpis() -> Mapping[str, Kpi]:
    """Return every figure by its key, in the order of the newsletter; after those the ones that stand in no bulletin."""
    content = get_data(__package__, "figures.yaml")
    assert content is not None
    kpis = [_kpi(row) for row in yaml.load(content, Loader=yaml.CSafeLoader)]
    by_key = {kpi.key: kpi for kpi in kpis}
    assert len(by_key) == len(kpis), "a figure stands twice"
    return by_key


def bulletin_kpis() -> Mapping[str, Kpi]:
    """Return the figures of `onecard bulletin --json` (SURFACES §5, §9)."""
    return {key: kpi for key, kpi in load_kpis().items() if kpi.in_bulletin}


def _kpi(row: Mapping[str, Any]) -> Kpi:
    shares = {name: Words(**row[name]) for name in ("numerator", "denominator") if name in row}
    assert len(shares) in (0, 2), f"{row['key']}: a share has both parts"
    return Kpi(
        key=row["key"], label=Words(**row["label"]), unit=Words(**row["unit"]), says=Words(**row["says"]), records=row.get("records", ""),
        in_bulletin=row.get("bulletin", True), **shares,
    )  # fmt: skip
