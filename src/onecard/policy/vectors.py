"""Shared vectors: facts at the edges of a programme and what it says of them, so that every target can be held to the same. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from onecard.policy.facts import FACTS, Fact, blanks, vocabulary
from onecard.policy.model import CityLists, Facts, Kind, Programme, Value
from onecard.values.regions import region_prefix

__all__ = ["Chance", "Edges", "drawn_facts", "edges_of", "programme_vectors", "written_facts"]

Chance = Callable[[int], int]
"""Returns a whole number from 0 up to, not including, its argument."""

Edges = Mapping[str, tuple[Any, ...]]
"""By type (`number`, `money`, `region`, …): the values a document speaks of, and their neighbours."""

_FOREIGN: Final = ("330481", "330400", "330100", "341800", "310115", "320509", "110101", "440305")
_DRAWS_MAX: Final = 60
_BEYOND: Final = 3  # Shares are also asked for this many fen beside what was really saved: odd cents show a wrong split.


def programme_vectors(programme: Programme, lists: CityLists, chance: Chance, count: int) -> Iterator[dict[str, Any]]:
    """Yield *count* cases: `{"facts": …, "verdict": reason or [price, caps …], "shares": [[fen, [[fund, fen] …]] …]}`."""
    edges = edges_of([programme.rule])
    base = programme.rule["base"]
    for place in range(count):
        facts, verdict = _judged(programme, edges, lists, chance, grants=place % 2 == 0)
        saved: tuple[int, ...] = ()
        if not isinstance(verdict, str):
            fen, most = _borne(facts, verdict[0], base)
            saved = (fen, *(chance(most + 2) for _ in range(_BEYOND)))
        yield {
            "facts": written_facts(facts, programme.facts),
            "verdict": verdict if isinstance(verdict, str) else list(verdict),
            "shares": [[fen, [list(part) for part in programme.share(facts, fen)]] for fen in saved],
        }


def _borne(facts: Facts, fen: int, base: str | None) -> tuple[int, int]:
    """Return how many fen the funds bear of a price or an amount of *fen*, and the most that may be asked about."""
    if base is None:
        return fen, fen
    before = facts[base]
    assert isinstance(before, int)
    return before - fen, before


def _judged(programme: Programme, edges: Edges, lists: CityLists, chance: Chance, *, grants: bool) -> tuple[Facts, str | tuple[int, ...]]:
    """Return facts that are granted, or that are not, and the verdict; what is hard to meet is drawn again and again."""
    for _ in range(_DRAWS_MAX - 1):
        facts = drawn_facts(programme.facts, edges, lists, chance, programme.kind)
        verdict = programme.judge(facts)
        if isinstance(verdict, tuple) == grants:
            return facts, verdict
    facts = drawn_facts(programme.facts, edges, lists, chance, programme.kind)
    return facts, programme.judge(facts)


def drawn_facts(names: tuple[str, ...], edges: Edges, lists: CityLists, chance: Chance, kind: Kind = "use") -> Facts:
    """Return every fact of a *kind*: *names* drawn near their edges, the others blank."""
    return blanks("use" if kind == "gate" else kind) | {name: _drawn(FACTS[name], edges, lists, chance) for name in names}


def written_facts(facts: Facts, names: tuple[str, ...]) -> dict[str, Any]:
    """Return those of *facts* that *names* name as JSON has them: a set is a sorted list."""
    told = {name: facts[name] for name in sorted({*names})}
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in told.items()}


def edges_of(rules: list[Mapping[str, Any]]) -> Edges:
    """Return what the JSON trees of *rules* speak of, one below and one above included."""
    found: dict[str, set[Any]] = {}
    for kind, value in (pair for rule in rules for pair in _spoken(rule)):
        values = {value - 1, value, value + 1} if isinstance(value, int) else {value}
        found.setdefault(kind, set()).update(values)
    return {kind: tuple(sorted(values)) for kind, values in found.items()}


def _drawn(fact: Fact, edges: Edges, lists: CityLists, chance: Chance) -> Value:
    base = fact.type.base
    if fact.optional and chance(3) == 0:
        return None
    match base:
        case "yes_no":
            return chance(2) == 1
        case "name":
            return _name(fact, edges, lists, chance)
        case "set":
            return frozenset(_name(fact, edges, lists, chance) for _ in range(chance(3)))
        case "region":
            return _region(fact, edges, chance)
    spoken = [value for value in edges.get(base, ()) if fact.low <= value <= fact.high]
    if spoken and chance(4):
        return int(spoken[chance(len(spoken))])
    lowest = spoken[0] if base == "day" and spoken else fact.low  # A day long before all documents tells nothing.
    return int(lowest + chance((120, 10_000, fact.high - lowest + 1)[chance(3)]) % (fact.high - lowest + 1))


def _name(fact: Fact, edges: Edges, lists: CityLists, chance: Chance) -> str:
    names = vocabulary(fact.type, lists)
    spoken = tuple(name for name in names if name in edges.get("name", ()))
    chosen = spoken if spoken and chance(2) else names
    return chosen[chance(len(chosen))]


def _region(fact: Fact, edges: Edges, chance: Chance) -> str:
    spoken = [f"{prefix:0<6}" for prefix in edges.get("region", ())]
    regions = [*_FOREIGN, *spoken, *(f"{region_prefix(region)}99"[:6].ljust(6, "1") for region in spoken)]
    return "" if not fact.always and chance(6) == 0 else regions[chance(len(regions))]


def _spoken(rule: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from _in_tree([rule["let"], rule["who"], rule["pay"], rule["funding"], [limit["cap"] for limit in rule["limits"]]])
    yield "day", rule["from"]
    yield from (("day", rule["until"]) for _ in range(rule["until"] is not None))
    yield from (("region", region_prefix(region)) for region in rule["where"]["region"])
    for figure in rule["figures"].values():
        for begin, level in figure["rows"]:
            yield "day", begin
            yield from _in_level(level, figure["unit"])


def _in_tree(tree: Any) -> Iterator[tuple[str, Any]]:
    match tree:
        case ["lit", str() as kind, value]:
            yield kind, value
        case ["has" | "in_names", inner, list() as names]:
            yield from (("name", name) for name in names)
            yield from _in_tree(inner)
        case ["in_areas", inner, list() as prefixes]:
            yield from (("region", prefix) for prefix in prefixes)
            yield from _in_tree(inner)
        case list() | tuple():
            for part in tree:
                yield from _in_tree(part)


def _in_level(level: list[Any], unit: str) -> Iterator[tuple[str, Any]]:
    if level[0] == "is":
        kind = {"yuan": "money", "hours": "time", "dates": "day", "regions": "region"}.get(unit, unit)
        values = level[1] if isinstance(level[1], list) else [level[1]]
        yield from ((kind, edge) for value in values for edge in (value if isinstance(value, list | tuple) else [value]))
        return
    form, fact, rows, other = level
    for key, inner in rows:
        if form in ("steps", "regions"):
            yield FACTS[fact].type.base, key
        yield from _in_level(inner, unit)
    if other is not None:
        yield from _in_level(other, unit)
