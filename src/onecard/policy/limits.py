"""Read `limits`: CAP UNIT per WINDOW [of site] [in part] else REASON (POLICY §2, §6)."""

from dataclasses import dataclass
from typing import Final, cast

from onecard.policy.expression import understand, wanted
from onecard.policy.findings import Refused
from onecard.policy.model import LimitRule, Per, Unit
from onecard.policy.nodes import Node, Text
from onecard.policy.scope import Scope, Typed
from onecard.policy.sentences import check_reason, sentence_tokens, split_at
from onecard.policy.shapes import entries_of, name_of, text_of
from onecard.policy.tokens import Token
from onecard.policy.types import MONEY, NUMBER

__all__ = ["Limit", "counted_as", "read_limits"]

_UNITS: Final = ("times", "persons", "yuan")
_WINDOWS: Final = ("slot", "day", "week", "month", "year", "life")
_EXAMPLE: Final = "elder-rides: 30 times per day else LIMIT_DAY"


@dataclass(frozen=True, slots=True)
class Limit:
    """A named cap: how it counts, and the expression that says how much."""

    rule: LimitRule
    cap: Typed
    text: str
    key: Text


def read_limits(node: Node | None, scope: Scope) -> list[Limit]:
    """Return the limits in the order written; what is wrong is handed in."""
    limits = []
    for _, key, value in entries_of(node, "limits", scope.desk, _EXAMPLE):
        sentence = text_of(value, key.value, scope.desk)
        if sentence is None:
            continue
        try:
            limits.append(_read_limit(key, sentence, scope))
        except Refused as refused:
            scope.desk.take(refused)
    return limits


def counted_as(rule: LimitRule) -> str:
    """Return how *rule* counts, as it is written: what all who share the name must agree on."""
    window = "at once" if rule.per == "at_once" else f"per {rule.per}"
    return f"{rule.unit} {window}{' of site' if rule.of_site else ''}"


def _read_limit(key: Text, sentence: Text, scope: Scope) -> Limit:
    name = name_of(key)
    tokens = sentence_tokens(sentence)
    if sum(token.text == "else" for token in tokens) != 1:
        raise _form(sentence, tokens[-1].end if tokens else 0, "缺少 else 和理由", "`else` and a reason are missing")
    words, said = split_at("else", tokens, sentence)
    place = next((place for place, token in enumerate(words) if token.text in _UNITS), None)
    if not place:
        raise _form(sentence, 0, "要先写上限，再写 times、persons 或 yuan", "write the cap, then times, persons or yuan")
    unit = cast(Unit, words[place].text)
    per, rest = _window(sentence, words[place + 1 :], unit)
    of_site, in_part = _extras(sentence, rest)
    if in_part and (unit != "yuan" or scope.kind == "gate"):
        raise _form(sentence, rest[-2].start, "in part 只用于 use 里的 yuan", "`in part` is for yuan in a use")
    if scope.kind == "payout" and (unit == "persons" or per in ("slot", "at_once") or of_site):
        zh, en = "发放只按人（或单位）计 times 或 yuan，窗口不短于一天", "a payout counts times or yuan of whom it pays, per day or longer"
        raise _form(sentence, words[place].start, zh, en)
    cap = wanted(understand(sentence, words[:place], scope), MONEY if unit == "yuan" else NUMBER, "30 times · 100.00 yuan")
    reason = check_reason(said, sentence, scope.kind)
    rule = LimitRule(name=name, unit=unit, per=per, of_site=of_site, in_part=in_part, reason=reason)
    return Limit(rule, cap, sentence.value, key)


def _window(sentence: Text, words: list[Token], unit: str) -> tuple[Per, list[Token]]:
    texts = [word.text for word in words[:2]]
    if texts == ["at", "once"]:
        if unit == "yuan":
            raise _form(sentence, words[0].start, "at once 不计金额", "`at once` does not count yuan")
        return "at_once", words[2:]
    if len(texts) == 2 and texts[0] == "per" and texts[1] in _WINDOWS:
        return cast(Per, texts[1]), words[2:]
    offset = words[0].start if words else len(sentence.value)
    raise _form(
        sentence, offset, f"要写 per 加 {' '.join(_WINDOWS)}，或 at once", f"write `per` and one of {' '.join(_WINDOWS)}, or `at once`"
    )


def _extras(sentence: Text, words: list[Token]) -> tuple[bool, bool]:
    texts = [word.text for word in words]
    of_site = texts[:2] == ["of", "site"]
    rest = texts[2:] if of_site else texts
    if rest not in ([], ["in", "part"]):
        place = 2 if of_site else 0
        raise _form(sentence, words[place].start, "这里只能写 of site 和 in part", "only `of site` and `in part` can stand here")
    return of_site, bool(rest)


def _form(sentence: Text, offset: int, zh: str, en: str) -> Refused:
    return Refused("LIMIT_FORM", sentence.at(offset), zh_why=zh, en_why=en)
