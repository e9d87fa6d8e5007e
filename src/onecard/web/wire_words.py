"""What a body's fields accept, and what is said in zh and en where something else came. Nothing that came in is repeated. Pure."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

__all__ = ["body_problem"]

_KIND: Final = ("应为 card、chip、code、id 或 lookup", "it is card, chip, code, id or lookup")
_VALUE: Final = ("应为文本", "it is a text")
_REASON: Final = ("应为文本，仅用于 lookup", "it is a text, and goes with lookup only")

_ACCEPTED: Final[Mapping[str, tuple[str, str]]] = MappingProxyType({
    "terminal": ("应为终端编号", "it is a terminal's number, as a text"),
    "seq": ("应为 1 到 9007199254740991 的整数", "it is a whole number from 1 to 9007199254740991"),
    "credential": ("应为 {kind, value}", "it is an object of kind and value"),
    "credential.kind": _KIND,
    "credential.value": _VALUE,
    "credential.reason": _REASON,
    "service": ("应为服务名称，如 ride", "it is the name of a service, such as ride"),
    "list_price": ("应为整数分，不带小数和引号，如 200", "it is whole fen without decimals or quotes, such as 200"),
    "occurred_at": ("应为带时区的时间，如 2024-10-31T08:12:05+08:00", "it is a time with its offset, such as 2024-10-31T08:12:05+08:00"),
    "way": ("应为 dine_in、take_away 或 delivery", "it is dine_in, take_away or delivery"),
    "ticket": ("应为 main 或 extra", "it is main or extra"),
    "group": ("应为 1 到 200 的整数", "it is a whole number from 1 to 200"),
    "guardian": ("应为 {kind, value}", "it is an object of kind and value"),
    "guardian.kind": _KIND,
    "guardian.value": _VALUE,
    "guardian.reason": _REASON,
    "offline": ("应为 {outcome, paid}", "it is an object of outcome and paid"),
    "offline.outcome": ("应为 accepted 或 refused", "it is accepted or refused"),
    "offline.paid": ("应为整数分", "it is whole fen"),
    "offline.hotlist": ("应为整数", "it is a whole number"),
    "chain": ("应为 {previous, signature, key_id}", "it is an object of previous, signature and key_id"),
    "chain.previous": ("应为 64 位小写十六进制", "it is 64 small hex digits"),
    "chain.signature": ("应为 64 字节签名的 base64", "it is a signature of 64 bytes in base64"),
    "chain.key_id": ("应为 16 位小写十六进制", "it is 16 small hex digits"),
    "uses": ("应为数组", "it is an array"),
    "reason": ("应为 1 到 200 个可见字符，不含身份证号", "it is 1 to 200 printable characters, and no person number"),
    "purpose": ("应为 1 到 200 个可见字符，不含身份证号", "it is 1 to 200 printable characters, and no person number"),
})  # fmt: skip

_UNKNOWN: Final = re.compile(r"unknown field `([\w-]{1,40})`", re.ASCII)
_MISSING: Final = re.compile(r"missing required field `(\w+)`", re.ASCII)
_BYTE: Final = re.compile(r"\(byte (\d+)\)")


def body_problem(said: str) -> tuple[str, str, str | None]:
    """Return what the decoder *said* as a problem in zh and en, and the field that is meant, where there is one."""
    message, _, path = said.partition(" - at `$.")
    inside = path.rstrip("`")
    if "unknown field" in message:
        found = _UNKNOWN.search(message)
        field = _joined(inside, found[1]) if found else inside or None
        return f"没有字段 {field or '（名称过长）'}", f"there is no field {field or '(a long name)'}", field
    if missing := _MISSING.search(message):
        field = _joined(inside, missing[1])
        return f"缺少字段 {field}", f"{field} is missing", field
    if accepted := _ACCEPTED.get(inside):
        return f"字段 {inside} {accepted[0]}", f"{inside}: {accepted[1]}", inside
    if message.startswith("Expected"):
        return "应为一个 JSON 对象", "it is one JSON object", None
    if place := _BYTE.search(message):
        return f"从第 {place[1]} 字节起不是 JSON", f"from byte {place[1]} on it is no JSON", None
    return "不是完整的 JSON", "it is no whole JSON", None


def _joined(inside: str, name: str) -> str:
    return f"{inside}.{name}" if inside else name
