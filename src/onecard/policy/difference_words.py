"""Say one change in Chinese and English: what it is about, what it was and what it will be. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from onecard.policy.facts import FACTS
from onecard.policy.model import CityLists

__all__ = ["UNIT_WORDS", "WHERE_WORDS", "Change", "Said", "case_words", "fund_words", "said"]

_REGION_DIGITS = 6  # A step of a table is shorter.

Both = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change, as staff read it."""

    path: str  # Where it stands: figures.rate.from 2024-01-01.80
    old: str | None  # As written; None where it was not there.
    new: str | None
    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One change before it is put into words."""

    path: tuple[str, ...]
    old: str | None
    new: str | None
    unit: str = ""  # Of a figure's value.


_KEYS: Final[Mapping[str, Both]] = {
    "programme": ("项目名称", "the name of the programme"),
    "kind": ("类型", "the kind"),
    "basis": ("依据", "the basis"),
    "cycle": ("发放周期", "the cycle"),
    "as_of": ("认定日", "the day of the facts"),
    "to": ("发放对象", "whom it pays"),
    "department": ("主管部门", "the department"),
    "publicity": ("公示工作日", "working days of public notice"),
    "in_error": ("离线多付承担方", "who bears what was granted offline in error"),
    "title.zh": ("中文名称", "the Chinese title"),
    "title.en": ("英文名称", "the English title"),
    "effective.from": ("生效日", "the first day in force"),
    "effective.until": ("截止日", "the last day in force"),
    "who": ("条件", "condition"),
    "pay": ("价格规则第", "price, row"),
    "amount": ("金额规则第", "amount, row"),
    "layers": ("分担层第", "layer"),
    "prefer_over": ("优先于", "preferred over"),
    "on_top_of": ("叠加于", "on top of"),
    "not_with": ("不与同发", "not paid beside"),
    "sums": ("汇总项目", "sums"),
    "evidence": ("名册须带", "evidence"),
    "after": ("排在其后", "asked after"),
}
WHERE_WORDS: Final[Mapping[str, Both]] = {
    "region": ("地区", "region"),
    "service": ("服务", "service"),
    "site_kind": ("场所类型", "kind of site"),
    "operator": ("单位", "operator"),
    "site": ("场所", "site"),
    "care": ("就医类型", "kind of care"),
}
_FIGURE: Final[Mapping[str, Both]] = {"unit": ("单位", "unit"), "by": ("分档依据", "what chooses its rows"), "source": ("来源", "source")}
_UNITS: Final[Mapping[str, Both]] = {"yuan": (" 元", " yuan"), "mu": (" 亩", " mu")}
UNIT_WORDS: Final[Mapping[str, Both]] = {
    "yuan": ("元", "yuan"), "mu": ("亩", "mu"), "percent": ("百分比", "percent"), "number": ("个数", "number"), "hours": ("时段", "hours"),
    "regions": ("地区", "regions"), "dates": ("日期", "days"),
}  # fmt: skip
_ROWED: Final = ("pay", "amount", "layers")


def said(change: Said, lists: CityLists) -> Change:
    """Return *change* in words."""
    zh, en = _about(change.path, lists)
    if change.path == ("tests",):
        zh, en = f"用例：去掉 {change.old} 例，新增 {change.new} 例", f"Tests: {change.old} removed, {change.new} added"
    else:
        unit = _UNITS.get(change.unit, ("", ""))
        zh, en = f"{zh}：{_moved(change, unit[0], 0)}", f"{en[0].upper()}{en[1:]}: {_moved(change, unit[1], 1)}"
    return Change(path=".".join(change.path), old=change.old, new=change.new, zh=zh, en=en)


def _moved(change: Said, unit: str, language: int) -> str:
    if change.old is None:
        return (f"新增 {change.new}{unit}", f"added, {change.new}{unit}")[language]
    if change.new is None:
        return (f"去掉（原为 {change.old}{unit}）", f"removed, was {change.old}{unit}")[language]
    return (f"由 {change.old} 改为 {change.new}{unit}", f"{change.old} → {change.new}{unit}")[language]


def _about(path: tuple[str, ...], lists: CityLists) -> Both:
    key, rest = path[0], path[1:]
    if key == "figures":
        return _figure(rest, lists)
    if key == "funding" and rest:
        return _fund(rest[0], lists)
    if key == "limits" and rest:
        return f"限额“{rest[0]}”", f"limit {rest[0]}"
    if key == "let" and rest:
        return f"中间值“{rest[0]}”", f"value {rest[0]}"
    if key == "where" and rest:
        zh, en = WHERE_WORDS.get(rest[0], (rest[0], rest[0]))
        return f"适用{zh}", f"where it applies, {en}"
    if key in _ROWED and rest:
        zh, en = _KEYS[key]
        return f"{zh} {rest[0]} 行", f"{en} {rest[0]}"
    zh, en = _KEYS.get(".".join(path)) or _KEYS.get(key) or (".".join(path), ".".join(path))
    return (f"第 {rest[0]} 条{zh}", f"{en} {rest[0]}") if key == "who" and rest else (zh, en)


def _figure(path: tuple[str, ...], lists: CityLists) -> Both:
    name, rest = path[0], path[1:]
    zh, en = f"数值“{name}”", f"figure {name}"
    if not rest:
        return zh, en
    if rest[0] in _FIGURE:
        return f"{zh}的{_FIGURE[rest[0]][0]}", f"{en}, {_FIGURE[rest[0]][1]}"
    day = rest[0].removeprefix("from ")
    rows = [case_words(key, lists) for key in rest[1:]]
    zh_rows, en_rows = "".join(f"，{row[0]}" for row in rows), "".join(f", {row[1]}" for row in rows)
    return f"{zh}，{day} 起{zh_rows}", f"{en}, from {day}{en_rows}"


def case_words(key: str, lists: CityLists) -> Both:
    """Return what the key of a figure's table stands for, in words."""
    if key == "else":
        return "其余", "all others"
    if key in lists.words:
        return lists.words[key]
    return (f"{key} 及以上", f"{key} and over") if key.isdigit() and len(key) < _REGION_DIGITS else (key, key)


def fund_words(line: str, lists: CityLists) -> Both:
    """Return which fund a line of `funding` names: `transit of region`."""
    fund, _, of = line.partition(" of ")
    zh, en = lists.words.get(fund, (fund, fund))
    fact = FACTS.get(of)
    return (f"{zh}（按{fact.zh}）", f"{en}, of {fact.en}") if fact else (zh, en)


def _fund(line: str, lists: CityLists) -> Both:
    zh, en = fund_words(line, lists)
    return f"{zh}的份额", f"share of {en}"
