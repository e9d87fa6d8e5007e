"""Understand one expression: size and characters, Python's parser, a whitelist of node types, and a typed tree."""

import ast
from collections.abc import Sequence
from typing import Final

from onecard.policy.calls import understand_call
from onecard.policy.comparisons import understand_compare
from onecard.policy.findings import Refused
from onecard.policy.nodes import Text
from onecard.policy.operators import understand_binary
from onecard.policy.reading import Reading
from onecard.policy.scope import Scope, Typed
from onecard.policy.tokens import CHARACTERS_MAX, Token, rewritten
from onecard.policy.trees import depth_of
from onecard.policy.types import BOOL, Type

__all__ = ["DEPTH_MAX", "NODES_MAX", "understand", "wanted"]

NODES_MAX: Final = 100
DEPTH_MAX: Final = 100  # Levels of a tree, through all the lets it reads.


def understand(sentence: Text, tokens: Sequence[Token], scope: Scope) -> Typed:
    """Return the typed tree of *tokens*, which are a part of *sentence*. Raises `Refused`."""
    if not tokens:
        raise _form(sentence, len(sentence.value.rstrip()), "少了一个值", "a value is missing")
    begin, end = tokens[0].start, tokens[-1].end
    if end - begin > CHARACTERS_MAX:
        raise Refused("EXPR_SIZE", sentence.at(begin), size=end - begin, most=CHARACTERS_MAX)
    text = rewritten(list(tokens), end)[begin:]
    try:
        body = ast.parse(text, mode="eval").body
    except SyntaxError as error:
        offset = begin + min(max((error.offset or 1) - 1, 0), len(text) - 1)
        raise _form(sentence, offset, "括号或运算符不对", "brackets or operators do not fit") from None
    except (MemoryError, RecursionError, ValueError):
        raise _form(sentence, begin, "嵌套太深", "it is nested too deep") from None
    size = sum(isinstance(node, ast.expr) for node in ast.walk(body))
    if size > NODES_MAX:
        raise Refused("EXPR_SIZE", sentence.at(begin), size=size, most=NODES_MAX)
    typed = _Expression(sentence, begin, scope).understand(body)
    depth = depth_of(typed.tree, scope.depths)
    if depth > DEPTH_MAX:
        raise Refused("EXPR_SIZE", sentence.at(begin), size=depth, most=DEPTH_MAX)
    return typed


def wanted(typed: Typed, want: Type, hint: str = "") -> Typed:
    """Return *typed*, which must be of the type *want*. Raises `Refused` (TYPE)."""
    if typed.type != want:
        words = {"want": want.en, "zh_want": want.zh, "got": typed.type.en, "zh_got": typed.type.zh}
        raise Refused("TYPE.want", typed.spot, **words, hint=hint or want.en)
    return typed


def _form(sentence: Text, offset: int, zh: str, en: str) -> Refused:
    return Refused("EXPR_FORM", sentence.at(offset), zh_why=zh, en_why=en, example="max(list_price - 2.00, 3.00)")


class _Expression(Reading):
    """The whitelist: what is not named here is refused."""

    def understand(self, node: ast.expr) -> Typed:
        match node:
            case ast.Name():
                return self.name(node)
            case ast.Constant():
                return self.constant(node)
            case ast.BinOp():
                return understand_binary(self, node)
            case ast.Compare():
                return understand_compare(self, node)
            case ast.Call():
                return understand_call(self, node)
            case ast.BoolOp():
                parts = [wanted(self.understand(value), BOOL, "age >= 60").tree for value in node.values]
                return Typed(["and" if isinstance(node.op, ast.And) else "or", *parts], BOOL, self.spot(node))
            case ast.UnaryOp(op=ast.Not()):
                return Typed(["not", wanted(self.understand(node.operand), BOOL, "age >= 60").tree], BOOL, self.spot(node))
        raise self.strange(node)
