"""Cut a sentence into tokens, and rewrite literals so that Python's parser reads them in the same width (POLICY §10)."""

import re
from typing import Final, NamedTuple

from onecard.policy.findings import Refused
from onecard.policy.forms import day_of, minute_of, money_hint, money_of, number_of, percent_points_of, time_hint
from onecard.policy.nodes import Text

__all__ = ["CHARACTERS_MAX", "Token", "rewritten", "tokens_of"]

CHARACTERS_MAX: Final = 500


class Token(NamedTuple):
    """A word of a sentence; *kind* is name, money, percent, number, time, day or sign."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset behind it."""
        return self.start + len(self.text)


_SHAPES: Final = re.compile(
    r"(?P<blank>[ ]+)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<day>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9]))"
    r"|(?P<time>[0-9]{1,2}:[0-9]{1,2}(?::[0-9]{1,2})?)"
    r"|(?P<percent>[0-9][0-9A-Za-z_.]*[ ]*%)"
    r"|(?P<money>(?:[0-9][0-9A-Za-z_]*)?\.[0-9][0-9A-Za-z_.]*|[0-9][0-9A-Za-z_]*\.)"
    r"|(?P<number>[0-9][0-9A-Za-z_]*)"
    r"|(?P<sign><=|>=|==|!=|[-+*/<>(),\[\]=])",
    re.ASCII,
)
_FORMS: Final = {
    "day": (day_of, "DATE_FORM"),
    "time": (minute_of, "TIME_FORM"),
    "percent": (percent_points_of, "PERCENT_FORM"),
    "money": (money_of, "MONEY_FORM"),
    "number": (number_of, "NUMBER_FORM"),
}


def tokens_of(sentence: Text) -> list[Token]:
    """Return the tokens of *sentence*. Raises `Refused`: EXPR_CHAR, EXPR_FORM, or the form of a literal."""
    text, at = sentence.value, 0
    tokens: list[Token] = []
    if "\n" in text:
        raise Refused("EXPR_FORM", sentence.spot, zh_why="一句话写在一行里", en_why="a sentence stands on one line", example="age >= 60")
    while at < len(text):
        found = _SHAPES.match(text, at)
        kind = found.lastgroup if found else None
        if found is None or kind is None:
            raise Refused("EXPR_CHAR", sentence.at(at), char=text[at])
        if kind != "blank":
            token = Token(kind, found.group(), at)
            _check(token, tokens[-1] if tokens else None, sentence)
            tokens.append(token)
        at = found.end()
    return tokens


def rewritten(tokens: list[Token], end: int) -> str:
    """Return *tokens* as Python reads them, every one at its own offset: `50%` is P50, `17:30` T1730, `2024-10-01` D2024_1001."""
    letters = [" "] * end
    for token in tokens:
        letters[token.start : token.end] = _same_width(token)
    return "".join(letters)


def _same_width(token: Token) -> str:
    if token.kind == "percent":
        return "P" + token.text[:-1].replace(".", "_")
    if token.kind == "time":
        return "T" + token.text.replace(":", "")
    if token.kind == "day":
        return f"D{token.text[:4]}_{token.text[5:7]}{token.text[8:]}"
    return token.text


def _check(token: Token, before: Token | None, sentence: Text) -> None:
    """Check the form of a literal, and that two words never touch: rewritten, they would become one."""
    if before and before.end == token.start and "sign" not in (before.kind, token.kind):
        words = {"zh_why": "两个词之间要有空格", "en_why": "two words stand without a space"}
        raise Refused("EXPR_FORM", sentence.at(token.start), **words, example="list_price * 50%")
    if token.kind in _FORMS:
        form, code = _FORMS[token.kind]
        if form(token.text) is None:
            near = money_hint(token.text) if code == "MONEY_FORM" else time_hint(token.text)
            raise Refused(code, sentence.at(token.start), text=token.text, near=near)
