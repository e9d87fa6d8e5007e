"""Say a condition in words that a resident understands, in Chinese and English, with what was seen: 年满 60 周岁：66 岁."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from onecard.policy.document import Document
from onecard.policy.facts import FACTS, SECRET
from onecard.policy.model import Tree, Value
from onecard.values.money import percent_of, yuan

__all__ = ["Words"]

Both = tuple[str, str]
"""The same in Chinese and in English."""

_SECRET: Final[Both] = ("符合规定的身份条件", "meets the conditions set for this benefit")
_BY_RULE: Final[Both] = ("符合规定的条件", "meets the conditions of the rule")
_READABLE_MAX: Final = 200  # Characters.
_YES_NO: Final[Mapping[str, tuple[Both, Both]]] = {
    "alive": (("健在", "is living"), ("已去世", "is no longer living")),
    "guardian": (("有监护人陪同", "a guardian is present"), ("没有监护人陪同", "no guardian is present")),
    "booked": (("已经预约", "has booked"), ("没有预约", "has not booked")),
    "blocked": (("被暂停进入", "is barred from entering"), ("没有被暂停进入", "is not barred from entering")),
    "offline": (("机器离线", "the terminal is offline"), ("机器在线", "the terminal is online")),
    "suspended": (("已暂停发放", "payment is suspended"), ("没有暂停发放", "payment is not suspended")),
    "open": (("今天开放", "the place is open today"), ("今天不开放", "the place is closed today")),
}
_SIGNS: Final[Mapping[str, Both]] = {
    "<": ("少于", "below"),
    "<=": ("不超过", "at most"),
    ">": ("多于", "above"),
    ">=": ("不少于", "at least"),
    "==": ("是", "is"),
    "!=": ("不是", "is not"),
}
_DAY_SIGNS: Final[Mapping[str, Both]] = {
    "<": ("早于", "before"),
    "<=": ("不晚于", "not after"),
    ">": ("晚于", "after"),
    ">=": ("不早于", "not before"),
}
_MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_OPERATIONS: Final[Mapping[str, str]] = {"+": "+", "-": "-", "*": "x", "/": "/"}  # noqa: RUF100
_NAMES: Final[Mapping[str, Both]] = {
    "workday": ("工作日", "working day"),
    "weekend": ("周末", "weekend"),
    "holiday": ("节假日", "holiday"),
    "mon": ("星期一", "Monday"),
    "tue": ("星期二", "Tuesday"),
    "wed": ("星期三", "Wednesday"),
    "thu": ("星期四", "Thursday"),
    "fri": ("星期五", "Friday"),
    "sat": ("星期六", "Saturday"),
    "sun": ("星期日", "Sunday"),
    "card": ("刷卡", "card"),
    "code": ("扫码", "code"),
    "face": ("刷脸", "face"),
    "id": ("身份证", "id document"),
    "lookup": ("人工查询", "looked up by a clerk"),
    "dine_in": ("堂食", "eating in"),
    "take_away": ("打包", "take-away"),
    "delivery": ("送餐", "delivery"),
    "main": ("首道门票", "entrance ticket"),
    "extra": ("其他票", "extra ticket"),
    "none": ("未参保", "not insured"),
    "employee": ("职工医保", "employees' insurance"),
    "retired": ("退休职工医保", "retired employees' insurance"),
    "resident": ("居民医保", "residents' insurance"),
}


_SCHOOLING: Final[Mapping[str, Both]] = {
    "none": ("无", "none"),
    "primary": ("小学", "primary school"),
    "middle": ("中学", "middle school"),
    "high": ("高中", "high school"),
    "university": ("大学", "university"),
}


class Words:
    """Words for the conditions of one document, with the city's own names."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._words = document.lists.words
        self._areas = {tuple(sorted(codes)): name for name, codes in document.lists.regions.items()}
        self._lets: dict[tuple[str, bool], Both] = {}

    def said(self, tree: Tree, facts: Mapping[str, Value], held: bool) -> Both:
        """Return the condition, then what was seen and whether it *held*; facts marked † are neither named nor shown."""
        if not SECRET.isdisjoint(facts):
            return _with_answer(_SECRET, held)
        zh, en = self._phrase(tree, True)
        if len(facts) == 1 and _YES_NO.keys() >= facts.keys():
            return _with_answer((zh, en), held)
        seen = [both for name in facts if (both := self._seen(name, facts[name]))]
        if not seen:
            return zh, en
        return f"{zh}：{'，'.join(both[0] for both in seen)}", f"{en}: {', '.join(both[1] for both in seen)}"

    def rule(self, tree: Tree) -> Both:
        """Return the condition itself, of nobody: what the document asks."""
        return self._phrase(tree, True)

    def name(self, name: str, fact: str = "") -> Both:
        """Return a name of a list (of *fact*, where lists share a name), or a region, in words."""
        if fact == "schooling":
            return _SCHOOLING[name]
        return self._words.get(name) or _NAMES.get(name) or (name, name.replace("_", " "))

    def _phrase(self, tree: Tree, positive: bool) -> Both:
        match tree[0]:
            case "not":
                return self._phrase(tree[1], not positive)
            case "and" | "or":
                parts = [self._phrase(part, positive) for part in tree[1:]]
                zh, en = ("，并且", " and ") if (tree[0] == "and") == positive else ("，或者", " or ")
                return zh.join(part[0] for part in parts), en.join(part[1] for part in parts)
            case "fact":
                return _YES_NO[tree[1]][not positive] if tree[1] in _YES_NO else (FACTS[tree[1]].zh, FACTS[tree[1]].en)
            case "let":
                return self._let(tree[1], positive)
            case "<" | "<=" | ">" | ">=" | "==" | "!=":
                return self._comparison(tree if positive else [_OPPOSITE[tree[0]], *tree[1:]])
            case "has" | "in_names":
                return self._one_of(tree, positive)
            case "known":
                zh, en = FACTS[tree[1]].zh, FACTS[tree[1]].en
                return (f"已登记{zh}", f"{en} is known") if positive else (f"没有登记{zh}", f"{en} is not known")
            case "in_areas" | "in_figure" | "in_region" | "in_hours" | "in_dates":
                zh, en = self._place(tree)
                what = self._value(tree[1])
                return (f"{what[0]}在{zh}", f"{what[1]} is in {en}") if positive else (f"{what[0]}不在{zh}", f"{what[1]} is not in {en}")
        return _BY_RULE

    def _let(self, name: str, positive: bool) -> Both:
        """Return the condition that a `let` stands for, said once; one too long to be read is left to the rule."""
        if (name, positive) not in self._lets:
            said = self._phrase(self._document.lets[name], positive)
            self._lets[name, positive] = said if len(said[1]) <= _READABLE_MAX else _BY_RULE
        return self._lets[name, positive]

    def _comparison(self, tree: Tree) -> Both:
        sign, left, right = tree if tree[1][0] != "lit" else [_MIRRORED[tree[0]], tree[2], tree[1]]
        if left == ["fact", "age"] and right[0] == "lit":
            return _age(sign, right[2])
        what, value = self._value(left), self._value(right, left[1] if left[0] == "fact" else "")
        zh, en = _DAY_SIGNS.get(sign, _SIGNS[sign]) if right[:2] == ["lit", "day"] else _SIGNS[sign]
        space = " " if value[0][:1].isdigit() else ""
        return f"{what[0]}{zh}{space}{value[0]}", f"{what[1]} {en} {value[1]}"

    def _one_of(self, tree: Tree, positive: bool) -> Both:
        names = [self.name(name, tree[1][1]) for name in tree[2]]
        zh, en = "、".join(name[0] for name in names), " or ".join(name[1] for name in names)
        what = self._value(tree[1])
        return (f"{what[0]}是{zh}", f"{what[1]} is {en}") if positive else (f"{what[0]}不是{zh}", f"{what[1]} is not {en}")

    def _place(self, tree: Tree) -> Both:
        if tree[0] == "in_hours":
            return "开放时段内", "the opening hours"
        if tree[0] == "in_dates":
            return "规定的日期内", "the days of the rule"
        if tree[0] == "in_region":
            return self._value(tree[2])
        if tree[0] == "in_figure":
            return "规定的地区内", "the regions of the rule"
        codes = tuple(sorted(prefix.ljust(6, "0") for prefix in tree[2]))
        if codes in self._areas:
            return self.name(self._areas[codes])
        names = [self.name(code) for code in codes]
        return "、".join(name[0] for name in names), " or ".join(name[1] for name in names)

    def _value(self, tree: Tree, beside: str = "") -> Both:
        """Return an operand: a fact by its name, a literal by its value (*beside* which fact), what is reckoned by its parts."""
        if tree[0] == "fact":
            return FACTS[tree[1]].zh, FACTS[tree[1]].en
        if tree[0] == "lit":
            return self._shown(tree[1], tree[2], beside)
        if tree[0] in _OPERATIONS and isinstance(tree[2], list):
            left, right = self._value(tree[1]), self._value(tree[2])
            return f"{left[0]}{_OPERATIONS[tree[0]]}{right[0]}", f"{left[1]} {_OPERATIONS[tree[0]]} {right[1]}"
        return "规定的数", "the figure of the rule"

    def _seen(self, name: str, value: Value) -> Both | None:
        fact = FACTS[name]
        if name in _YES_NO:
            return _YES_NO[name][not value]
        if name == "age":
            return f"{value} 岁", f"aged {value}"
        if name == "day" or value is None:
            return None if name == "day" else (f"没有登记{fact.zh}", f"{fact.en} not known")
        if isinstance(value, frozenset):
            held = [self.name(item) for item in sorted(value)]
            return "、".join(both[0] for both in held) or "没有登记身份", ", ".join(both[1] for both in held) or "none on record"
        if fact.type.base == "region":
            return (self.name(str(value))) if value else (f"{fact.zh}未登记", f"{fact.en} not on record")
        return self._shown(fact.type.base, value, name)

    def _shown(self, base: str, value: Any, fact: str) -> Both:
        match base:
            case "money":
                return f"{yuan(value)} 元", f"¥{yuan(value)}"
            case "mu":
                return f"{yuan(value)} 亩", f"{yuan(value)} mu"  # Two decimals, like money.
            case "percent":
                return percent_of(value), percent_of(value)
            case "time":
                return (text := f"{value // 60:02d}:{value % 60:02d}"), text
            case "day":
                return (text := date.fromordinal(value).isoformat()), text
            case "name":
                return self.name(value, fact)
        return str(value), str(value)


def _with_answer(said: Both, held: bool) -> Both:
    return f"{said[0]}：{'是' if held else '否'}", f"{said[1]}: {'yes' if held else 'no'}"


def _age(sign: str, years: int) -> Both:
    match sign:
        case ">=":
            return f"年满 {years} 周岁", f"aged {years} or over"
        case ">":
            return f"超过 {years} 周岁", f"aged over {years}"
        case "<":
            return f"不满 {years} 周岁", f"aged under {years}"
        case "<=":
            return f"不超过 {years} 周岁", f"aged {years} or under"
        case "==":
            return f"正好 {years} 周岁", f"aged exactly {years}"
    return f"不是 {years} 周岁", f"not aged {years}"
