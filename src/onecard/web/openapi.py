"""The OpenAPI document of the API, whole: written from the types of bodies and answers, for the hot endpoints too."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from onecard.uses.intake import SEQ_MAX
from onecard.web import answers, payout_bodies, policy_bodies, staff_bodies, terminal_bodies
from onecard.web.bodies import ReversalBody, UseBody
from onecard.web.payout_openapi import payout_paths
from onecard.web.policy_openapi import policy_paths
from onecard.web.problem import MEDIA_TYPE
from onecard.web.staff_openapi import SESSION_SCHEME, staff_paths
from onecard.web.wire import BATCH_USES_MAX

__all__ = ["openapi_document"]

_SAID: Final[Mapping[int, str]] = {
    401: "No token, or one that is not known",
    403: "Another's terminal, or none",
    404: "No such use, or one of another's terminal",
    405: "Another method than the one described",
    409: "The seq has other content already; a terminal that has not signed in",
    413: "The body is too large: nothing was recorded",
    422: "Malformed: nothing was recorded",
    503: "Too busy, or the store is away: send the same again after `Retry-After` seconds",
}
_TYPES: Final = (
    UseBody, ReversalBody,
    *(getattr(each, name) for each in (answers, staff_bodies, terminal_bodies, policy_bodies, payout_bodies) for name in each.__all__),
)  # fmt: skip
_USE: Final = {"name": "use", "in": "path", "required": True, "description": "As its answer told.", "schema": {"type": "string"}}
_TERMINAL: Final = {
    "name": "terminal", "in": "path", "required": True, "description": "The terminal's number.",
    "schema": {"type": "string", "pattern": "^[^/]+$"},
}  # fmt: skip
_HAVE: Final = {
    "name": "have", "in": "query", "required": False, "description": "The version at hand; without it, or with 0, all.",
    "schema": {"type": "integer", "minimum": 0, "maximum": SEQ_MAX},
}  # fmt: skip
_ETAG: Final = {
    "name": "If-None-Match", "in": "header", "required": False, "description": "The bundle at hand.", "schema": {"type": "string"},
}  # fmt: skip


def openapi_document(version: str) -> dict[str, Any]:
    """Return the document that `/openapi.json` answers."""
    _, schemas = msgspec.json.schema_components(_TYPES, ref_template="#/components/schemas/{name}")
    schemas["BatchBody"] = {
        "type": "object", "required": ["uses"], "additionalProperties": False,
        "description": "Many uses in order. Each is read by itself: one that is no UseBody is answered `invalid` and spoils only itself.",
        "properties": {"uses": {"type": "array", "maxItems": BATCH_USES_MAX, "items": {"anyOf": [_ref("UseBody"), {}]}}},
    }  # fmt: skip
    schemas["BatchAnswer"]["properties"]["answers"]["items"] = {"anyOf": [_ref("UploadedUse"), _ref("InvalidUse")]}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Onecard", "version": version, "summary": "One card, one decision, one record."},
        "paths": {**_paths(), **staff_paths(), **policy_paths(), **payout_paths()},
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token speaks for its terminals only."}, **SESSION_SCHEME,
            },
        },
    }


def _paths() -> dict[str, Any]:
    one = "One tap: decided and on disk before the answer"
    many = "Many uses in order, as a terminal sends them that was alone"
    why = "Why a use came out as it did"
    text = {"content": {"text/plain": {"schema": {"type": "string"}}}}
    return {
        "/v1/uses": {"post": _operation(one, "UseAnswer", (401, 403, 409, 413, 422, 503), body="UseBody")},
        "/v1/uses/batch": {"post": _operation(many, "BatchAnswer", (401, 413, 422, 503), body="BatchBody")},
        "/v1/uses/{use}/explanation": {"get": _operation(why, "ExplanationAnswer", (401, 404, 503), parameters=[_USE])},
        "/v1/uses/{use}/reversal": {
            "post": _operation(
                "Take a use back, once", "ReversalAnswer", (401, 404, 413, 422, 503), body="ReversalBody", parameters=[_USE]
            )
        },
        **_terminal_paths(),
        "/healthz": {"get": _operation("The process lives; what time it is here", "NowAnswer", (), open_to_all=True)},
        "/readyz": {"get": _operation("The store answers and is migrated", "ReadyAnswer", (503,), open_to_all=True)},
        "/metrics": {"get": {"summary": "Prometheus metrics", "responses": {"200": {"description": "The metrics", **text}}}},
    }


def _terminal_paths() -> dict[str, Any]:
    own = (401, 403, 405, 409, 413, 422, 503)
    bundle = _operation("All that a terminal needs to decide alone", "BundleAnswer", (401, 403, 405, 503), parameters=[_TERMINAL, _ETAG])
    bundle["responses"]["304"] = {"description": "The bundle at hand is the one that holds"}
    listed = _operation("The hotlist, whole or from a version on", "", (401, 405, 422, 503), parameters=[_HAVE])
    listed["responses"]["200"] |= {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    events = _operation("What moves, as server-sent events: each `data:` is an EventAnswer", "", (401, 403, 405), parameters=[_TERMINAL])
    events["responses"]["200"] |= {"content": {"text/event-stream": {"schema": {"type": "string"}}}}
    return {
        "/v1/terminals/me": {"get": _operation("Whom the token speaks for", "MeAnswer", (401, 405))},
        "/v1/terminals/sign-in": {"post": _operation("A terminal says who it is", "SignInAnswer", own, body="SignInBody")},
        "/v1/terminals/heartbeat": {"post": _operation("A terminal says how it does", "HeartbeatAnswer", own, body="HeartbeatBody")},
        "/v1/terminals/{terminal}/bundle": {"get": bundle},
        "/v1/terminals/{terminal}/events": {"get": events},
        "/v1/hotlist": {"get": listed},
    }


def _operation(
    summary: str, answer: str, problems: tuple[int, ...], *, body: str | None = None, parameters: Sequence[Mapping[str, Any]] = (),
    open_to_all: bool = False,
) -> dict[str, Any]:  # fmt: skip
    good = {"description": "The answer", **(_json(answer) if answer else {})}
    operation: dict[str, Any] = {"summary": summary, "responses": {"200": good}}
    for status in problems:
        operation["responses"][str(status)] = {"description": _SAID[status], **_json("Problem", MEDIA_TYPE)}
    if body is not None:
        operation["requestBody"] = {"required": True, **_json(body)}
    if parameters:
        operation["parameters"] = list(parameters)
    if not open_to_all:
        operation["security"] = [{"token": []}]
    return operation


def _json(name: str, media_type: str = "application/json") -> dict[str, Any]:
    return {"content": {media_type: {"schema": _ref(name)}}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
