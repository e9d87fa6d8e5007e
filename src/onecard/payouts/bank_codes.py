"""Why banks could not pay, who mends it, and what happens unless somebody says otherwise (FIELD §4.1). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

__all__ = ["CODES", "FailureCode", "Owner", "Repair", "failure_code"]

Owner = Literal["resident", "card-desk", "village", "bank"]
"""Whose hand it is in: the holder's, the card desk's, the village's that told the account, or the bank's own."""

Repair = Literal["activate", "correct-name", "follow-card", "wait", "new-account", "renew-data", "other-account", "ask-bank"]
"""What is done by default. `follow-card` is done by the house itself: the account follows the holder's new card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureCode:
    """One reason for which a payment came back."""

    code: str
    owner: Owner
    repair: Repair
    zh: str
    en: str


def _told() -> Mapping[str, FailureCode]:
    table: tuple[tuple[str, Owner, Repair, str, str], ...] = (
        ("F01", "resident", "activate", "金融账户未激活", "the financial account is not activated"),
        ("F02", "village", "correct-name", "户名不符", "the name is not that of the account"),
        ("F03", "card-desk", "follow-card", "换卡后账户已变更", "the account changed when the card was issued anew"),
        ("F04", "resident", "wait", "账户冻结", "the account is frozen"),
        ("F05", "resident", "new-account", "账户已销户", "the account was closed"),
        ("F06", "resident", "renew-data", "客户信息不全或证件过期", "the bank's data of the customer are incomplete or expired"),
        ("F07", "resident", "other-account", "账户类别限额（II、III 类户）", "the class of the account limits what it takes"),
        ("F08", "village", "new-account", "账户不存在", "there is no such account"),
        ("F09", "bank", "ask-bank", "银行按重复付款拒收", "the bank took it for a payment made twice"),
        ("F99", "bank", "ask-bank", "其他原因", "another reason"),
    )
    return MappingProxyType({
        code: FailureCode(code=code, owner=owner, repair=repair, zh=zh, en=en) for code, owner, repair, zh, en in table
    })  # fmt: skip


CODES: Final = _told()
"""The codes that have words of their own; a file may bear any of F01–F99."""


def failure_code(code: str) -> FailureCode:
    """Return what *code* (F01–F99) means; one without words of its own is kept as it is and means what F99 means."""
    if code in CODES:
        return CODES[code]
    other = CODES["F99"]
    return FailureCode(code=code, owner=other.owner, repair=other.repair, zh=other.zh, en=other.en)
