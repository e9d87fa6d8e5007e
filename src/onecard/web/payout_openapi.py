"""The payouts' resources in the OpenAPI document."""

from typing import Any, Final

from onecard.app.payout_desk import LINES_MAX, ROSTERS_MAX
from onecard.app.payout_look import PUBLIC_LINES_MAX
from onecard.payouts.model import ROSTER_STATES
from onecard.web.problem import MEDIA_TYPE

__all__ = ["payout_paths"]

_SAID: Final = {
    401: "No session, or one that ended",
    403: "The role may not",
    404: "There is no such roster in scope; for anyone, none that is published",
    422: "Malformed",
    503: "Too busy, or the store is away: come again after `Retry-After` seconds",
}
_ROSTER: Final = {
    "name": "roster", "in": "path", "required": True, "description": "PROGRAMME.PERIOD.REGION, and .N of a supplement.",
    "schema": {"type": "string", "maxLength": 96, "pattern": "^[a-zA-Z0-9.-]{1,96}$"},
}  # fmt: skip


def payout_paths() -> dict[str, Any]:
    """Return the paths of `/v1/payouts`."""
    found = [
        _word("programme"), _word("period"),
        {"name": "state", "in": "query", "required": False, "schema": {"type": "string", "enum": list(ROSTER_STATES)}},
        {"name": "after", "in": "query", "required": False, "schema": {"type": "string", "maxLength": 96, "pattern": "^[a-zA-Z0-9.-]*$"}},
        _limit(ROSTERS_MAX),
    ]  # fmt: skip
    reads = (401, 403, 404, 422, 503)
    return {
        "/v1/payouts": {"get": _operation("Rosters, by name", "PayoutsAnswer", (401, 403, 422, 503), found)},
        "/v1/payouts/{roster}": {"get": _operation("One roster, with its lines by state", "PayoutAnswer", reads, [_ROSTER])},
        "/v1/payouts/{roster}/lines": {
            "get": _operation("Lines of a roster by number, names masked", "PayoutLinesAnswer", reads, [_ROSTER, _AFTER, _limit(LINES_MAX)])
        },
        "/v1/payouts/{roster}/public": {
            "get": _operation(
                "A published list for anyone: masked name, village, programme, amount", "PublicListAnswer", (404, 422, 503),
                [_ROSTER, _AFTER, _limit(PUBLIC_LINES_MAX)], public=True,
            )
        },
    }  # fmt: skip


_AFTER: Final = {"name": "after", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 0, "maximum": 10_000_000}}


def _word(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": {"type": "string", "maxLength": 64, "pattern": "^[a-zA-Z0-9-]*$"}}


def _limit(most: int) -> dict[str, Any]:
    return {"name": "limit", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 1, "maximum": most}}


def _operation(summary: str, answer: str, problems: tuple[int, ...], parameters: list[Any], *, public: bool = False) -> dict[str, Any]:
    answers = {"200": {"description": "The answer", "content": {"application/json": {"schema": _ref(answer)}}}}
    answers |= {str(each): {"description": _SAID[each], "content": {MEDIA_TYPE: {"schema": _ref("Problem")}}} for each in problems}
    return {"summary": summary, "security": [] if public else [{"session": []}], "responses": answers, "parameters": parameters}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
