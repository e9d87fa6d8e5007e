"""Every site of the demo city in its state, with its operator and devices. Sites are never scaled (FIELD §9). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from onecard.demo.chance import Chance
from onecard.demo.city import DemoCity
from onecard.demo.site_maker import SiteMaker, way_to_live
from onecard.terminals.model import Opening, Operator, Site, SiteState, Terminal

__all__ = ["CitySites", "city_sites"]

_LONG_LIVE: Final = date(2022, 10, 1)  # The delta's rule took effect: what is older than the pass's count is live from here.
_MEALS: Final = ("breakfast", "lunch", "dinner")
_SHOP_GIVES_NOTHING: Final = 10_000  # Who did not join the pass takes the whole price.
_ALL: Final = 10_000

_IN_TESTING: Final[tuple[tuple[date, SiteState], ...]] = (
    (date(2024, 3, 1), "planned"),
    (date(2024, 5, 10), "contracted"),
    (date(2024, 7, 8), "wiring"),
    (date(2024, 9, 2), "testing"),
)
"""The way of the campuses that stand in testing on the demo's day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitySites:
    """All sites with their operators and devices."""

    operators: tuple[Operator, ...]
    sites: tuple[Site, ...]
    terminals: tuple[Terminal, ...]


def city_sites(city: DemoCity, chance: Chance) -> CitySites:
    """Return every site of the city. The first of a scene in a region comes first in `places.yaml` too."""
    maker = SiteMaker(city, chance)
    _buses(maker)
    _sights(maker)
    _museums(maker)
    _merchants(maker)
    _canteens(maker)
    _libraries(maker)
    _campuses(maker)
    _medical(maker)
    return CitySites(operators=tuple(maker.operators.values()), sites=tuple(maker.sites), terminals=tuple(maker.terminals))


def _buses(maker: SiteMaker) -> None:
    runs = {region: row["operator"] for row in maker.city.places["operators"] for region in row["regions"]}
    for row in maker.city.places["operators"]:
        maker.operator(row["operator"], row["zh"], row["en"])
    line = 0
    for region, routes in maker.city.counts["bus_routes"].items():
        buses = maker.city.counts["buses"][region]
        for route in range(routes):
            line += 1
            maker.site(
                "bus", region, operator=runs[region], services=("ride",), name_zh=f"{line}路", name_en=f"Route {line}",
                states=way_to_live(_LONG_LIVE), devices=(route + 1) * buses // routes - route * buses // routes,
            )  # fmt: skip


def _sights(maker: SiteMaker) -> None:
    for number, row in enumerate(maker.city.places["scenic"], 1):
        operator = maker.operator(f"sight-{number:02d}", f"{row['zh']}管理公司", f"{row['en']} Company")
        told: dict[str, Any] = {"opening": Opening()} if row.get("around_the_clock") == "yes" else {}
        maker.site(
            "scenic", row["region"], operator=operator, services=("entry",), name_zh=row["zh"], name_en=row["en"],
            states=way_to_live(date.fromisoformat(row["live"])), devices=2, **told,
        )  # fmt: skip


def _museums(maker: SiteMaker) -> None:
    for number, row in enumerate(maker.city.places["museums"]):
        area_zh, area_en = maker.city.area_names[row["region"]]
        operator = maker.operator(f"culture-{row['region']}", f"{area_zh}文博中心", f"{area_en} Museums Office")
        maker.site(
            "museum", row["region"], operator=operator, services=("entry",), name_zh=row["zh"], name_en=row["en"],
            capacity=600 + 200 * (number % 5), states=way_to_live(_LONG_LIVE + timedelta(days=20 * number)), devices=2,
        )  # fmt: skip


def _merchants(maker: SiteMaker) -> None:
    kinds, takes = _pairs(maker.city.places["shops"]), maker.city.particulars.merchant_takes
    number = 0
    for region, count in maker.city.counts["merchants"].items():
        with_pass = maker.city.counts["pass_merchants"][region]
        for shop in range(count):
            number += 1
            zh, en = maker.small_name(region, kinds)
            agreed = shop < with_pass
            live = _pass_begins(shop, with_pass) if agreed else _LONG_LIVE
            maker.site(
                "merchant", region, operator=maker.operator(f"shop-{number:03d}", zh, en), services=("purchase",), name_zh=zh, name_en=en,
                agreed_percent=takes if agreed else _SHOP_GIVES_NOTHING, agreed_share=_ALL, states=way_to_live(live), devices=1,
            )  # fmt: skip


def _pass_begins(shop: int, with_pass: int) -> date:
    """Return when a pass merchant went live: the first half before the count began, the rest over the next year."""
    late = shop - with_pass // 2
    return _LONG_LIVE + timedelta(days=30) if late < 0 else date(2023, 2, 1) + timedelta(days=late * 360 // with_pass)


def _canteens(maker: SiteMaker) -> None:
    kinds = (("老年食堂", "Elder Canteen"), ("幸福食堂", "Happiness Canteen"), ("社区助餐点", "Community Meals"))
    for region, count in maker.city.counts["canteens"].items():
        for number in range(count):
            live = date(2024, 1, 8) + timedelta(days=number * 245 // count)  # The last ones early in September.
            _canteen(maker, region, number, kinds, states=way_to_live(live), devices=1)
    for region, count in maker.city.counts["canteens_planned"].items():
        for number in range(count):
            states: tuple[tuple[date, SiteState], ...] = ((date(2024, 7, 1), "planned"),)
            if number % 3 == 0:
                states += ((date(2024, 9, 20), "contracted"),)
            _canteen(maker, region, number, kinds, states=states, devices=0, planned_for=date(2025, 3 + number % 4, 1))


def _canteen(maker: SiteMaker, region: str, number: int, kinds: tuple[tuple[str, str], ...], **told: Any) -> None:
    zh, en = maker.small_name(region, kinds)
    area_zh, area_en = maker.city.area_names[region]
    group = number // 4 + 1
    operator = maker.operator(f"meals-{region}-{group:02d}", f"{area_zh}助餐服务{group}社", f"{area_en} Meals Society {group}")
    maker.site("canteen", region, operator=operator, services=_MEALS, name_zh=zh, name_en=en, **told)


def _libraries(maker: SiteMaker) -> None:
    for kind, name, devices in (("library_main", "总馆", 3), ("library_branches", "分馆", 1), ("book_houses", "书屋", 1)):
        for region, count in maker.city.counts[kind].items():
            area_zh, area_en = maker.city.area_names[region]
            operator = maker.operator(f"library-{region}", f"{area_zh}图书馆", f"{area_en} Library")
            for number in range(count):
                zh, en = _library_name(maker, region, kind, name, number)
                told: dict[str, Any] = {"opening": Opening()} if kind == "book_houses" else {}  # They lend around the clock.
                maker.site(
                    "library", region, operator=operator, services=("entry", "loan"), name_zh=zh, name_en=en,
                    states=way_to_live(_LONG_LIVE), devices=devices, **told,
                )  # fmt: skip


def _library_name(maker: SiteMaker, region: str, kind: str, name: str, number: int) -> tuple[str, str]:
    area_zh, area_en = maker.city.area_names[region]
    if kind == "library_main":
        if number:  # The city's own, beside that of the area it stands in.
            own = maker.city.places["city_library"]
            return own["zh"], own["en"]
        return f"{area_zh}图书馆总馆", f"{area_en} Main Library"
    return maker.small_name(region, ((name, "Branch Library" if kind == "library_branches" else "Book House"),))


def _campuses(maker: SiteMaker) -> None:
    planned_for = date(2024, 12, 20)
    closed = Opening(closed=maker.city.exam_days)  # Pupils' hours stand in the policy, examination days in the school's own calendar.
    for number, school in enumerate(maker.city.places["schools_testing"], 1):
        region = school["region"]
        operator = maker.operator(f"school-{region}-{number:02d}", school["zh"], school["en"])
        for campus in school["campuses"]:
            maker.site(
                "campus", region, operator=operator, services=("entry", "exit"), capacity=campus["capacity"], opening=closed,
                name_zh=f"{school['zh']}（{campus['zh']}）", name_en=f"{school['en']}, {campus['en']}", states=_IN_TESTING, devices=2,
                planned_for=planned_for,
            )  # fmt: skip
    for number, school in enumerate(maker.city.places["schools_in_talks"], 1):
        maker.site(
            "campus", school["region"], operator=maker.operator(f"school-city-{number:02d}", school["zh"], school["en"]),
            services=("entry", "exit"), capacity=60, opening=closed, name_zh=school["zh"], name_en=school["en"],
            states=((date(2024, 8, 26), "in_talks"),), devices=0, planned_for=_day(school.get("planned_for")),
        )  # fmt: skip


def _medical(maker: SiteMaker) -> None:
    kinds: Mapping[str, tuple[str, tuple[tuple[str, str], ...], int]] = {
        "hospitals": ("hospital", (("医院", "Hospital"), ("康复医院", "Rehabilitation Hospital")), 3),
        "clinics": ("clinic", (("社区卫生服务站", "Community Clinic"), ("卫生室", "Health Post")), 1),
        "pharmacies": ("pharmacy", (("大药房", "Pharmacy"), ("药店", "Drugstore")), 1),
    }
    for count_key, (scene, names, devices) in kinds.items():
        for region, count in maker.city.counts[count_key].items():
            for number in range(count):
                zh, en = maker.small_name(region, names)
                maker.site(
                    scene, region, kind="clinic", operator=_medical_operator(maker, scene, region, number, zh, en), services=("visit",),
                    name_zh=zh, name_en=en, states=way_to_live(_LONG_LIVE), devices=devices,
                )  # fmt: skip


def _medical_operator(maker: SiteMaker, scene: str, region: str, number: int, zh: str, en: str) -> str:
    area_zh, area_en = maker.city.area_names[region]
    if scene == "hospital":
        return maker.operator(f"hospital-{region}-{number + 1:02d}", zh, en)
    if scene == "clinic":
        return maker.operator(f"health-{region}", f"{area_zh}基层卫生管理中心", f"{area_en} Primary Care")
    chain = number // 20 + 1
    return maker.operator(f"pharmacy-{region}-{chain:02d}", f"{area_zh}示范药房连锁{chain}号", f"{area_en} Pharmacies {chain}")


def _pairs(written: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((zh, en) for zh, en in (text.split(" ", 1) for text in written))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
