"""The staff's resources in the OpenAPI document."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from onecard.app.staff_residents import RESIDENTS_MAX
from onecard.staff.approvals import LIST_MAX
from onecard.staff.permissions import KINDS
from onecard.web.problem import MEDIA_TYPE

__all__ = ["SESSION_SCHEME", "staff_paths"]

SESSION_SCHEME: Final = {
    "session": {
        "type": "apiKey", "in": "cookie", "name": "onecard_session",
        "description": "As `POST /v1/session` sets it; over HTTPS its name is `__Host-onecard_session`.",
    }
}  # fmt: skip

_SAID: Final[Mapping[int, str]] = {
    401: "No session, or one that ended; signing in: name, password or code is wrong, or the code was used",
    403: "In scope, and the role may not; one's own work; a write without its X-CSRF-Token",
    404: "Absent, or out of scope: the two are one answer",
    409: "What is so already, or has changed meanwhile",
    413: "The body is too large",
    422: "Malformed: nothing was changed",
    429: "Too many wrong sign-ins: come again after `Retry-After` seconds",
    503: "Too busy, or the store is away: come again after `Retry-After` seconds",
}
_READS: Final = (401, 403, 404, 503)
_WRITES: Final = (401, 403, 404, 409, 413, 422, 503)
_CSRF: Final = {
    "name": "X-CSRF-Token", "in": "header", "required": True, "description": "As the session was told.", "schema": {"type": "string"},
}  # fmt: skip

_FORMAT: Final = {
    "name": "format", "in": "query", "required": False, "schema": {"type": "string", "enum": ["json", "csv", "xlsx"]},
    "description": "csv and xlsx hold the whole list, at most 20,000 rows, without pages.",
}  # fmt: skip
_FILES: Final = {
    "text/csv": {"schema": {"type": "string"}},
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {"schema": {"type": "string", "format": "binary"}},
}  # fmt: skip


def staff_paths() -> dict[str, Any]:
    """Return the paths of signing in, approvals, residents and cards."""
    return {**_session_paths(), **_approval_paths(), **_resident_paths(), **_card_paths()}


def _session_paths() -> dict[str, Any]:
    opened = _operation("Sign in", "SessionAnswer", (401, 403, 413, 422, 429, 503), body="SessionBody")
    ended = _operation("Sign out", "", (401, 403, 503), write=True)
    ended["responses"]["204"] = {"description": "The session has ended"}
    del ended["responses"]["200"], opened["security"]
    own = "Change one's own password; every session ends"
    changed = _operation(own, "", (401, 403, 413, 422, 429, 503), body="PasswordBody", write=True)
    changed["responses"]["204"] = {"description": "It is changed: sign in again"}
    del changed["responses"]["200"]
    told = _operation("Who is signed in", "SessionAnswer", (401, 503))
    return {"/v1/session": {"post": opened, "get": told, "delete": ended}, "/v1/session/password": {"post": changed}}


def _approval_paths() -> dict[str, Any]:
    query = [
        _query("state", {"type": "string", "enum": ["", "waiting", "approved", "refused"]}),
        _query("kind", {"type": "string", "enum": ["", *KINDS]}),
        _query("after", {"type": "string", "maxLength": 120}), _query("limit", _whole(1, LIST_MAX)), _FORMAT,
    ]  # fmt: skip
    listed = _operation("What waits for a second person, or was decided", "ApprovalsAnswer", (401, 403, 422, 503), parameters=query)
    listed["responses"]["200"]["content"] |= _FILES
    decide = _operation("Decide, as the second person", "ApprovalAnswer", _WRITES, body="DecisionBody", named="approval")
    one = _operation("One of them, with all that it holds", "ApprovalAnswer", _READS, named="approval")
    return {"/v1/approvals": {"get": listed}, "/v1/approvals/{approval}": {"get": one, "post": decide}}


def _resident_paths() -> dict[str, Any]:
    query = [
        *(_query(name, {"type": "string", "maxLength": 64}) for name in ("card", "chip", "id")),
        _query("region", {"type": "string", "maxLength": 12}),
        _query("after", {"type": "string", "pattern": "^([0-9]{6,12}-[0-9]{1,18})?$"}),
        _query("limit", _whole(1, RESIDENTS_MAX - 1)), _FORMAT,
    ]  # fmt: skip
    found = _operation("Find residents: by one credential, or by region", "ResidentsAnswer", (401, 403, 422, 503), parameters=query)
    found["responses"]["200"]["content"] |= _FILES
    searched = _operation("Find residents by what is known", "SearchAnswer", (401, 403, 413, 422, 503), body="SearchBody", write=True)
    whole = _operation("One resident, whole: within the hour's budget, else by two", "", _WRITES, body="FullIdBody", named="resident")
    whole["responses"]["200"] |= _json({"anyOf": [_ref("FullIdAnswer"), _ref("ApprovalAnswer")]})
    correct = _operation("Prepare that a fact be told anew", "ApprovalAnswer", _WRITES, body="CorrectionBody", named="resident")
    return {
        "/v1/residents": {"get": found},
        "/v1/residents/search": {"post": searched},
        "/v1/residents/{resident}": {"get": _operation("One resident, masked", "ResidentAnswer", _READS, named="resident")},
        "/v1/residents/{resident}/full-id": {"post": whole},
        "/v1/residents/{resident}/corrections": {"post": correct},
    }


def _card_paths() -> dict[str, Any]:
    either = _json({"anyOf": [_ref("CardAnswer"), _ref("ApprovalAnswer")]})
    release = _operation("A lost card was found", "", _WRITES, body="ReleaseBody", named="card")
    cancel = _operation("Prepare that a card end for good", "", _WRITES, body="CancelBody", named="card")
    release["responses"]["200"] |= either
    cancel["responses"]["200"] |= either
    return {
        "/v1/cards/{card}": {"get": _operation("One card as it stands", "CardAnswer", _READS, named="card")},
        "/v1/cards/{card}/loss": {"post": _operation("Report a card lost", "CardAnswer", _WRITES, body="LossBody", named="card")},
        "/v1/cards/{card}/release": {"post": release},
        "/v1/cards/{card}/cancel": {"post": cancel},
    }


def _operation(
    summary: str, answer: str, problems: tuple[int, ...], *, body: str = "", named: str = "", write: bool = False,
    parameters: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:  # fmt: skip
    operation: dict[str, Any] = {
        "summary": summary, "security": [{"session": []}],
        "responses": {"200": {"description": "The answer", **(_json(_ref(answer)) if answer else {})}},
    }  # fmt: skip
    for status in problems:
        operation["responses"][str(status)] = {"description": _SAID[status], **_json(_ref("Problem"), MEDIA_TYPE)}
    if body:
        operation["requestBody"] = {"required": True, **_json(_ref(body))}
    told = [*parameters, *([_path(named)] if named else []), *([_CSRF] if write or (body and named) else [])]
    return {**operation, "parameters": told} if told else operation


def _path(name: str) -> dict[str, Any]:
    said = {"card": "Its number, or its `id`.", "resident": "As a search told.", "approval": "As its answer told."}[name]
    return {"name": name, "in": "path", "required": True, "description": said, "schema": {"type": "string", "pattern": "^[^/]+$"}}


def _query(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": dict(schema)}


def _whole(least: int, most: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "maximum": most}


def _json(schema: Mapping[str, Any], media_type: str = "application/json") -> dict[str, Any]:
    return {"content": {media_type: {"schema": schema}}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
