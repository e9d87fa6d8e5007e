"""Four eyes as a rule: what a request's digest covers, and who may be its second person. Pure."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from onecard.staff.errors import DigestChanged, NotAllowed, OwnWork
from onecard.staff.model import Acting, Request, Waiting
from onecard.staff.permissions import decides

__all__ = ["digest_of", "refuse_decision"]


def digest_of(waiting: Waiting) -> bytes:
    """Return the SHA-256 of everything that shall happen: kind, object, place, and what is done to it."""
    said: Mapping[str, Any] = {
        "kind": waiting.kind, "object": waiting.object, "region": waiting.region, "scene": waiting.scene,
        "programme": waiting.programme, "payload": waiting.payload, "reason": waiting.reason,
    }  # fmt: skip
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).digest()


def refuse_decision(request: Request, acting: Acting, digest: bytes) -> None:
    """Raise `NotAllowed`, `OwnWork` or `DigestChanged` where *acting* may not decide *request* by *digest*, in this order.

    Own work is counted by person: neither the preparer nor the one in whose place he acted decides, under any account,
    for himself or in another's place.
    """
    if acting.humans & request.humans:
        raise OwnWork(region=request.region)
    if not acting.may_at(decides(request.kind), region=request.region, scene=request.scene, programme=request.programme):
        raise NotAllowed(region=request.region)
    if not hmac.compare_digest(request.digest, digest):
        raise DigestChanged(region=request.region)
