"""The bodies of the hot endpoints: typed, closed, and read strictly. Repeated keys, NUL and lone surrogates do not pass."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from onecard.uses.model import Offline, Tap
from onecard.values.error import OnecardError

__all__ = ["BATCH_BYTES_MAX", "BATCH_USES_MAX", "USE_BYTES_MAX", "BodyMalformed", "BodyTooLarge", "UseBody", "read_batch", "read_use"]

USE_BYTES_MAX = 64 * 1024
BATCH_BYTES_MAX = 4 * 1024 * 1024
BATCH_USES_MAX = 5000

Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class CredentialBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What was shown."""

    kind: Literal["card", "chip", "code", "id", "lookup"]
    value: str
    reason: str | None = None


class OfflineBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What the terminal itself answered."""

    outcome: Literal["accepted", "refused"]
    paid: int
    hotlist: int | None = None


class UseBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One use (SURFACES §3)."""

    terminal: str
    seq: int
    credential: CredentialBody
    service: str
    list_price: int
    occurred_at: Instant
    way: Literal["dine_in", "take_away", "delivery"] = "dine_in"
    ticket: Literal["main", "extra"] = "main"
    group: int = 1
    guardian: CredentialBody | None = None
    offline: OfflineBody | None = None


class BatchBody(msgspec.Struct, forbid_unknown_fields=True):
    """Many uses, each still to be read: one that is bad spoils only itself."""

    uses: list[msgspec.Raw]


class BodyMalformed(OnecardError):
    """A body that is no such thing."""

    code = "body-malformed"
    zh = "请求内容有误：{problem_zh}。没有记录任何内容，请更正后重新发送。"
    en = "The body is wrong: {problem_en}. Nothing was recorded; correct it and send it again."


class BodyTooLarge(OnecardError):
    """A body over its limit."""

    code = "body-too-large"
    http_status = 413
    zh = "请求过大：{limit_zh}。没有记录任何内容，请分批发送。"
    en = "The body is too large: {limit_en}. Nothing was recorded; send it in parts."


_use_decoder = msgspec.json.Decoder(UseBody)
_batch_decoder = msgspec.json.Decoder(BatchBody)


def read_use(body: bytes) -> Tap:
    """Return the tap in *body*. Raises `BodyMalformed`, `BodyTooLarge`."""
    if len(body) > USE_BYTES_MAX:
        raise BodyTooLarge(limit_zh="一笔最多 64 KB", limit_en="one use is at most 64 KB")
    try:
        use = _use_decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as mistake:
        raise _malformed(mistake) from None
    _refuse_repeats(body)
    return _tap_of(use)


def read_batch(body: bytes) -> list[bytes]:
    """Return the uses in *body*, each as it came. Raises `BodyMalformed`, `BodyTooLarge`."""
    try:
        uses = [bytes(raw) for raw in _batch_decoder.decode(body).uses]
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as mistake:
        raise _malformed(mistake) from None
    if len(uses) > BATCH_USES_MAX:
        raise BodyTooLarge(limit_zh="一批最多 5000 笔", limit_en="a batch is at most 5000 uses")
    return uses


def _tap_of(use: UseBody) -> Tap:
    credential, guardian, offline = use.credential, use.guardian, use.offline
    return Tap(
        terminal=use.terminal, seq=use.seq, kind=credential.kind, value=credential.value, service=use.service,
        list_price_fen=use.list_price, occurred_at=use.occurred_at, way=use.way, ticket=use.ticket, group=use.group,
        guardian=(guardian.kind, guardian.value) if guardian else None, lookup_reason=credential.reason or "",
        offline=Offline(outcome=offline.outcome, paid_fen=offline.paid, hotlist=offline.hotlist) if offline else None,
    )  # fmt: skip


def _refuse_repeats(body: bytes) -> None:
    """Refuse repeated keys and what only an escape can smuggle in. The decoder takes the last of two keys silently."""
    if b"\\" not in body:
        texts = body.split(b'"')[1::2]  # Without escapes every quote begins or ends a text.
        if len(texts) == len(set(texts)):
            return  # No two texts are alike, so no two keys are.
    try:
        json.loads(body, object_pairs_hook=_pairs)
    except (ValueError, RecursionError) as mistake:
        raise BodyMalformed(problem_zh="有重复的键或不允许的字符", problem_en=str(mistake)) from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError("a key stands twice")
    for _, value in pairs:
        if isinstance(value, str) and ("\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value)):
            raise ValueError("a text holds NUL or half a character")
    return dict(pairs)


def _malformed(mistake: Exception) -> BodyMalformed:
    said = str(mistake).partition(" - at `$.")
    field = said[2].rstrip("`") or None
    return BodyMalformed(problem_zh=f"字段 {field}" if field else "不是所要求的 JSON", problem_en=said[0], field=field)
