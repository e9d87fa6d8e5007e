"""What a simulation's page shows: the answer in a sentence, pictures by place and by fund, those affected most. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from onecard.app.simulation_view import simulation_digest
from onecard.releases.simulated import RegionSum, Simulated, SimulatedRow
from onecard.reports.charts import Bar, bars
from onecard.values.money import yuan
from onecard.web.city_words import fund_name
from onecard.web.rendering import yuan_html
from onecard.web.words import Catalogue, CityWords, named

__all__ = ["Names", "simulation_shown"]

_BARS_MAX: Final = 12
"""So many places a picture shows; the others are added up under one word. The table has them all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What the city calls its funds and its places."""

    words: CityWords
    regions: CityWords


def simulation_shown(t: Catalogue, found: Simulated, names: Names) -> dict[str, Any]:
    """Return what `simulation_body.html` shows of *found*, in the language of *t*."""
    funds = found.funds

    def place(region: str) -> str:
        return named(region, names.regions, t.lang)

    return {
        "title": t("console.simulation.title", title=found.title_en if t.lang == "en" else found.title_zh),
        "lead": _lead(t, found), "source": _source(t, found),
        "together": t("console.simulation.together", names=", ".join(found.together)) if found.together else "",
        "unknown": t("console.simulation.unknown", count=found.unknown, missing=", ".join(found.missing)) if found.unknown else "",
        "headlines": [
            *((t(f"console.simulation.persons_{name}"), f"{getattr(found, name):,}") for name in ("gain", "lose", "same")),
            (t("console.simulation.old"), yuan_html(found.old_fen, t.lang, exact=False)),
            (t("console.simulation.new"), yuan_html(found.new_fen, t.lang, exact=False)),
        ],
        "pictures": [each for each in (_persons(t, found, names, "gain"), _persons(t, found, names, "lose")) if each],
        "fund_picture": _borne(t, funds, names),
        "funds": [_line((_fund(t, fund, names),), *pair) for fund, pair in funds],
        "regions": [_summed((place(row.region),), row) for row in _by_size(found.regions)],
        "most": [
            _line((each.name or t("console.simulation.visitor"), place(each.region)), each.old_fen, each.new_fen)
            for each in found.most_affected
        ],
        "rows": [_summed((_fund(t, row.fund, names), place(row.region), row.age_band), row) for row in found.rows],
        "digest": t("console.simulation.digest", digest=simulation_digest(found)),
    }  # fmt: skip


def _lead(t: Catalogue, found: Simulated) -> str:
    old, new = (yuan_html(fen, t.lang, exact=False) for fen in (found.old_fen, found.new_fen))
    if found.against is None:
        return t("console.simulation.lead_new", new=new)
    more = found.new_fen - found.old_fen
    amount = yuan_html(abs(more), t.lang, exact=False)
    change = t(f"console.simulation.{'more' if more > 0 else 'less' if more < 0 else 'even'}", amount=amount)
    return t(
        "console.simulation.lead", against=found.against, gain=f"{found.gain:,}", lose=f"{found.lose:,}", same=f"{found.same:,}",
        old=old, new=new, change=change,
    )  # fmt: skip


def _source(t: Catalogue, found: Simulated) -> str:
    return t(f"console.simulation.from_{found.source}", first=found.first, last=found.last, examined=f"{found.examined:,}")


def _persons(t: Catalogue, found: Simulated, names: Names, which: str) -> dict[str, Any] | None:
    """Return a picture of how many persons *which* (gain, lose) in each place, the largest first; None where nobody does."""
    counts = [(getattr(row, which), row.region) for row in found.regions if getattr(row, which)]
    counted = sorted(counts, key=lambda each: (-each[0], each[1]))
    shown = [Bar(label=named(region, names.regions, t.lang), value=count, shown=f"{count:,}") for count, region in counted[:_BARS_MAX]]
    if rest := sum(count for count, _ in counted[_BARS_MAX:]):
        shown.append(Bar(label=t("console.simulation.rest"), value=rest, shown=f"{rest:,}"))
    title = t(f"console.simulation.by_region_{which}")
    return {"title": title, "picture": bars(shown, title=title)} if shown else None


def _borne(t: Catalogue, funds: Sequence[tuple[str, tuple[int, int]]], names: Names) -> Markup | None:
    """Return what each fund bears now and by the draft, in pairs on one scale; None where no fund bears anything."""
    shown = [
        Bar(label=t(f"console.simulation.{when}", fund=_fund(t, fund, names)), value=fen, shown=yuan(fen))
        for fund, pair in funds[:_BARS_MAX]
        for when, fen in zip(("before", "after"), pair, strict=True)
    ]
    return bars(shown, title=t("console.simulation.by_fund_alt")) if shown else None


def _by_size(regions: Iterable[RegionSum]) -> list[RegionSum]:
    return sorted(regions, key=lambda row: (-(row.gain + row.lose), row.region))


def _line(cells: Sequence[str], old_fen: int, new_fen: int, counts: Sequence[int] = ()) -> dict[str, Any]:
    """Return a row of a table: what it is about, persons, and fen before and after."""
    told = [f"{count:,}" for count in counts]
    return {"cells": cells, "counts": told, "old": old_fen, "new": new_fen, "change": _signed(new_fen - old_fen)}


def _summed(cells: Sequence[str], row: RegionSum | SimulatedRow) -> dict[str, Any]:
    return _line(cells, row.old_fen, row.new_fen, (row.gain, row.lose, row.same))


def _fund(t: Catalogue, fund: str, names: Names) -> str:
    return fund_name(fund, names.words, names.regions, t.lang) if fund else t("console.simulation.nobody")


def _signed(fen: int) -> str:
    """Return a change in yuan with its sign: +3.00, −3.00, 0.00."""
    return f"{'+' if fen > 0 else '−' if fen < 0 else ''}{yuan(abs(fen))}"
