"""What every refusal at the HTTP door looks like (RFC 9457, SURFACES §3)."""

import re
from typing import Any

import httpx

__all__ = ["checked", "problem"]

_CHINESE = re.compile(r"[一-鿿]")


def problem(response: httpx.Response, status: int) -> dict[str, Any]:
    """Return the problem document that *response* is, and hold it against its promised form."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    return checked(response.json(), status)


def checked(told: dict[str, Any], status: int) -> dict[str, Any]:
    """Return a problem document, wherever it stood, held against its promised form."""
    assert set(told) == {"type", "title", "status", "detail", "field"}
    assert told["status"] == status
    assert told["type"].startswith("/problems/")
    assert set(told["title"]) == {"zh", "en"}
    assert _CHINESE.search(told["title"]["zh"])
    assert told["title"]["en"].endswith(".")
    assert told["detail"]
    assert told["field"] is None or told["field"]
    return told
