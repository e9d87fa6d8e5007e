"""The figures of the bulletin by name: what each counts, in words, and the definitions' source (FIELD §5.3)."""

from collections.abc import Mapping

from onecard.reports.model import Words

__all__ = ["DEFINITIONS", "MEAL_WINDOW_DAYS", "PASS_CATEGORIES"]

PASS_CATEGORIES = ("scenic", "bus", "merchant")
"""The categories of the elder pass, in the newsletter's order."""

MEAL_WINDOW_DAYS = 30
"""A canteen that served no meal for so many days is not counted as live."""

_NO_DATA_ZH = "这项能力还没有建成，没有数据。"
_NO_DATA_EN = "This capability is not built yet, so there is no data."

_USES_ZH = "由长三角敬老通给予优惠的刷卡次数，{per}；从有记录的第一天累计到统计日；已去掉冲正和测试、试运行点位。"
_USES_EN = (
    "Uses whose reduction came from the Yangtze delta elder pass, one per {per}, from the first record to the date; "
    "reversed uses and sites in test or trial removed."
)
_LIVE_ZH = "统计日状态为“上线”的{what}点位数。"
_LIVE_EN = "{what} whose state on the date is live."

DEFINITIONS: Mapping[str, Words] = {
    "elder_pass.scenic": Words(zh=_USES_ZH.format(per="每次入园计 1 次"), en=_USES_EN.format(per="entry")),
    "elder_pass.bus": Words(zh=_USES_ZH.format(per="每次乘车计 1 次"), en=_USES_EN.format(per="ride")),
    "elder_pass.merchant": Words(zh=_USES_ZH.format(per="每笔消费计 1 次"), en=_USES_EN.format(per="receipt")),
    "subsidies.period": Words(zh="补贴发放的月份。" + _NO_DATA_ZH, en="The month the subsidies were paid for. " + _NO_DATA_EN),
    "subsidies.share_by_count": Words(
        zh="按笔数：发到社保卡账户的笔数 ÷ 全部发放成功的笔数，按到账日，不含退票。" + _NO_DATA_ZH,
        en="By count: lines credited to a social-card account ÷ all lines credited, by pay date, returned lines left out. " + _NO_DATA_EN,
    ),
    "subsidies.share_by_amount": Words(
        zh="按金额：发到社保卡账户的金额 ÷ 全部发放成功的金额，按到账日，不含退票。" + _NO_DATA_ZH,
        en="By amount: the same as by count, in fen. " + _NO_DATA_EN,
    ),
    "canteens.as_of": Words(
        zh="食堂数字的统计日：不晚于简报日的最近一个季度末。",
        en="The day the canteens are counted: the last end of a quarter not after the bulletin's date.",
    ),
    "canteens.live": Words(
        zh=f"状态为“上线”，且最近 {MEAL_WINDOW_DAYS} 天至少有 1 餐真实刷卡用餐的食堂数。",
        en=f"Canteens whose state is live and that served at least 1 real meal by card in the last {MEAL_WINDOW_DAYS} days.",
    ),
    "canteens.by_county": Words(zh="同上，按食堂所在县（市、区）分开。", en="The same, by the area the canteen stands in."),
    "museums.live": Words(zh=_LIVE_ZH.format(what="博物馆"), en=_LIVE_EN.format(what="Museums")),
    "scenic_areas.live": Words(zh=_LIVE_ZH.format(what="景区"), en=_LIVE_EN.format(what="Scenic areas")),
    "library.union_loan": Words(
        zh="全市图书馆是否凭社保卡通借通还。" + _NO_DATA_ZH,
        en="Whether books are lent and taken back by card across all libraries. " + _NO_DATA_EN,
    ),
    "library.returned_elsewhere_share": Words(
        zh="在另一家馆归还的册次 ÷ 全部归还册次。" + _NO_DATA_ZH,
        en="Items returned at another branch ÷ all items returned. " + _NO_DATA_EN,
    ),
    "campus.testing.schools": Words(
        zh="有校区处于“联调测试”状态的学校数，一所学校计 1 次。",
        en="Schools with a campus whose state is testing; a school counts once.",
    ),
    "campus.testing.campuses": Words(zh="处于“联调测试”状态的校区数。", en="Campuses whose state is testing."),
    "campus.in_talks": Words(
        zh="有校区处于“对接中”状态的学校数，一所学校计 1 次。",
        en="Schools with a campus whose state is in talks; a school counts once.",
    ),
    "campus.planned_live_by": Words(
        zh="当年计划上线的校园点位中最晚的计划日。",
        en="The latest planned day among the campuses planned to go live in the year of the date.",
    ),
    "campus.planned_live": Words(zh="计划在该日或之前上线的校园点位数。", en="Campuses planned to be live on or before that day."),
    "campus.live": Words(zh=_LIVE_ZH.format(what="校园"), en=_LIVE_EN.format(what="Campuses")),
}
"""What each figure counts, by the dotted key of SURFACES §5."""
