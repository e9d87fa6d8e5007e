"""Read the bodies that doors take in, strictly: repeated keys, NUL, lone surrogates and deep nesting do not pass."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import datetime
from typing import Any, Final, TypeVar

import msgspec

from onecard.terminals.chain import Link, canonical_content, link_of
from onecard.uses.model import Offline, Tap
from onecard.values.error import OnecardError
from onecard.values.suites import SIGNATURE_BYTES
from onecard.web.bodies import BatchBody, ReversalBody, UseBody
from onecard.web.wire_words import body_problem

__all__ = [
    "BATCH_BYTES_MAX", "BATCH_USES_MAX", "USE_BYTES_MAX", "BodyMalformed", "BodyTooLarge", "Receive", "read_batch", "read_body",
    "read_reversal", "read_struct", "read_use",
]  # fmt: skip

USE_BYTES_MAX: Final = 64 * 1024
BATCH_BYTES_MAX: Final = 4 * 1024 * 1024
BATCH_USES_MAX: Final = 5000
DEPTH_MAX: Final = 32
MARKS_MAX: Final = 500_000  # Texts and brackets in a batch that is looked through: a full one of 5,000 uses has a third of it.

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Body = TypeVar("Body")


class BodyMalformed(OnecardError):
    """A body that is no such thing."""

    code = "body-malformed"
    zh = "请求内容有误：{problem_zh}。没有记录任何内容，请更正后重新发送。"
    en = "The body is wrong: {problem_en}. Nothing was recorded; correct it and send it again."


_TOO_DEEP_ZH: Final = "嵌套超过 32 层"
_TOO_DEEP_EN: Final = "it is nested more than 32 deep"


class BodyTooLarge(OnecardError):
    """A body over its limit."""

    code = "body-too-large"
    http_status = 413
    zh = "请求过大：{limit_zh}。没有记录任何内容，请分批发送。"
    en = "The body is too large: {limit_en}. Nothing was recorded; send it in parts."


_use_decoder = msgspec.json.Decoder(UseBody)
_batch_decoder = msgspec.json.Decoder(BatchBody)
_entries_decoder = msgspec.json.Decoder(list[msgspec.Raw])
_reversal_decoder = msgspec.json.Decoder(ReversalBody)

_BEFORE_USES: Final = re.compile(rb'\s*\{\s*"[^"]*"\s*:\s*')
_TEXT_OR_BRACKET: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)


async def read_body(receive: Receive, bytes_max: int, limit_zh: str, limit_en: str) -> bytes:
    """Return a request's whole body; raises `BodyTooLarge` once it is more than *bytes_max*, `BodyMalformed` where it breaks off."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":  # What came until then may look whole, and is not.
            raise BodyMalformed(problem_zh="没有发完", problem_en="it broke off")
        part = message.get("body", b"")
        size += len(part)
        if size > bytes_max:
            raise BodyTooLarge(limit_zh=limit_zh, limit_en=limit_en)
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def read_use(body: bytes) -> Tap:
    """Return the tap in *body*. Raises `BodyMalformed`, `BodyTooLarge`."""
    if len(body) > USE_BYTES_MAX:
        raise BodyTooLarge(limit_zh="一笔最多 64 KB", limit_en="one use is at most 64 KB")
    use = _decoded(_use_decoder, body)
    _refuse_repeats(body)
    return _tap_of(use)


def read_reversal(body: bytes) -> str:
    """Return the reason in *body*. Raises `BodyMalformed`."""
    reversal = _decoded(_reversal_decoder, body)
    _refuse_repeats(body)
    return reversal.reason


def read_struct(decoder: "msgspec.json.Decoder[Body]", body: bytes) -> Body:
    """Return what *decoder* reads in *body*, repeated keys refused. Raises `BodyMalformed`."""
    told = _decoded(decoder, body)
    _refuse_repeats(body)
    return told


def read_batch(body: bytes) -> list[bytes]:
    """Return the uses in *body*, each as it came. Raises `BodyMalformed`, `BodyTooLarge`."""
    try:
        entries = _entries_of(body)
    except RecursionError:  # Somewhere in it: the entry is cut short, so that it spoils only itself.
        entries = _entries_of(_cut_at_depth(body))
    if len(entries) > BATCH_USES_MAX:
        raise BodyTooLarge(limit_zh="一批最多 5000 笔", limit_en="a batch is at most 5000 uses")
    return [bytes(entry) for entry in entries]


def _entries_of(body: bytes) -> list[msgspec.Raw]:
    try:
        uses = _batch_decoder.decode(body).uses
    except (msgspec.MsgspecError, UnicodeError) as mistake:
        raise _malformed(mistake) from None
    try:
        entries = _entries_decoder.decode(uses)
    except msgspec.ValidationError:
        raise BodyMalformed(problem_zh="字段 uses 应为数组", problem_en="uses: it is an array", field="uses") from None
    before = _BEFORE_USES.match(body)
    if before is None or body[before.end() + len(bytes(uses)) :].strip() != b"}":  # The decoder took the last of two.
        raise BodyMalformed(problem_zh="键 uses 出现了两次", problem_en="the key uses stands twice", field="uses")
    return entries


def _cut_at_depth(body: bytes) -> bytes:
    """Return *body* with a 0 in place of whatever is nested deeper than any reader goes: no field of ours is so deep."""
    kept: list[bytes] = []
    depth = start = 0
    for number, found in enumerate(_TEXT_OR_BRACKET.finditer(body)):
        if number > MARKS_MAX:
            raise BodyMalformed(problem_zh=_TOO_DEEP_ZH, problem_en=_TOO_DEEP_EN)
        sign = found[0]
        if sign in b"[{":
            depth += 1
            if depth == DEPTH_MAX + 1:
                kept += body[start : found.start()], b"0"
        elif sign in b"]}":
            depth -= 1
            if depth == DEPTH_MAX:
                start = found.end()
    return b"".join([*kept, body[start:]])


def _decoded(decoder: "msgspec.json.Decoder[Body]", body: bytes) -> Body:
    try:
        return decoder.decode(body)
    except RecursionError:
        raise BodyMalformed(problem_zh=_TOO_DEEP_ZH, problem_en=_TOO_DEEP_EN) from None
    except (msgspec.MsgspecError, UnicodeError) as mistake:
        raise _malformed(mistake) from None


def _tap_of(use: UseBody) -> Tap:
    credential, guardian, offline = use.credential, use.guardian, use.offline
    if guardian is not None and (guardian.kind == "lookup") != bool(guardian.reason):
        zh, en = "人工查找须写明事由，其他方式不带事由", "a look-up needs a reason, nothing else has one"
        raise BodyMalformed(problem_zh=zh, problem_en=en, field="guardian.reason")
    return Tap(
        terminal=use.terminal, seq=use.seq, kind=credential.kind, value=credential.value, service=use.service,
        list_price_fen=use.list_price, occurred_at=use.occurred_at, way=use.way, ticket=use.ticket, group=use.group,
        guardian=(guardian.kind, guardian.value) if guardian else None, lookup_reason=credential.reason or "",
        offline=Offline(outcome=offline.outcome, paid_fen=offline.paid, hotlist=offline.hotlist) if offline else None,
        chain=_link_of(use) if use.chain else None,
    )  # fmt: skip


def _link_of(use: UseBody) -> Link:
    """Return the place in its chain that *use* claims: the link is of what was sent, letter by letter."""
    assert use.chain is not None
    previous, signature = bytes.fromhex(use.chain.previous), _signature(use.chain.signature)
    return Link(
        previous=previous, link=link_of(previous, canonical_content(msgspec.to_builtins(use, builtin_types=(datetime,)))),
        signature=signature, key_id=use.chain.key_id,
    )  # fmt: skip


def _signature(text: str) -> bytes:
    try:
        signature = b64decode(text, validate=True)
    except ValueError:  # No base64, or not even ASCII.
        signature = b""
    if len(signature) != SIGNATURE_BYTES or b64encode(signature).decode() != text:
        zh, en = "应为 64 字节签名的 base64", "it is a signature of 64 bytes in base64"
        raise BodyMalformed(problem_zh=f"字段 chain.signature {zh}", problem_en=f"chain.signature: {en}", field="chain.signature")
    return signature


def _refuse_repeats(body: bytes) -> None:
    """Refuse repeated keys and what only an escape can smuggle in. The decoder takes the last of two keys silently."""
    if b"\\" not in body:
        texts = body.split(b'"')[1::2]  # Without escapes every quote begins or ends a text.
        if len(texts) == len(set(texts)):
            return  # No two texts are alike, so no two keys are.
    json.loads(body, object_pairs_hook=_pairs)  # It is JSON, for it was decoded: only `_pairs` may object.


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: set[str] = set()
    for key, value in pairs:
        if key in seen:
            raise BodyMalformed(problem_zh=f"键 {key} 出现了两次", problem_en=f"the key {key} stands twice", field=key)
        seen.add(key)
        if isinstance(value, str) and "\x00" in value:
            raise BodyMalformed(problem_zh=f"字段 {key} 含有空字符", problem_en=f"{key} holds a NUL character", field=key)
    return dict(pairs)


def _malformed(mistake: Exception) -> BodyMalformed:
    if isinstance(mistake, UnicodeError):
        return BodyMalformed(problem_zh="不是 UTF-8 编码", problem_en="it is not UTF-8")
    zh, en, field = body_problem(str(mistake))
    return BodyMalformed(problem_zh=zh, problem_en=en, field=field)
