"""Who is believed: a home's signing keys as issuers of codes, for its own lanes and, public halves only, for terminals."""

from base64 import b64decode, b64encode
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from onecard.cards.code import FORMS, CodeForm, Issuer, Issuers
from onecard.settings.signing_keys import SigningKey
from onecard.settings.suites import SUITES
from onecard.values.suites import SuiteName, Verifier

__all__ = ["Remembering", "form_of", "issuers_from", "issuers_of", "public_issuers"]

_FORM_OF: Final = {said: form for form, said in FORMS.items()}


def form_of(suite: SuiteName, *, shared: bool) -> CodeForm:
    """Return the form of codes that a key of *suite* makes."""
    return _FORM_OF[suite, not shared]


def issuers_of(keys: Iterable[SigningKey]) -> Issuers:
    """Return *keys* as issuers; `ValueError` where one is no key."""
    return {key.kid: _issuer(key) for key in keys}


def public_issuers(keys: Iterable[SigningKey], since: datetime) -> list[dict[str, Any]]:
    """Return what a terminal is told, oldest first: signing keys that were in force after *since*. MAC keys never leave the house."""
    return [
        {
            "kid": key.kid, "suite": key.suite, "public": b64encode(key.public).decode(), "from": key.valid_from.isoformat(),
            "until": None if key.valid_until is None else key.valid_until.isoformat(),
        }
        for key in keys
        if not key.shared and (key.valid_until is None or key.valid_until > since)
    ]  # fmt: skip


def issuers_from(told: Iterable[Mapping[str, Any]]) -> Issuers:
    """Return the issuers of a terminal's bundle: the inverse of `public_issuers`. `KeyError` or `ValueError` where it is none."""
    found = {}
    for row in told:
        suite: SuiteName = row["suite"]
        found[row["kid"]] = Issuer(
            kid=row["kid"], form=form_of(suite, shared=False), valid_from=datetime.fromisoformat(row["from"]),
            valid_until=None if row["until"] is None else datetime.fromisoformat(row["until"]),
            verifier=SUITES[suite].verifier(b64decode(row["public"], validate=True)),
        )  # fmt: skip
    return found


class Remembering:
    """A verifier that remembers what it was asked last: a lane that decides a batch again does not compute its codes again."""

    __slots__ = ("_answers", "_asked_max", "_verifier")

    def __init__(self, verifier: Verifier, asked_max: int = 4096) -> None:
        self._verifier = verifier
        self._asked_max = asked_max
        self._answers: OrderedDict[tuple[bytes, bytes], bool] = OrderedDict()

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether *signature* was made over *message*."""
        asked = (message, signature)
        known = self._answers.get(asked)
        if known is None:
            known = self._answers[asked] = self._verifier.verify(message, signature)
            if len(self._answers) > self._asked_max:
                self._answers.popitem(last=False)
        return known


def _issuer(key: SigningKey) -> Issuer:
    suite = SUITES[key.suite]
    if key.shared:
        assert key.secret is not None
        verifier: Verifier = suite.mac_signer(key.secret)
    else:
        verifier = Remembering(suite.verifier(key.public))
    return Issuer(
        kid=key.kid, form=form_of(key.suite, shared=key.shared), valid_from=key.valid_from, valid_until=key.valid_until, verifier=verifier
    )
