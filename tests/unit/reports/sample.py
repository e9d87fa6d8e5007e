"""A small city's records by hand, for tests of the bulletin."""

import json
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path

from onecard.reports.city import city_of
from onecard.reports.model import Bulletin, City, SiteRow, UseRow
from onecard.reports.plan import make_bulletin

ROOT = Path(__file__).parents[3]
AS_OF = date(2024, 10, 31)
PASS = {"bus": ["elder-pass-bus"], "scenic": ["elder-pass-scenic"], "merchant": ["elder-pass-merchant"]}


def city() -> City:
    tiles = json.loads((ROOT / "cities/jiaxing/tiles.json").read_text("utf-8"))
    return city_of(tiles, {"elder_pass": PASS})


def use(programme: str | None, uses: int, *, month: date = date(2024, 9, 1), saved_fen: int = 0) -> UseRow:
    return UseRow(programme=programme, region="330481", month=month, uses=uses, saved_fen=saved_fen)


def site(
    name: str, kind: str, state: str | None, *, region: str = "330481", operator: str | None = None, planned_for: date | None = None
) -> SiteRow:
    return SiteRow(site=name, operator=operator or f"of-{name}", kind=kind, region=region, planned_for=planned_for, state=state)


def bulletin_of(
    uses: Sequence[UseRow] = (),
    sites: Sequence[SiteRow] = (),
    *,
    fed: Collection[str] = (),
    as_of: date = AS_OF,
    sites_at_quarter: Sequence[SiteRow] | None = None,
) -> Bulletin:
    return make_bulletin(
        as_of=as_of,
        scale=100,
        synthetic=True,
        city=city(),
        uses=uses,
        fed=fed,
        sites=sites,
        sites_at_quarter=sites if sites_at_quarter is None else sites_at_quarter,
    )


def newsletter() -> Bulletin:
    """Return a bulletin with the newsletter's own figures (FIELD §0), from rows that add up to them."""
    canteens = [
        site(f"c{at}", "canteen", "live", region=region) for at, region in enumerate(["330481"] * 24 + ["330483"] * 22 + ["330421"] * 17)
    ]
    school = {0: 0, 1: 0, 2: 1, 3: 1, 4: 2, 5: 2, 6: 3, 7: 4, 8: 5}
    campuses = [site(f"t{at}", "campus", "testing", operator=f"s{school[at]}", planned_for=date(2024, 12, 31)) for at in range(9)]
    campuses += [
        site(f"w{at}", "campus", "in_talks", region="330402" if at < 8 else "330411", planned_for=date(2024, 12, 31) if at == 0 else None)
        for at in range(15)
    ]
    months = [date(2023 + at // 12, at % 12 + 1, 1) for at in range(22)]
    uses = [use(None, 63)]
    for programme, total, saved in (
        ("elder-pass-bus", 63365, 100),
        ("elder-pass-merchant", 46308, 2000),
        ("elder-pass-scenic", 1522, 2500),
    ):
        weights = [10 + at for at in range(22)]
        parts = [total * weight // sum(weights) for weight in weights]
        parts[21] += total - sum(parts)
        uses += [use(programme, part, month=month, saved_fen=part * saved) for part, month in zip(parts, months, strict=True)]
    others = [site(f"m{at}", "museum", "live") for at in range(19)] + [site(f"g{at}", "scenic", "live") for at in range(17)]
    return bulletin_of(uses, canteens + campuses + others, fed={row.site for row in canteens})
