"""The bulletin's table: every figure with its label, its value and what it counts, in one language. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from onecard.reports.model import Bulletin, Words
from onecard.reports.words import value_text

__all__ = ["LABELS", "Row", "table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure of the table in one language."""

    key: str
    label: str
    value: str
    definition: str


LABELS: Mapping[str, Words] = {
    "elder_pass.scenic": Words(zh="敬老通景区优惠人次", en="Elder pass uses at sights"),
    "elder_pass.bus": Words(zh="敬老通公交优惠人次", en="Elder pass uses on buses"),
    "elder_pass.merchant": Words(zh="敬老通商户优惠人次", en="Elder pass uses at merchants"),
    "subsidies.period": Words(zh="补贴发放月份", en="Month of the subsidies"),
    "subsidies.share_by_count": Words(zh="补贴经社保卡发放占比（按笔数）", en="Subsidies through the card, by count"),
    "subsidies.share_by_amount": Words(zh="补贴经社保卡发放占比（按金额）", en="Subsidies through the card, by amount"),
    "canteens.as_of": Words(zh="老年食堂统计日", en="Canteens counted on"),
    "canteens.live": Words(zh="已上线的老年食堂", en="Canteens live"),
    "canteens.by_county": Words(zh="老年食堂所在县（市、区）", en="Canteens live, by area"),
    "museums.live": Words(zh="已上线的博物馆", en="Museums live"),
    "scenic_areas.live": Words(zh="已上线的景区", en="Scenic areas live"),
    "library.union_loan": Words(zh="图书馆通借通还", en="Union loan of libraries"),
    "library.returned_elsewhere_share": Words(zh="图书异馆归还占比", en="Books returned at another branch"),
    "campus.testing.schools": Words(zh="校园健身：测试中的学校", en="School grounds: schools in testing"),
    "campus.testing.campuses": Words(zh="校园健身：测试中的校区", en="School grounds: campuses in testing"),
    "campus.in_talks": Words(zh="校园健身：对接中的学校", en="School grounds: schools in talks"),
    "campus.planned_live_by": Words(zh="校园健身：计划上线日", en="School grounds: planned by"),
    "campus.planned_live": Words(zh="校园健身：计划上线的点位", en="School grounds: planned to be live"),
    "campus.live": Words(zh="校园健身：已上线的点位", en="School grounds: live"),
}
"""What each figure is called, by the dotted key of SURFACES §5."""


def table(bulletin: Bulletin, lang: str) -> tuple[Row, ...]:
    """Return every figure with its label, value and definition in *lang* ('zh' or 'en')."""
    return tuple(
        Row(
            key=key,
            label=LABELS[key].to(lang),
            value=value_text(key, figure.value, bulletin.city, lang),
            definition=figure.definition.to(lang),
        )
        for key, figure in bulletin.figures.items()
    )
