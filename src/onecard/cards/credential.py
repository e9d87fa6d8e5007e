"""What a terminal may send as a credential, in its one canonical form, and the key that stands for it. Pure."""

import re
from typing import Final, Literal

from onecard.values.error import OnecardError
from onecard.values.keyed_hash import keyed_hash
from onecard.values.person_number import is_person_number

__all__ = ["ALIAS_BYTES", "KINDS", "CredentialKind", "CredentialMalformed", "credential_alias", "credential_key", "normalise"]

CredentialKind = Literal["card", "chip", "id"]

KINDS: Final[frozenset[str]] = frozenset({"card", "chip", "id"})

ALIAS_BYTES: Final = 16

_CARD = re.compile(r"[A-Z](?:[A-Z][0-9]{7}|[0-9]{8})", re.ASCII)
_CHIP = re.compile(r"[0-9a-f]{32}", re.ASCII)


class CredentialMalformed(OnecardError):
    """The value cannot be a credential of its kind, so nothing was looked up and nothing recorded."""

    code = "cards.credential_malformed"
    zh = "凭证不合格式：{expected_zh}。请用半角字符重新读卡或重新输入，不要加空格。"
    en = "This is no {kind}: {expected_en}. Read it again, or type it in plain half-width characters without spaces."


def normalise(kind: str, value: str) -> str:
    """Return *value* in the one form under which a credential of *kind* is kept.

    A card number is nine characters, one or two capitals and digits (FIELD §3.2); a chip id 32 hex digits, lower
    case; an id document a person number with true date and check character. Small letters are forgiven, full-width
    ones are not: they are another text. Raises `CredentialMalformed`.
    """
    if not value.isascii():
        raise _malformed(kind)
    if kind == "card":
        text, good = value.upper(), _CARD.fullmatch
    elif kind == "chip":
        text, good = value.lower(), _CHIP.fullmatch
    elif kind == "id":
        text = value.upper()
        if is_person_number(text):
            return text
        raise _malformed(kind)
    else:
        raise _malformed(kind)
    if good(text) is None:
        raise _malformed(kind)
    return text


def credential_key(hash_key: bytes, kind: str, value: str) -> bytes:
    """Return the 32 bytes that stand for a credential in the store; raises `CredentialMalformed`."""
    return keyed_hash(hash_key, kind, normalise(kind, value))


def credential_alias(terminals_key: bytes, kind: str, value: str) -> bytes:
    """Return the 16 bytes by which terminals know a credential, under the key that they hold; raises `CredentialMalformed`.

    A hotlist carries the first four of them, a bundle all.
    """
    return credential_key(terminals_key, kind, value)[:ALIAS_BYTES]


_EXPECTED: Final[dict[str, tuple[str, str]]] = {
    "card": ("社保卡号为 9 位，字母开头，如 B00000019", "a card number is 9 characters, letters then digits, like B00000019"),
    "chip": ("卡识别码为 32 位十六进制字符", "a chip id is 32 hexadecimal characters"),
    "id": ("身份证件号码为 18 位，且出生日期与校验码须正确", "an id document has 18 characters with a real birth date and check character"),
}
_KINDS_SAID: Final = ("种类应为 card、chip 或 id", "the kind is card, chip or id")


def _malformed(kind: str) -> CredentialMalformed:
    expected_zh, expected_en = _EXPECTED.get(kind, _KINDS_SAID)
    said_kind = kind if kind in KINDS else "credential"  # Never repeat what came in: it may be somebody's number.
    return CredentialMalformed(kind=said_kind, expected_zh=expected_zh, expected_en=expected_en, field="credential.value")
