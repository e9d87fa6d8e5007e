"""What may enter a lane: one malformed tap is refused here, with a sentence, before it can harm its neighbours. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec.structs import replace

from onecard.cards.credential import CredentialMalformed, normalise
from onecard.decision.decide import EXIT
from onecard.terminals.model import Directory, Place
from onecard.uses.model import Tap
from onecard.values.days import epoch_milliseconds
from onecard.values.error import OnecardError
from onecard.values.keyed_hash import keyed_hash
from onecard.values.masked import holds_number
from onecard.values.money import FEN_MAX

__all__ = [
    "AHEAD_MAX", "BACK_MAX", "SEQ_MAX", "TapInvalid", "TerminalUnknown", "check_tap", "content_digest",
    "content_without_value", "looked_up_kind",
]  # fmt: skip

SEQ_MAX: Final = 2**53 - 1
BACK_MAX: Final = timedelta(days=30)
AHEAD_MAX: Final = timedelta(minutes=2)
GROUP_MAX: Final = 200
CODE_LENGTH_MAX: Final = 400
REASON_LENGTH_MAX: Final = 200
TERMINAL_LENGTH_MAX: Final = 40

_WAYS: Final = frozenset({"dine_in", "take_away", "delivery"})
_TICKETS: Final = frozenset({"main", "extra"})


class TapInvalid(OnecardError):
    """A tap that cannot be taken in: nothing is recorded."""

    code = "uses.invalid"
    zh = "字段 {field} 有误：{problem_zh}。没有记录这一笔，请更正后重新发送。"
    en = "{field} is wrong: {problem_en}. Nothing was recorded; correct it and send it again."


class TerminalUnknown(OnecardError):
    """No such terminal."""

    code = "uses.terminal_unknown"
    http_status = 403
    zh = "没有这台终端，或令牌不能代表它。请核对终端编号与令牌。"
    en = "There is no such terminal, or this token does not speak for it. Check the terminal's number and its token."


def check_tap(tap: Tap, directory: Directory, services: Collection[str], now: datetime) -> Tap:
    """Return *tap* with its credentials in canonical form; raises `TapInvalid`, `CredentialMalformed`, `TerminalUnknown`.

    *services* is the city's list; *now* is the server's instant (aware).
    """
    place = directory.place(tap.terminal) if 0 < len(tap.terminal) <= TERMINAL_LENGTH_MAX else None
    if place is None:
        raise TerminalUnknown(field="terminal")
    _check_numbers(tap)
    _check_service(tap, place, services)
    _check_instant(tap.occurred_at, now)
    value = _canonical(tap.kind, tap.value, tap.lookup_reason)
    guardian = tap.guardian
    if guardian is not None:
        guardian = (guardian[0], _canonical_of(guardian[0], guardian[1], "guardian"))
    if tap.offline is not None and not 0 <= tap.offline.paid_fen <= tap.list_price_fen:
        raise _invalid("offline.paid", "不能超过原价，也不能为负", "it is from 0 to the list price")
    return tap if value == tap.value and guardian == tap.guardian else replace(tap, value=value, guardian=guardian)


def content_digest(hash_key: bytes, tap: Tap) -> bytes:
    """Return what tells the same content from other content: every field but `offline` and `chain`, the instant in milliseconds."""
    content = msgspec.json.encode((
        tap.terminal, tap.seq, tap.kind, tap.value, tap.service, tap.list_price_fen, epoch_milliseconds(tap.occurred_at),
        tap.way, tap.ticket, tap.group, tap.guardian, tap.lookup_reason,
    ))  # fmt: skip
    return keyed_hash(hash_key, "content", content.decode())


def content_without_value(tap: Tap) -> str:
    """Return the content of *tap* as JSON with every credential's value taken out: evidence may be read by many."""
    kept = {name: getattr(tap, name) for name in Tap.__struct_fields__ if name not in ("value", "guardian", "chain")}
    return msgspec.json.encode({**kept, "guardian": tap.guardian is not None}).decode()


def _check_numbers(tap: Tap) -> None:
    if not 1 <= tap.seq <= SEQ_MAX:
        raise _invalid("seq", "应为 1 到 9007199254740991 的整数", "it is a whole number from 1 to 9007199254740991")
    if not 0 <= tap.list_price_fen <= FEN_MAX:
        raise _invalid("list_price", "应为 0 到 1000000000 分", "it is whole fen, from 0 to 1000000000")
    if not 1 <= tap.group <= GROUP_MAX:
        raise _invalid("group", "应为 1 到 200 人", "it is from 1 to 200 persons")


def _check_service(tap: Tap, place: Place, services: Collection[str]) -> None:
    if tap.service not in services:
        raise _invalid("service", "没有这项服务", "there is no such service")
    if tap.service not in place.site.services:
        offered = ", ".join(place.site.services)
        raise _invalid("service", f"本点位不提供，可用：{offered}", f"this site does not offer it, but: {offered}")
    if tap.service == EXIT and tap.list_price_fen:
        raise _invalid("list_price", "离场的原价应为 0", "leaving costs nothing: it is 0")
    if tap.way not in _WAYS:
        raise _invalid("way", "应为 dine_in、take_away 或 delivery", "it is dine_in, take_away or delivery")
    if tap.ticket not in _TICKETS:
        raise _invalid("ticket", "应为 main 或 extra", "it is main or extra")


def _check_instant(occurred_at: datetime, now: datetime) -> None:
    if occurred_at.tzinfo is None:
        raise _invalid("occurred_at", "缺少时区，如 +08:00", "it has no offset, such as +08:00")
    if occurred_at > now + AHEAD_MAX:
        raise _invalid("occurred_at", "在将来，请校对终端时间", "it lies in the future: set the terminal's clock")
    if occurred_at < now - BACK_MAX:
        raise _invalid("occurred_at", "已超过 30 天，不能再上传", "it is more than 30 days ago, too late to upload")


def _canonical(kind: str, value: str, reason: str) -> str:
    if (kind == "lookup") != bool(reason):
        raise _invalid("credential.reason", "人工查找须写明事由，其他方式不带事由", "a look-up needs a reason, nothing else has one")
    if len(reason) > REASON_LENGTH_MAX or not reason.isprintable() or holds_number(reason):
        en = "it is at most 200 printable characters, and no person number"
        raise _invalid("credential.reason", "最多 200 个可见字符，不含身份证号", en)
    return _canonical_of(kind, value, "credential")


def _canonical_of(kind: str, value: str, field: str) -> str:
    if kind == "code":
        if not (0 < len(value) <= CODE_LENGTH_MAX and value.isascii() and value.isprintable()):
            raise _invalid(f"{field}.value", "二维码内容应为 1 到 400 个可见字符", "a code is 1 to 400 printable ASCII characters")
        return value
    try:
        return normalise(looked_up_kind(value) if kind == "lookup" else kind, value)
    except CredentialMalformed as mistake:
        mistake.facts["field"] = f"{field}.value"  # Whose it is: what came in may be the guardian's.
        raise


def looked_up_kind(value: str) -> str:
    """Return which kind of credential a clerk typed in: an id document by its 18 characters, else a card number."""
    return "id" if len(value) == 18 else "card"


def _invalid(field: str, problem_zh: str, problem_en: str) -> TapInvalid:
    return TapInvalid(field=field, problem_zh=problem_zh, problem_en=problem_en)
