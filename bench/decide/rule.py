"""The programme `elder-pass-bus` by other means: by hand, as a zen-engine decision model, as a CEL expression.

Each takes the facts and gives the same answer: a reason why nothing is granted, or (price, payers, cap of the limit).
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, cast

import zen
from cel_expr_python import cel  # type: ignore[import-untyped]

from onecard.policy.model import Programme

__all__ = ["CEL", "ZEN", "Answer", "Ask", "by_cel", "by_generated", "by_hand", "by_zen"]

Facts = Mapping[str, Any]
Answer = str | tuple[int, tuple[tuple[str, int], ...], int]
Ask = Callable[[Facts], Answer]

_DELTA = ("31", "32", "33", "34")
_RIDES_A_DAY = 30


def by_hand(facts: Facts) -> Answer:
    """The rule as a good programmer writes it who has no other rule to serve."""
    age = facts["age"]
    if age < 60:
        return "NOT_ELIGIBLE_AGE"
    if not facts["home_region"].startswith(_DELTA):
        return "NOT_ELIGIBLE_REGION"
    list_price = facts["list_price"]
    price = 0 if age >= 70 else (list_price + 1) // 2
    saved = list_price - price
    payers = (("transit-" + facts["region"], saved),) if saved else ()
    return price, payers, _RIDES_A_DAY


def by_generated(programme: Programme) -> Ask:
    """The two functions that the language generated, put together as `decide` calls them."""
    judge, share = programme.judge, programme.share

    def ask(facts: Facts) -> Answer:
        verdict = judge(facts)
        if isinstance(verdict, str):
            return verdict
        price, cap = verdict
        return price, share(facts, facts["list_price"] - price), cap

    return ask


ZEN = json.dumps(
    {
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "request"},
            {
                "id": "rule",
                "type": "expressionNode",
                "name": "elder-pass-bus",
                "content": {
                    "expressions": [
                        {
                            "id": "reason",
                            "key": "reason",
                            "value": "age < 60 ? 'NOT_ELIGIBLE_AGE'"
                            " : home_region[0:1] in ['31', '32', '33', '34'] ? '' : 'NOT_ELIGIBLE_REGION'",
                        },
                        {"id": "price", "key": "price", "value": "age >= 70 ? 0 : floor((list_price + 1) / 2)"},
                        {"id": "saved", "key": "saved", "value": "list_price - $.price"},
                        {"id": "fund", "key": "fund", "value": "'transit-' + region"},
                        {"id": "cap", "key": "cap", "value": "30"},
                    ]
                },
            },
            {"id": "out", "type": "outputNode", "name": "answer"},
        ],
        "edges": [
            {"id": "1", "sourceId": "in", "targetId": "rule", "type": "edge"},
            {"id": "2", "sourceId": "rule", "targetId": "out", "type": "edge"},
        ],
    }
)


def by_zen() -> Ask:
    """The rule as a decision model, evaluated by zen-engine."""
    evaluate = zen.ZenEngine().create_decision(ZEN).evaluate

    def ask(facts: Facts) -> Answer:
        result = evaluate(cast(dict[str, Any], facts))["result"]
        if result["reason"]:
            return str(result["reason"])
        payers = ((result["fund"], result["saved"]),) if result["saved"] else ()
        return result["price"], payers, result["cap"]

    return ask


CEL = """
age < 60 ? ['NOT_ELIGIBLE_AGE']
: !(home_region.startsWith('31') || home_region.startsWith('32') || home_region.startsWith('33') || home_region.startsWith('34'))
? ['NOT_ELIGIBLE_REGION']
: [age >= 70 ? 0 : (list_price + 1) / 2, 'transit-' + region, 30]
"""


def by_cel() -> Ask:
    """The rule as one expression, evaluated by cel-expr-python: CEL's own C++ runtime."""
    types = {"age": cel.Type.INT, "home_region": cel.Type.STRING, "list_price": cel.Type.INT, "region": cel.Type.STRING}
    evaluate = cel.NewEnv(variables=types).compile(CEL).eval

    def ask(facts: Facts) -> Answer:
        result = evaluate(data=facts).plain_value()
        if len(result) == 1:
            return str(result[0])
        price, fund, cap = result
        saved = facts["list_price"] - price
        return price, ((fund, saved),) if saved else (), cap

    return ask
