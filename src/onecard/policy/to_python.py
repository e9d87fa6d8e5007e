"""Write a document as Python once per version, for the tap: facts read once, min and max inlined, figures chosen in place.

`python_of` returns source that anyone can read; `compiled` makes the two functions of it. Nothing in it can fail at the tap:
types and bounds were proved by the check.
"""

from collections.abc import Callable, Mapping
from types import CodeType
from typing import Any, cast

from onecard.policy.document import Document
from onecard.policy.figure import found_in, row_of
from onecard.policy.funding import split_by_percent
from onecard.policy.model import Facts, Judge, Share, Tree
from onecard.policy.python_terms import Terms

__all__ = ["compiled", "python_of"]

_INDENT = "    "


def python_of(document: Document) -> str:
    """Return the source of `judge(_facts)` and `share(_facts, _fen)` for *document*."""
    return "\n".join([*_Judge(document).lines(), "", "", *_Share(document).lines(), ""])


def compiled(document: Document) -> tuple[Judge, Share]:
    """Return the functions that the generated source defines."""
    heading = document.heading
    code: CodeType = compile(python_of(document), f"<{heading.name} from {heading.from_day}>", "exec", dont_inherit=True)
    names: dict[str, Any] = {"_split": split_by_percent, "_merged": _merged, "_look_up": _look_up(document)}
    exec(code, names)
    return cast(Judge, names["judge"]), cast(Share, names["share"])


class _Body:
    """Statements of one function; before each the facts and lets it needs for the first time are read."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._terms = Terms(document.figures)
        self._ready: set[str] = set()
        self.statements: list[str] = []

    def need(self, *trees: Tree) -> None:
        """Read every fact and reckon every let of *trees* that is not at hand yet."""
        for tree in trees:
            for kind, name in self._terms.names_in(tree):
                if name in self._ready:
                    continue
                if kind == "let":
                    self.need(self._document.lets[name])
                    self.say(f"{name} = {self._terms.written(self._document.lets[name])}")
                else:
                    self.say(f'{name} = _facts["{name}"]')
                self._ready.add(name)

    def fact(self, name: str) -> None:
        """Read one fact."""
        self.need(["fact", name])

    def say(self, statement: str) -> None:
        """Append one statement."""
        self.statements.append(_INDENT + statement)

    def written(self, tree: Tree) -> str:
        """Return *tree* as an expression."""
        return self._terms.written(tree)


class _Judge(_Body):
    def lines(self) -> list[str]:
        """Return the source of `judge`."""
        document = self._document
        for condition in document.who:
            self.need(condition.typed.tree)
            self.say(f"if {self._terms.negated(condition.typed.tree)}:")
            self.say(f'{_INDENT}return "{condition.reason}"')
        if document.base:
            self.fact(document.base)
        price = self._pay() if document.pay else document.base or "0"
        caps = [limit.cap.tree for limit in document.limits]
        self.need(*caps)
        self.say(f"return ({', '.join([price, *map(self.written, caps)])},)")
        return ["def judge(_facts):", *self.statements]

    def _pay(self) -> str:
        document = self._document
        self.need(*(tree for row in document.pay for tree in (row.condition.tree if row.condition else ["lit"], row.value.tree)))
        for place, row in enumerate(document.pay):
            if row.condition:
                self.say(f"{'elif' if place else 'if'} {self.written(row.condition.tree)}:")
            elif place:
                self.say("else:")
            self.say(f"{_INDENT if len(document.pay) > 1 else ''}_price = {self.written(row.value.tree)}")
        if document.base and not all(_never_above(row.value.tree, document.base) for row in document.pay):
            self.say(f"if _price > {document.base}:")
            self.say(f"{_INDENT}_price = {document.base}")
        return "_price"


class _Share(_Body):
    def lines(self) -> list[str]:
        """Return the source of `share`."""
        parts = self._document.funding
        if not parts:
            self.say("return ()")
        else:
            self.need(*(part.tree for part in parts))
            for part in parts:
                if part.of:
                    self.fact(part.of)
            self._split()
        return ["def share(_facts, _fen):", *self.statements]

    def _split(self) -> None:
        parts = self._document.funding
        funds = [f'"{part.fund}-" + {part.of}' if part.of else f'"{part.fund}"' for part in parts]
        if len(parts) == 1:
            self.say(f"return (({funds[0]}, _fen),) if _fen else ()")
            return
        self.say("_left = _fen")
        fen: dict[int, str] = {}
        for place, part in enumerate(parts):
            if part.by == "amount":
                fen[place] = f"_part{place}"
                self.say(f"_part{place} = {self.written(part.tree)}")
                self.say(f"if _part{place} > _left:")
                self.say(f"{_INDENT}_part{place} = _left")
                self.say(f"_left -= _part{place}")
        shares = [place for place, part in enumerate(parts) if part.by != "amount"]
        points = [self._points(place) for place in shares]
        if len(shares) == 1:
            fen[shares[0]] = "_left"
        else:
            names = [f"_part{place}" for place in shares]
            self.say(f"{', '.join(names)} = _split(_left, ({', '.join(points)}))")
            fen |= dict(zip(shares, names, strict=True))
        pairs = ", ".join(f"({fund}, {fen[place]})" for place, fund in enumerate(funds))
        self.say(f"return _merged(({pairs},))")

    def _points(self, place: int) -> str:
        part = self._document.funding[place]
        if part.by == "percent":
            return self.written(part.tree)
        others = [self.written(other.tree) for other in self._document.funding if other.by == "percent"]
        return " - ".join(["10000", *others])


def _never_above(tree: Tree, base: str) -> bool:
    """Tell whether *tree* can be seen to stay at or below the fact *base*, so that nothing need be cut at the tap."""
    match tree:
        case ["lit", _, value]:
            return bool(value == 0)
        case ["fact", name]:
            return bool(name == base)
        case ["*", left, ["lit", "percent", points], _]:
            return points <= 10_000 and _never_above(left, base)
        case ["-", left, _] | ["/", left, _]:
            return _never_above(left, base)
        case ["min", *parts]:
            return any(_never_above(part, base) for part in parts)
    return False


def _merged(parts: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    """Return *parts* without those of 0, one fund once."""
    whole: dict[str, int] = {}
    for fund, fen in parts:
        if fen:
            whole[fund] = whole.get(fund, 0) + fen
    return tuple(whole.items())


def _look_up(document: Document) -> Callable[[str, Facts], Any]:
    """Return how a figure too large to be written in place is looked up."""
    figures: Mapping[str, Any] = document.figures

    def look_up(name: str, facts: Facts) -> Any:
        figure = figures[name]
        return found_in(row_of(figure, cast(int, facts["day"])) if len(figure.rows) > 1 else figure.rows[0][1], facts)

    return look_up
