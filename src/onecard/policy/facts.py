"""The closed list of facts (POLICY §5): what may be asked of a person, an occasion, a site, a period and a bill."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from onecard.policy.model import CityLists, Kind, Value
from onecard.policy.types import BOOL, DAY, MONEY, MU, NUMBER, PERCENT, REGION, TIME, Type

__all__ = ["FACTS", "OPERATOR_FACTS", "SECRET", "Fact", "blanks", "facts_of", "vocabulary"]

_ALL: Final[tuple[Kind, ...]] = ("gate", "use", "payout", "claim")
_TAP: Final[tuple[Kind, ...]] = ("gate", "use")
_PERIOD: Final[tuple[Kind, ...]] = ("payout",)
_BILL: Final[tuple[Kind, ...]] = ("claim",)

_MONEY_MAX: Final = 1_000_000_000  # ¥10,000,000 (POLICY §4)
_NUMBER_MAX: Final = 1_000_000
_DAY_MAX: Final = 3_652_059  # 9999-12-31

_MAXIMA: Final = {"money": _MONEY_MAX, "percent": 10_000, "number": _NUMBER_MAX, "mu": 1_000_000, "day": _DAY_MAX, "time": 1439}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that can be known."""

    name: str
    kinds: tuple[Kind, ...]
    type: Type
    blank: Value  # What stands where nobody told; None only for facts marked ?.
    zh: str
    en: str
    low: int = 0
    high: int = 0  # Beyond it, a value is refused at the door.
    secret: bool = False  # †: never shown or spoken at a terminal.
    always: bool = False  # A region that is never blank.

    @property
    def optional(self) -> bool:
        """Whether it is marked ?: unknown until somebody tells it."""
        return self.blank is None


def facts_of(kind: Kind) -> list[Fact]:
    """Return the facts that a document of *kind* may ask."""
    return [fact for fact in FACTS.values() if kind in fact.kinds]


def blanks(kind: Kind) -> dict[str, Value]:
    """Return every fact of *kind* with its blank, to be filled in by whoever knows more."""
    return {fact.name: fact.blank for fact in FACTS.values() if kind in fact.kinds}


def vocabulary(words: Type, lists: CityLists) -> tuple[str, ...]:
    """Return the names that a name or set of this type may hold, in the order of the list."""
    if not words.vocabulary.startswith("@"):
        return tuple(words.vocabulary.split())
    return {
        "@hardship": lists.hardship,
        "@standing": lists.standing,
        "@services": lists.services,
        "@site_kinds": lists.site_kinds,
    }[words.vocabulary]


def _fact(name: str, kinds: tuple[Kind, ...], kind: Type, words: str, blank: Value = 0, **more: bool | int) -> Fact:
    zh, _, en = words.partition("|")
    high = int(more.pop("high", _MAXIMA.get(kind.base, 0)))
    low = int(more.pop("low", 0))
    return Fact(name=name, kinds=kinds, type=kind, blank=blank, zh=zh, en=en, low=low, high=high, **{k: bool(v) for k, v in more.items()})


def _name(names: str) -> Type:
    return Type("name", names)


_LIST: Final = (
    # The person
    _fact("age", _ALL, NUMBER, "年龄|the age"),
    _fact("home_region", _ALL, REGION, "卡归属地|the card's home region", "", always=True),
    _fact("registered_region", _ALL, REGION, "户籍地|the registered region", ""),
    _fact("hardship", _ALL, Type("set", "@hardship"), "身份条件|personal conditions", frozenset(), secret=True),
    _fact("standing", _ALL, Type("set", "@standing"), "身份|the standing", frozenset()),
    _fact("insured_as", _ALL, _name("none employee retired resident"), "参保类型|the kind of insurance", "none"),
    _fact("disability", _ALL, NUMBER, "身份条件|personal conditions", high=4, secret=True),
    _fact("care_level", _ALL, NUMBER, "身份条件|personal conditions", high=3, secret=True),
    _fact("alive", _ALL, BOOL, "健在|living", True),
    # The occasion
    _fact("service", _TAP, _name("@services"), "服务|the service", ""),
    _fact("day", _ALL, DAY, "日期|the day", always=True),
    _fact("time", _TAP, TIME, "时间|the time", 720),
    _fact("weekday", _TAP, _name("mon tue wed thu fri sat sun"), "星期|the day of the week", "mon"),
    _fact("day_kind", _TAP, _name("workday weekend holiday"), "日子|the kind of day", "workday"),
    _fact("list_price", _TAP, MONEY, "原价|the list price"),
    _fact("price", ("use",), MONEY, "折后价|the price so far"),
    _fact("group", _TAP, NUMBER, "人数|the size of the group", 1),
    _fact("method", _TAP, _name("card code face id lookup"), "刷卡方式|the way of identifying", "card"),
    _fact("way", _TAP, _name("dine_in take_away delivery"), "用餐方式|the way of eating", "dine_in"),
    _fact("ticket", _TAP, _name("main extra"), "票种|the kind of ticket", "main"),
    _fact("guardian", _TAP, BOOL, "监护人陪同|guardian present", False),
    _fact("booked", _TAP, BOOL, "预约|booking", False),
    _fact("blocked", _TAP, BOOL, "暂停进入|blocked from entry", False),
    _fact("offline", _TAP, BOOL, "离线|offline", False),
    _fact("hotlist_hours", _TAP, NUMBER, "名单更新后的小时数|the hours since the hotlist was renewed"),
    _fact("seconds_since_last", _TAP, NUMBER, "距上次刷卡的秒数|the seconds since the last tap", _NUMBER_MAX),
    # The site
    _fact("region", ("gate", "use", "payout"), REGION, "服务地|the region of the place", "", always=True),
    _fact("site_kind", _TAP, _name("@site_kinds"), "场所类型|the kind of place", ""),
    _fact("open", _TAP, BOOL, "开放|open", True),
    _fact("capacity", _TAP, NUMBER, "可容纳人数|the capacity"),
    _fact("agreed_percent", _TAP, PERCENT, "协议折扣|the agreed percentage", None),
    _fact("agreed_price", _TAP, MONEY, "协议价|the agreed price", None),
    _fact("agreed_share", _TAP, PERCENT, "商户承担比例|the share the operator bears"),
    # The period
    _fact("land", _PERIOD, MU, "土地亩数|mu of land"),
    _fact("pension_account", _PERIOD, MONEY, "养老账户|pension account"),
    _fact("paid_years", _PERIOD, NUMBER, "缴费年限|years paid"),
    _fact("children", _PERIOD, NUMBER, "子女数|children"),
    _fact("schooling", _PERIOD, _name("none primary middle high university"), "就学|schooling", "none"),
    _fact("suspended", _PERIOD, BOOL, "暂停|suspended", False),
    _fact("granted", _PERIOD, MONEY, "已优惠金额|granted"),
    _fact("frozen", _PERIOD, MONEY, "冻结金额|frozen"),
    _fact("granted_count", _PERIOD, NUMBER, "已优惠次数|uses granted"),
    # The bill
    _fact("care", _BILL, _name("outpatient inpatient pharmacy"), "就医类型|kind of care", "outpatient"),
    _fact("level", _BILL, NUMBER, "医院等级|level of the hospital", 1, low=1, high=3),
    _fact("care_region", _BILL, REGION, "就医地|region of care", "", always=True),
    _fact("filing", _BILL, _name("none long_stay transferred emergency self_chosen"), "异地备案|filing", "none"),
    _fact("stay_number", _BILL, NUMBER, "住院次数|stay of the year", 1, low=1),
    _fact("supplement", _BILL, BOOL, "补充医疗|supplementary insurance", False),
    _fact("total", _BILL, MONEY, "总费用|total"),
    _fact("account_balance", _BILL, MONEY, "个人账户余额|account balance"),
    _fact("family_balance", _BILL, MONEY, "家庭账户余额|family balance"),
)

FACTS: Final[Mapping[str, Fact]] = MappingProxyType({fact.name: fact for fact in _LIST})
"""Every fact by its name."""

OPERATOR_FACTS: Final[frozenset[str]] = frozenset({"region", "suspended", "granted", "frozen", "granted_count"})
"""What a payout to an operator knows, beside the day; a payout to a person knows none of them."""

SECRET: Final[frozenset[str]] = frozenset(fact.name for fact in _LIST if fact.secret)
"""The facts marked †."""
