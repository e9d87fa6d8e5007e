"""Sentences around expressions: `CONDITION else REASON`, and rows of `VALUE if CONDITION` (POLICY §2)."""

from dataclasses import dataclass

from onecard.policy.expression import understand, wanted
from onecard.policy.findings import Refused, nearest
from onecard.policy.model import Kind
from onecard.policy.nodes import Node, Rows, Spot, Text
from onecard.policy.reasons import GATE_ONLY, REASONS
from onecard.policy.scope import Scope, Typed
from onecard.policy.tokens import CHARACTERS_MAX, Token, tokens_of
from onecard.policy.types import BOOL

__all__ = ["Condition", "Row", "check_reason", "read_condition", "read_rows", "sentence_tokens", "split_at"]

_SENTENCE_MAX = CHARACTERS_MAX + 200  # A sentence is an expression or two and a few words around them.


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold, and what is said where it does not."""

    typed: Typed
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A value, and when it is meant; without a condition always."""

    value: Typed
    condition: Typed | None
    text: str
    spot: Spot


def read_condition(node: Node, scope: Scope) -> Condition | None:
    """Return the sentence of a `who`, or None after handing in what is wrong with it."""
    if not isinstance(node, Text):
        example = "age >= 60 else NOT_ELIGIBLE_AGE"
        scope.desk.add("KEY.shape", node.spot, key="who", zh_shape="一句话", en_shape="one sentence", example=example)
        return None
    try:
        asked, said = split_at("else", sentence_tokens(node), node)
        typed = wanted(understand(node, asked, scope), BOOL, "age >= 60")
        return Condition(typed, check_reason(said, node, scope.kind), node.value[asked[0].start : asked[-1].end])
    except Refused as refused:
        scope.desk.take(refused)
        return None


def read_rows(node: Node, key: str, scope: Scope) -> list[Row] | None:
    """Return the rows of *key*, the last without a condition, or None after handing in what is wrong with them."""
    items = node.items if isinstance(node, Rows) else (node,)
    rows = [_read_row(item, key, scope) for item in items]
    if not rows:
        scope.desk.add("GAP", node.spot, zh_what="没有一行", en_what="there is no row at all", hint="list_price")
        return None
    for row in rows[:-1]:
        if row is not None and row.condition is None:
            after = rows[rows.index(row) + 1]
            scope.desk.add("UNREACHABLE", after.spot if after else node.spot)
            return None
    last = rows[-1]
    if last is not None and last.condition is not None:
        words = {"zh_what": "条件都不成立时", "en_what": "when none of the conditions holds"}
        scope.desk.add("GAP", last.spot, **words, hint="最后一行不写 if · end with a row without `if`")
        return None
    return None if None in rows else [row for row in rows if row is not None]


def sentence_tokens(sentence: Text) -> list[Token]:
    """Return the tokens of *sentence*, which is not too long. Raises `Refused`."""
    if len(sentence.value) > _SENTENCE_MAX:
        raise Refused("EXPR_SIZE", sentence.spot, size=len(sentence.value), most=CHARACTERS_MAX)
    return tokens_of(sentence)


def split_at(word: str, tokens: list[Token], sentence: Text) -> tuple[list[Token], list[Token]]:
    """Return what stands before and behind the only *word*. Raises `Refused` (EXPR_FORM)."""
    places = [place for place, token in enumerate(tokens) if token.text == word]
    if len(places) != 1:
        offset = tokens[places[1]].start if places else len(sentence.value.rstrip())
        zh, en = (f"“{word}”只能有一个", f"`{word}` stands twice") if places else (f"缺少“{word}”", f"`{word}` is missing")
        raise Refused("EXPR_FORM", sentence.at(offset), zh_why=zh, en_why=en, example="age >= 60 else NOT_ELIGIBLE_AGE")
    return tokens[: places[0]], tokens[places[0] + 1 :]


def check_reason(said: list[Token], sentence: Text, kind: Kind) -> str:
    """Return the reason that *said* is. Raises `Refused` (REASON)."""
    offset = said[0].start if said else len(sentence.value.rstrip())
    reason = sentence.value[offset : said[-1].end] if said else ""
    if reason not in REASONS:
        near = nearest(reason.upper(), [name for name in REASONS if kind == "gate" or name not in GATE_ONLY])
        raise Refused("REASON", sentence.at(offset), reason=reason, near=near)
    if reason in GATE_ONLY and kind != "gate":
        raise Refused("REASON.gate", sentence.at(offset), reason=reason)
    return reason


def _read_row(node: Node, key: str, scope: Scope) -> Row | None:
    if not isinstance(node, Text):
        shape = {"zh_shape": "一句话或几行", "en_shape": "one sentence or rows of them", "example": "free if age >= 70"}
        scope.desk.add("KEY.shape", node.spot, key=key, **shape)
        return None
    try:
        tokens = sentence_tokens(node)
        if all(token.text != "if" for token in tokens):
            return Row(understand(node, tokens, scope), None, node.value, node.spot)
        valued, asked = split_at("if", tokens, node)
        value = understand(node, valued, scope)
        return Row(value, wanted(understand(node, asked, scope), BOOL, "age >= 60"), node.value, node.spot)
    except Refused as refused:
        scope.desk.take(refused)
        return None
