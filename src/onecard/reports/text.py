"""The bulletin in words: the newsletter's paragraphs, and the whole as a terminal prints it. Pure.

Source of the Chinese wording: the newsletter of October 2024 (FIELD §0). Every number in it comes from a figure.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from onecard.reports.model import Bulletin, Words
from onecard.reports.table import table
from onecard.reports.words import area_list, count_text, counted, day_text, day_words, value_text

__all__ = ["Paragraph", "bulletin_text", "paragraphs", "plain_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One scene of the newsletter: its headline, its text, and the figures it rests on."""

    slug: str
    title: Words
    text: Words
    keys: tuple[str, ...]


def paragraphs(bulletin: Bulletin) -> tuple[Paragraph, ...]:
    """Return the newsletter's scenes in its order, each with its figures filled in or said to be missing."""
    scenes = (
        ("subsidies", Words(zh="补贴发放“一卡直享”", en="Subsidies, straight to the card"), _subsidies),
        ("elder_pass", Words(zh="长三角“一卡畅行”", en="Across the delta on one card"), _elder_pass),
        ("canteens", Words(zh="家门口“一卡安心”", en="A meal near home"), _canteens),
        ("culture", Words(zh="文旅体验“一卡畅游”", en="Culture and sights"), _culture),
        ("campus", Words(zh="校园健身“一卡便捷”", en="Sport on school grounds"), _campus),
    )
    groups = {"culture": ("museums.", "scenic_areas.", "library.")}
    return tuple(
        Paragraph(
            slug=slug,
            title=title,
            text=_joined(say(bulletin)),
            keys=tuple(key for key in bulletin.figures if key.startswith(groups.get(slug, (slug + ".",)))),
        )
        for slug, title, say in scenes
    )


def plain_text(bulletin: Bulletin, lang: str) -> str:
    """Return title, paragraphs and table as a terminal prints them, in *lang*."""
    day = day_words(bulletin.as_of)
    title = Words(zh=f"一卡通简报　{day.zh}", en=f"One-card bulletin, {day.en}")
    note = Words(zh=f"演示数据，1:{bulletin.scale}，不是真实个人。", en=f"Demo data, 1:{bulletin.scale}. No real person.")
    head = [title.to(lang), *([note.to(lang)] if bulletin.synthetic else [])]
    body = [f"{paragraph.title.to(lang)}\n{paragraph.text.to(lang)}" for paragraph in paragraphs(bulletin)]
    rows = "\n".join(f"{row.label}{'：' if lang == 'zh' else ': '}{row.value}" for row in table(bulletin, lang))
    return "\n\n".join(["\n".join(head), *body, rows]) + "\n"


def bulletin_text(bulletin: Bulletin) -> str:
    """Return the bulletin in Chinese, and below it in English."""
    return "\n".join(plain_text(bulletin, lang) for lang in ("zh", "en"))


def _joined(sentences: list[Words]) -> Words:
    return Words(zh="".join(part.zh for part in sentences), en=" ".join(part.en for part in sentences))


def _both(say: Callable[[str], str]) -> Words:
    return Words(zh=say("zh"), en=say("en"))


def _count(bulletin: Bulletin, key: str) -> Words:
    return _both(lambda lang: count_text(bulletin.value(key), lang))


def _subsidies(_: Bulletin) -> list[Words]:
    return [
        Words(
            zh="养老待遇、高龄补贴、涉农补助等通过第三代社保卡优先发放。",
            en="Pensions, high-age allowances and farm subsidies go to the third-generation card first.",
        ),
        Words(
            zh="占总量的比例：暂无数据，发放能力建成后从发放记录算出。",
            en="Share of all payments: no data yet; it will be reckoned from the payment records once payouts are built.",
        ),
    ]


def _elder_pass(bulletin: Bulletin) -> list[Words]:
    keys = ("elder_pass.scenic", "elder_pass.bus", "elder_pass.merchant")
    if any(bulletin.value(key) is None for key in keys):
        return [Words(zh="长三角“敬老通”优惠人次：暂无数据。", en="Uses of the Yangtze delta elder pass: no data yet.")]
    day = day_words(bulletin.as_of)
    scenic, bus, merchant = (_count(bulletin, key) for key in keys)
    return [
        Words(
            zh="60周岁以上的居民在交通出行、旅游观光、文旅体验等方面，可享受服务所在地居民同等身份的共享优待。",
            en="Residents of 60 and over enjoy in transport, sights and culture what the place gives its own.",
        ),
        Words(
            zh=f"据统计，截至{day.zh}，通过长三角“敬老通”，{scenic.zh}人次老年人享受到了景区优惠减免、"
            f"{bus.zh}人次享受到了公交优惠减免、{merchant.zh}人次享受到了商户优惠减免。",
            en=f"By {day.en} the Yangtze delta elder pass had reduced the price {scenic.en} times at sights, "
            f"{bus.en} times on buses and {merchant.en} times at merchants.",
        ),
    ]


def _canteens(bulletin: Bulletin) -> list[Words]:
    counties, live = bulletin.value("canteens.by_county"), bulletin.number("canteens.live")
    day = _both(lambda lang: day_text(bulletin.value("canteens.as_of"), lang))
    if not isinstance(counties, Mapping):
        return [Words(zh="老年食堂刷社保卡用餐：暂无数据。", en="Canteens that take the card: no data yet.")]
    if not counties:
        return [Words(zh=f"截至{day.zh}，还没有养老食堂启用基于社保卡的助餐服务。", en=f"By {day.en} no canteen served meals by card.")]
    where = _both(lambda lang: area_list(bulletin.city, counties, lang))
    parts = _both(lambda lang: value_text("canteens.by_county", counties, bulletin.city, lang))
    return [
        Words(
            zh=f"截至{day.zh}，{where.zh}已经有{live}家养老食堂启用基于社保卡的助餐服务（{parts.zh}）。",
            en=f"By {day.en}, {counted(live, 'canteen')} in {where.en} served meals by card ({parts.en}).",
        )
    ]


def _culture(bulletin: Bulletin) -> list[Words]:
    museums, scenic = bulletin.number("museums.live"), bulletin.number("scenic_areas.live")
    return [
        Words(zh="博物馆：暂无数据。", en="Museums: no data yet.")
        if museums is None
        else Words(zh=f"全市{museums}家博物馆凭社保卡（码）入馆。", en=f"{counted(museums, 'museum')} let people in by card or code."),
        Words(zh="景区：暂无数据。", en="Scenic areas: no data yet.")
        if scenic is None
        else Words(
            zh=f"全市{scenic}个景区可凭社保卡（码）进行身份认证入园。",
            en=f"Identity is checked by card or code at {counted(scenic, 'scenic area')}.",
        ),
        Words(zh="图书馆通借通还：暂无数据。", en="Union loan of libraries: no data yet."),
    ]


def _campus(bulletin: Bulletin) -> list[Words]:
    """Return what is in testing, in talks, planned and live; a part of which there is none is left out."""
    live = bulletin.number("campus.live")
    if live is None:
        return [Words(zh="校园健身点位：暂无数据。", en="School grounds: no data yet.")]
    parts = (_campus_testing(bulletin), _campus_talks(bulletin), _campus_plan(bulletin))
    return [*(part for part in parts if part), Words(zh=f"目前已上线{live}个。", en=f"Live today: {live}.")]


def _campus_testing(bulletin: Bulletin) -> Words | None:
    schools, campuses = bulletin.number("campus.testing.schools"), bulletin.number("campus.testing.campuses")
    where = _both(lambda lang: area_list(bulletin.city, bulletin.campus_testing_regions, lang))
    if not schools:
        return None
    return Words(
        zh=f"{where.zh}{schools}所学校{campuses}个校区改造工作已完成开发，正在开展测试。",
        en=f"In testing: {counted(schools, 'school')} in {where.en} with {counted(campuses, 'campus', 'campuses')}, rebuilding done.",
    )


def _campus_talks(bulletin: Bulletin) -> Words | None:
    """Say how many schools are in talks; the districts of the city proper together are 市本级."""
    talks, regions = bulletin.number("campus.in_talks"), bulletin.campus_talks_regions
    areas = [bulletin.city.area(region) for region in regions]
    where = _both(lambda lang: area_list(bulletin.city, regions, lang))
    if areas and all(area is not None and area.city_proper for area in areas):
        where = Words(zh="市本级", en="the city proper")
    if not talks:
        return None
    return Words(zh=f"{where.zh}{talks}所学校正在积极对接中。", en=f"In talks: {counted(talks, 'school')} in {where.en}.")


def _campus_plan(bulletin: Bulletin) -> Words | None:
    by, planned = bulletin.value("campus.planned_live_by"), bulletin.number("campus.planned_live")
    if not isinstance(by, str) or not planned:
        return None
    day = day_words(date.fromisoformat(by))
    return Words(
        zh=f"计划{day.zh}前实现{planned}个校园点位的应用试点上线。",
        en=f"Planned to be live by {day.en}: {counted(planned, 'campus', 'campuses')}.",
    )
