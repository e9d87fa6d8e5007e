"""Issue codes: a person's pseudonym, made when it is first needed, and the code that his phone shows for a minute."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from onecard.cards import code_store, store
from onecard.cards.code import CODE_LIVES, code_text
from onecard.cards.ecard import CodeRules, ecard_reason
from onecard.cards.issuers import form_of
from onecard.cards.model import StateRow
from onecard.people.service import known_facts, proved_by_card
from onecard.settings.keys import NONCE_BYTES, Keyring, SealedPlace
from onecard.settings.signing_keys import SigningKey
from onecard.settings.suites import SUITES
from onecard.values.days import civil
from onecard.values.error import OnecardError
from onecard.values.keyed_hash import keyed_hash

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "PSEUDONYM",
    "CodeTools",
    "CodeWithheld",
    "PersonUnknown",
    "ShownCode",
    "allow_codes",
    "code_key",
    "ensure_pseudonym",
    "show_code",
]

PSEUDONYM: Final = SealedPlace(table="cards_pseudonym", purpose="pseudonym")
"""Where the pseudonyms that codes bear stand, each sealed for its subject."""

_PSEUDONYM_BYTES: Final = 12  # 16 characters.
_NONCE_BYTES: Final = 6  # 8 characters.


class PersonUnknown(OnecardError):
    """Nobody is known by that name."""

    code = "cards.person_unknown"
    http_status = 404
    exit_code = 1
    zh = "没有这个人。请核对证件号码或卡号。"
    en = "Nobody is known by that. Check the person number or the card."


class CodeWithheld(OnecardError):
    """No code is issued while the person's card is barred: a terminal without network would believe it."""

    code = "cards.code_withheld"
    http_status = 409
    exit_code = 1
    zh = "现在不能出示二维码：{why_zh}。{next_zh}"
    en = "No code can be shown now: {why_en}. {next_en}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTools:
    """What issuing needs: the home's keys, the city's rules, and chance (*chance(n)*: n random bytes)."""

    keyring: Keyring
    rules: CodeRules
    chance: Callable[[int], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCode:
    """What a phone shows."""

    code: str
    expires_at: datetime


async def show_code(connection: "Connection", tools: CodeTools, signing: SigningKey, subject: int, now: datetime) -> ShownCode:
    """Return a new code of a person, in the transaction of *connection*.

    Raises `PersonUnknown`, `CodeWithheld` (the card is lost, sealed, cancelled or expired), `SealBroken`.
    """
    proved = await proved_by_card(connection, subject)
    if proved is None:
        raise PersonUnknown
    born, home_region = proved
    key, pseudonym = await ensure_pseudonym(connection, tools, subject, now)
    own = await store.states_of(connection, key)
    barred = ecard_reason(own, await code_store.held_cards(connection, subject), now, tools.rules)
    if barred is not None:
        raise _withheld(barred)
    facts = await known_facts(connection, subject, civil(now).date())
    assert signing.secret is not None
    suite = SUITES[signing.suite]
    issued_at = now.replace(microsecond=0)
    text = code_text(
        suite.mac_signer(signing.secret) if signing.shared else suite.signer(signing.secret),
        form=form_of(signing.suite, shared=signing.shared), kid=signing.kid, pseudonym=pseudonym, born=born, home_region=home_region,
        registered_region=str(facts.get("registered_region", "")), issued_at=issued_at, nonce=_text(tools.chance(_NONCE_BYTES)),
    )  # fmt: skip
    return ShownCode(code=text, expires_at=issued_at + CODE_LIVES)


async def ensure_pseudonym(connection: "Connection", tools: CodeTools, subject: int, now: datetime) -> tuple[bytes, str]:
    """Return the key of a person's codes and his pseudonym, making it where he has none, in the transaction of *connection*."""
    found = await code_store.find_pseudonym(connection, subject)
    if found is None:
        pseudonym = _text(tools.chance(_PSEUDONYM_BYTES))
        key = code_key(tools.keyring.hash_key, pseudonym)
        sealed = tools.keyring.seal(PSEUDONYM, subject, pseudonym.encode(), tools.chance(NONCE_BYTES))
        row = code_store.SealedPseudonym(key, *sealed)
        if await code_store.add_pseudonym(connection, subject, now, row):
            await code_store.add_credential(connection, key, subject, "code", civil(now).date())
            return key, pseudonym
        found = await code_store.find_pseudonym(connection, subject)  # Somebody else was first.
        assert found is not None
    return found.code_key, tools.keyring.open(PSEUDONYM, subject, found.key_id, found.sealed).decode()


async def allow_codes(connection: "Connection", tools: CodeTools, subject: int, now: datetime) -> None:
    """Keep the holder's consent to codes although his card is reported lost (FIELD §3.4), where the city's rules allow it."""
    key, _ = await ensure_pseudonym(connection, tools, subject, now)
    await store.add_states(connection, [key], StateRow(now, "active"))


def code_key(hash_key: bytes, pseudonym: str) -> bytes:
    """Return the 32 bytes under which the store finds whose code it is."""
    return keyed_hash(hash_key, "code", pseudonym)


_WHY: Final = {
    "CARD_SEALED": ("社保卡尚未启用", "the card has not been activated", "请先启用社保卡。", "Activate the card first."),
    "CARD_LOST": (
        "社保卡已挂失", "the card is reported lost",
        "口头挂失期间，须本人确认同意后才能用码；正式挂失请先补卡。",
        "After a loss told by phone the holder must consent first; after a formal one the card is re-issued first.",
    ),
    "CARD_CANCELLED": ("社保卡已注销", "the card is cancelled", "请到服务网点办理。", "Ask at a service desk."),
    "CARD_EXPIRED": ("社保卡已过期", "the card has expired", "请先换卡。", "Renew the card first."),
}  # fmt: skip


def _withheld(reason: str) -> CodeWithheld:
    why_zh, why_en, next_zh, next_en = _WHY[reason]
    return CodeWithheld(reason=reason, why_zh=why_zh, why_en=why_en, next_zh=next_zh, next_en=next_en)


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode()
