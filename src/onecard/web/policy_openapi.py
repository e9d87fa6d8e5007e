"""The policies' resources in the OpenAPI document."""

from typing import Any, Final

from onecard.releases.correcting import PROPOSALS_MAX
from onecard.web.problem import MEDIA_TYPE

__all__ = ["policy_paths"]

_SAID: Final = {
    401: "No session, or one that ended",
    403: "The role may not; a write without its X-CSRF-Token",
    404: "There is no such programme or version, or it reaches back over nothing",
    409: "This very content is released already",
    413: "The body is too large",
    422: "Malformed, or a document with findings: nothing waits by it",
    503: "Too busy, or the store is away: come again after `Retry-After` seconds",
}
_CSRF: Final = {
    "name": "X-CSRF-Token", "in": "header", "required": True, "description": "As the session was told.", "schema": {"type": "string"},
}  # fmt: skip
_PROGRAMME: Final = {
    "name": "programme", "in": "path", "required": True, "description": "Its name.",
    "schema": {"type": "string", "maxLength": 64, "pattern": "^[^/]+$"},
}  # fmt: skip
_VERSION: Final = {
    "name": "version", "in": "path", "required": True, "description": "From 1.",
    "schema": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
}  # fmt: skip
_PAGE: Final = (
    {"name": "after", "in": "query", "required": False, "schema": {"type": "string", "maxLength": 120}},
    {"name": "limit", "in": "query", "required": False, "schema": {"type": "integer", "minimum": 1, "maximum": PROPOSALS_MAX}},
)


def policy_paths() -> dict[str, Any]:
    """Return the paths of `/v1/policies`."""
    reads = (401, 403, 404, 422, 503)
    prepare = _operation("Prepare that a document be released", "WaitingReleaseAnswer", (401, 403, 409, 413, 422, 503), [_CSRF])
    prepare["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref("DraftBody")}}}
    one = [_PROGRAMME, _VERSION]
    return {
        "/v1/policies": {"get": _operation("Every programme ever released", "PoliciesAnswer", (401, 403, 503), []), "post": prepare},
        "/v1/policies/{programme}": {"get": _operation("One programme with its history", "PolicyAnswer", reads, [_PROGRAMME])},
        "/v1/policies/{programme}/{version}": {"get": _operation("One version with its document", "PolicyVersionAnswer", reads, one)},
        "/v1/policies/{programme}/{version}/proposals": {
            "get": _operation("What a version that reaches back would change", "ProposalsAnswer", reads, [*one, *_PAGE])
        },
    }


def _operation(summary: str, answer: str, problems: tuple[int, ...], parameters: list[Any]) -> dict[str, Any]:
    answers = {"200": {"description": "The answer", "content": {"application/json": {"schema": _ref(answer)}}}}
    answers |= {str(each): {"description": _SAID[each], "content": {MEDIA_TYPE: {"schema": _ref("Problem")}}} for each in problems}
    return {"summary": summary, "security": [{"session": []}], "responses": answers, "parameters": parameters}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
