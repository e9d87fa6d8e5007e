"""Random sentences of the language, each with its own meaning written a second time, in plain Python beside the text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from onecard.policy.facts import FACTS, blanks
from tests.unit.policy.documents import LISTS

__all__ = ["FIGURES", "Said", "conditions", "document", "facts_of", "moneys"]

Meaning = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Said:
    """A text of the language and what it means."""

    text: str
    means: Meaning


def half_up(number: int, divisor: int) -> int:
    whole, rest = divmod(number, divisor)
    return whole + (2 * rest >= divisor)


def by_steps(facts: Mapping[str, Any]) -> int:
    age, day = facts["age"], facts["day"]
    rows = [(0, 0), (60, 200), (70, 301), (80, 499)] if day < 738_976 else [(0, 7), (65, 1_000_000)]
    return [value for step, value in rows if age >= step][-1]


def by_largest(facts: Mapping[str, Any]) -> int:
    worth = {"tekun": 800, "dibao": 800, "disabled": 650, "youfu": 1}
    return max([worth[name] for name in facts["hardship"] if name in worth], default=33)


def by_smallest(facts: Mapping[str, Any]) -> int:
    worth = {"tekun": 800, "dibao": 800, "disabled": 650, "youfu": 1}
    return min([worth[name] for name in facts["hardship"] if name in worth], default=33)


def by_region(facts: Mapping[str, Any]) -> int:
    region = facts["registered_region"]
    return 111 if region == "330481" else 222 if region[:4] == "3304" else 333 if region[:2] == "33" else 444


def by_two(facts: Mapping[str, Any]) -> int:
    table = {"none": 0, "employee": 5000 if facts["group"] >= 10 else 2500, "retired": 10_000, "resident": 1}
    return table[facts["insured_as"]]


def in_hours(facts: Mapping[str, Any]) -> bool:
    spans = [(480, 690), (780, 1440)] if facts["day_kind"] == "holiday" else [(1080, 1230)]
    return any(low <= facts["time"] < high for low, high in spans)


FIGURES: dict[str, tuple[str, Meaning]] = {
    "steps": (
        "{unit: yuan, by: age, from 2023-01-01: {0: 0.00, 60: 2.00, 70: 3.01, 80: 4.99}, from 2024-04-01: {0: 0.07, 65: 10000.00}}",
        by_steps,
    ),
    "need": (
        "{unit: yuan, by: largest hardship, from 2023-01-01: {youfu: 0.01, tekun: 8.00, dibao: 8.00, disabled: 6.50, else: 0.33}}",
        by_largest,
    ),
    "least": (
        "{unit: yuan, by: smallest hardship, from 2023-01-01: {youfu: 0.01, tekun: 8.00, dibao: 8.00, disabled: 6.50, else: 0.33}}",
        by_smallest,
    ),
    "place": ("{unit: yuan, by: registered_region, from 2023-01-01: {330000: 3.33, 330400: 2.22, 330481: 1.11, else: 4.44}}", by_region),
    "share": (
        "{unit: percent, by: [insured_as, group], from 2023-01-01: "
        "{none: 0%, employee: {0: 25%, 10: 50%}, retired: 100%, resident: 0.01%}}",
        by_two,
    ),
    "hours_open": ("{unit: hours, by: day_kind, from 2023-01-01: {holiday: [08:00-11:30, 13:00-24:00], else: 18:00-20:30}}", in_hours),
    "feast": (
        "{unit: dates, from 2023-01-01: [2024-02-10..2024-02-17, 2024-10-11]}",
        lambda f: 738_926 <= f["day"] <= 738_933 or f["day"] == 739_170,
    ),
    "near": (
        "{unit: regions, from 2023-01-01: [delta, 110101]}",
        lambda f: f["home_region"][:2] in ("31", "32", "33", "34") or f["home_region"] == "110101",
    ),
}


def _fen(value: int) -> Said:
    return Said(f"{value // 100}.{value % 100:02d}", lambda facts: value)


def _named(name: str) -> Said:
    return Said(name, FIGURES[name][1] if name in FIGURES else lambda facts: facts[name])


_LITERALS = st.integers(0, 100_000).map(_fen)
_MONEY_LEAVES = st.one_of(_LITERALS, st.sampled_from(["list_price", "steps", "need", "least", "place"]).map(_named))


def _times(money: Said, points: int) -> Said:
    percent = f"{points / 100:.2f}".rstrip("0").rstrip(".")
    return Said(f"({money.text}) * {percent}%", lambda facts: half_up(money.means(facts) * points, 10_000))


def _rounded(money: Said, name: str, step: int) -> Said:
    def means(facts: Mapping[str, Any]) -> int:
        value = money.means(facts)
        down = value // step * step
        if name == "round_down" or value == down:
            return down
        return down + step if name == "round_up" or 2 * (value - down) >= step else down

    return Said(f"{name}({money.text}, {step // 100}.{step % 100:02d})", means)


def _grown_money(inner: st.SearchStrategy[Said]) -> st.SearchStrategy[Said]:
    two = st.tuples(inner, inner)
    return st.one_of(
        two.map(lambda ab: Said(f"({ab[0].text}) + ({ab[1].text})", lambda f: ab[0].means(f) + ab[1].means(f))),
        two.map(lambda ab: Said(f"({ab[0].text}) - ({ab[1].text})", lambda f: max(ab[0].means(f) - ab[1].means(f), 0))),
        two.map(lambda ab: Said(f"min({ab[0].text}, {ab[1].text})", lambda f: min(ab[0].means(f), ab[1].means(f)))),
        st.tuples(inner, inner, inner).map(
            lambda abc: Said(f"max({abc[0].text}, {abc[1].text}, {abc[2].text})", lambda f: max(one.means(f) for one in abc))
        ),
        st.builds(_times, inner, st.integers(0, 10_000)),
        inner.map(lambda a: Said(f"({a.text}) * share", lambda f: half_up(a.means(f) * by_two(f), 10_000))),
        st.tuples(inner, st.integers(1, 12)).map(lambda an: Said(f"({an[0].text}) / {an[1]}", lambda f: half_up(an[0].means(f), an[1]))),
        st.builds(_rounded, inner, st.sampled_from(["round", "round_up", "round_down"]), st.sampled_from([5, 10, 100, 333])),
        inner.map(
            lambda a: Said(f"default(agreed_price, {a.text})", lambda f: a.means(f) if f["agreed_price"] is None else f["agreed_price"])
        ),
    )


moneys = st.recursive(_MONEY_LEAVES, _grown_money, max_leaves=6)

_SIGNS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
}


def _compared(left: Said, sign: str, right: Said) -> Said:
    return Said(f"{left.text} {sign} {right.text}", lambda f: _SIGNS[sign](left.means(f), right.means(f)))


_CONDITION_LEAVES = st.one_of(
    st.builds(
        _compared,
        st.sampled_from(["age", "group", "capacity"]).map(_named),
        st.sampled_from([*_SIGNS]),
        st.integers(0, 99).map(lambda n: Said(str(n), lambda f: n)),
    ),
    st.builds(_compared, _MONEY_LEAVES, st.sampled_from([*_SIGNS]), _MONEY_LEAVES),
    st.sampled_from(
        [
            Said("60 <= age < 70", lambda f: 60 <= f["age"] < 70),
            Said("booked", lambda f: f["booked"]),
            Said("has(hardship, tekun, dibao)", lambda f: bool(f["hardship"] & {"tekun", "dibao"})),
            Said("has(standing, soldier)", lambda f: "soldier" in f["standing"]),
            Said("service in [ride, entry]", lambda f: f["service"] in ("ride", "entry")),
            Said("service not in [ride]", lambda f: f["service"] != "ride"),
            Said("weekday == sun", lambda f: f["weekday"] == "sun"),
            Said("retired != insured_as", lambda f: f["insured_as"] != "retired"),
            Said("registered_region in city", lambda f: f["registered_region"].startswith("3304")),
            Said(
                "registered_region in [330481, 341800]",
                lambda f: f["registered_region"] in ("330481",) or f["registered_region"][:4] == "3418",
            ),
            Said("registered_region not in 330421", lambda f: f["registered_region"] != "330421"),
            Said(
                "registered_region in home_region",
                lambda f: f["registered_region"][:4] == f["home_region"][:4] and f["home_region"][4:] in ("00", f["registered_region"][4:]),
            ),
            Said("known(registered_region)", lambda f: f["registered_region"] != ""),
            Said("time in hours_open", in_hours),
            Said("day in feast", FIGURES["feast"][1]),
            Said("home_region in near", FIGURES["near"][1]),
            Said("day >= 2024-02-29", lambda f: f["day"] >= 738_945),
            Said("time < 12:00", lambda f: f["time"] < 720),
            Said("agreed_share > 12.5%", lambda f: f["agreed_share"] > 1250),
            Said(
                "known(agreed_percent) and agreed_percent >= 50%", lambda f: f["agreed_percent"] is not None and f["agreed_percent"] >= 5000
            ),
        ]
    ),
)


def _grown_condition(inner: st.SearchStrategy[Said]) -> st.SearchStrategy[Said]:
    two = st.tuples(inner, inner)
    return st.one_of(
        two.map(lambda ab: Said(f"({ab[0].text}) and ({ab[1].text})", lambda f: ab[0].means(f) and ab[1].means(f))),
        two.map(lambda ab: Said(f"({ab[0].text}) or ({ab[1].text})", lambda f: ab[0].means(f) or ab[1].means(f))),
        inner.map(lambda a: Said(f"not ({a.text})", lambda f: not a.means(f))),
    )


conditions = st.recursive(_CONDITION_LEAVES, _grown_condition, max_leaves=4)

_REGIONS = st.sampled_from(["330481", "330421", "330400", "330100", "341800", "310100", "110101", "110102"])


def facts_of() -> st.SearchStrategy[dict[str, Any]]:
    """Return every fact of a use, told or blank, up to its largest value."""
    told: dict[str, st.SearchStrategy[Any]] = {}
    for name in blanks("use"):
        fact = FACTS[name]
        if fact.type.base in ("number", "money", "percent", "time"):
            told[name] = st.one_of(st.integers(fact.low, min(fact.high, 120)), st.integers(fact.low, fact.high), st.just(fact.high))
        elif fact.type.base == "yes_no":
            told[name] = st.booleans()
    told |= {
        "hardship": st.frozensets(st.sampled_from(LISTS.hardship)),
        "standing": st.frozensets(st.sampled_from(LISTS.standing)),
        "insured_as": st.sampled_from(["none", "employee", "retired", "resident"]),
        "service": st.sampled_from(["ride", "entry", "lunch"]),
        "weekday": st.sampled_from(["mon", "sun"]),
        "day_kind": st.sampled_from(["workday", "holiday", "weekend"]),
        "day": st.integers(738_521, 739_500),
        "home_region": _REGIONS,
        "region": _REGIONS,
        "registered_region": st.one_of(st.just(""), _REGIONS),
        "agreed_price": st.one_of(st.none(), st.integers(0, 10**9)),
        "agreed_percent": st.one_of(st.none(), st.integers(0, 10_000)),
    }
    return st.fixed_dictionaries(told).map(lambda facts: blanks("use") | facts)


def document(who: list[Said], lets: dict[str, str], pay: list[str], funding: str) -> str:
    """Return a use with these sentences, and the figures they name."""
    lines = "\n".join([*(said.text for said in who), *lets.values(), *pay, funding])
    figures = {name: text for name, (text, _) in FIGURES.items() if name in lines.replace("agreed_share", "")}
    parts = [
        "programme: try",
        "kind: use",
        "title: {zh: 试, en: Try}",
        "basis: none",
        "effective: {from: 2023-01-01}",
        "where: {region: 330400}",
    ]
    parts += ["figures:", *(f"  {name}: {text}" for name, text in figures.items())] if figures else []
    parts += ["let:", *(f"  {name}: {text}" for name, text in lets.items())] if lets else []
    parts += ["who:", *(f"  - {said.text} else NOT_ELIGIBLE" for said in who)] if who else []
    parts += ["pay:", *(f"  - {row}" for row in pay), "funding:", funding]
    parts += ["tests:", "  - {list_price: 2.00, expect: {paid: 1.00}}", "  - {list_price: 2.00, expect: {reason: NOT_ELIGIBLE}}"]
    return "\n".join(parts) + "\n"
