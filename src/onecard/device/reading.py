"""Who is shown to a terminal that stands alone, as far as it may know: by alias, or by what a signed code says itself. Pure."""

from dataclasses import dataclass
from datetime import datetime

from onecard.cards.code import Code, CodeReason, authentic, read_code, time_reason
from onecard.cards.credential import ALIAS_BYTES
from onecard.device.holdings import Rules
from onecard.device.line import Shown
from onecard.terminals.bundle import Expected
from onecard.uses.codes import is_ours
from onecard.uses.intake import looked_up_kind
from onecard.values.keyed_hash import keyed_hash

__all__ = ["Looked", "look_up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a terminal sees in what is shown."""

    alias: bytes  # 16 bytes under the terminals' own key.
    person: Expected | None = None  # None: somebody whom this terminal does not know, or whose code it cannot check.
    reason: CodeReason | None = None  # Why a code opens nothing, whoever holds it.
    spends: bytes | None = None  # By which a code is known again.


def look_up(shown: Shown, rules: Rules, at: datetime) -> Looked:
    """Return who *shown* is at the instant *at*.

    A code whose signature this terminal cannot check (a MAC, a key that it was not told, a form of another city's) names
    nobody here and is left to the server; "cannot check" is never told as "invalid".
    """
    if shown.kind != "code":
        kind = looked_up_kind(shown.value) if shown.kind == "lookup" else shown.kind
        alias = keyed_hash(rules.hash_key, kind, shown.value)[:ALIAS_BYTES]
        return Looked(alias=alias, person=rules.cards.get(alias))
    code = read_code(shown.value)
    if isinstance(code, str):
        alias = keyed_hash(rules.hash_key, "code-text", shown.value)[:ALIAS_BYTES]
        return Looked(alias=alias, spends=_spent(rules, shown.value), reason="CODE_BAD_SIGN" if _looks_ours(shown.value, rules) else None)
    return _of_code(code, rules, at)


def _of_code(code: Code, rules: Rules, at: datetime) -> Looked:
    alias = keyed_hash(rules.hash_key, "code", code.pseudonym)[:ALIAS_BYTES]
    spends = _spent(rules, code.signed)
    issuer = rules.issuers.get(code.kid)
    if issuer is None or issuer.form != code.form:
        return Looked(alias=alias, reason=time_reason(code, at), spends=spends)
    if not authentic(code, rules.issuers):
        return Looked(alias=alias, reason="CODE_BAD_SIGN")
    person = Expected(born=code.born, home_region=code.home_region, registered_region=code.registered_region)
    return Looked(alias=alias, person=person, reason=time_reason(code, at), spends=spends)


def _looks_ours(text: str, rules: Rules) -> bool:
    """Tell whether *text* is a code of our own issuers that was cut or altered: that one can be called invalid."""
    return is_ours(text, rules.issuers) or text[:2] in ("1.", "2.", "3.", "4.")


def _spent(rules: Rules, text: str) -> bytes:
    return keyed_hash(rules.hash_key, "code-once", text)
