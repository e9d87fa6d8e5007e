"""The dynamic code on a resident's phone: its text, read strictly, and whether it may be believed now (FIELD §3.5). Pure.

Text `v.kid.pseudonym.born.home.registered.iat.nonce.signature`. It carries what a terminal without network must know and
no more: birth date, home and registered region. What is signed is everything before the last full stop.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal

from onecard.values.suites import Signer, SuiteName, Verifier

__all__ = [
    "CODE_LIVES", "CODE_SKEW", "FORMS", "Code", "CodeForm", "CodeReason", "Issuer", "Issuers", "authentic", "code_text", "read_code",
    "time_reason", "verify",
]  # fmt: skip

CODE_LIVES: Final = timedelta(seconds=60)
"""How long a phone shows one code before it asks for the next (FIELD §3.5)."""

CODE_SKEW: Final = timedelta(seconds=15)
"""How far a terminal's clock may be off, either way."""

CodeForm = Literal["1", "2", "3", "4"]

CodeReason = Literal["CODE_CLOCK", "CODE_BAD_SIGN", "CODE_EXPIRED", "CODE_REPLAYED"]

FORMS: Final[Mapping[CodeForm, tuple[SuiteName, bool]]] = MappingProxyType(
    {"1": ("SM", True), "2": ("SM", False), "3": ("INTL", True), "4": ("INTL", False)}
)
"""Form → suite, and whether it is a signature (any terminal can check it) or a MAC (the server alone can)."""

_TEXT: Final = re.compile(
    r"(?P<signed>(?P<form>[1-4])\.(?P<kid>[0-9a-z]{1,8})\.(?P<pseudonym>[A-Za-z0-9_-]{16})\.(?P<born>[0-9]{8})"
    r"\.(?P<home>[1-9][0-9]{5})\.(?P<registered>[1-9][0-9]{5}|-)\.(?P<iat>[1-9a-z][0-9a-z]{0,6})\.(?P<nonce>[A-Za-z0-9_-]{8}))"
    r"\.(?P<signature>[A-Za-z0-9_-]{43}|[A-Za-z0-9_-]{86})",
    re.ASCII,
)
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_BLANK: Final = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What a code says. Nothing of it is proved before `verify`."""

    form: CodeForm
    kid: str  # Which key of the issuer.
    pseudonym: str  # 16 characters, a person's own; it means nothing.
    born: date
    home_region: str
    registered_region: str  # '' where the person is registered nowhere that we know.
    issued_at: datetime  # Whole seconds.
    nonce: str  # 8 characters, new in every code.
    signed: str  # The text that the signature covers.
    signature: bytes

    def __repr__(self) -> str:
        return f"Code({self.form}.{self.kid}, {self.issued_at:%Y-%m-%dT%H:%M:%SZ})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """One key by which codes are believed. A key serves one form only, so none can be passed off as another."""

    kid: str
    form: CodeForm
    valid_from: datetime
    valid_until: datetime | None  # It signs nothing from then on; what it signed before stays good.
    verifier: Verifier

    def signs_at(self, instant: datetime) -> bool:
        """Tell whether it may have issued a code at *instant*."""
        return self.valid_from <= instant and (self.valid_until is None or instant < self.valid_until)


Issuers = Mapping[str, Issuer]
"""Issuers by key id."""


def read_code(text: str) -> Code | CodeReason:
    """Return what *text* says, or CODE_BAD_SIGN where it is no code: truncated, altered in form, or somebody else's.

    One code has one text: leading zeros, other alphabets and unused bits are refused, so no second text passes for it.
    """
    found = _TEXT.fullmatch(text)
    if found is None:
        return "CODE_BAD_SIGN"
    form: CodeForm = found["form"]  # type: ignore[assignment]  # The pattern allows no other.
    signature = _bytes_of(found["signature"])
    born = _day_of(found["born"])
    if signature is None or born is None or (len(signature) == 64) != FORMS[form][1]:
        return "CODE_BAD_SIGN"
    return Code(
        form=form, kid=found["kid"], pseudonym=found["pseudonym"], born=born, home_region=found["home"],
        registered_region="" if found["registered"] == _BLANK else found["registered"],
        issued_at=_EPOCH + timedelta(seconds=int(found["iat"], 36)), nonce=found["nonce"], signed=found["signed"], signature=signature,
    )  # fmt: skip


def code_text(
    signer: Signer, *, form: CodeForm, kid: str, pseudonym: str, born: date, home_region: str, registered_region: str,
    issued_at: datetime, nonce: str,
) -> str:  # fmt: skip
    """Return the text of a new code, signed by *signer*; fractions of a second of *issued_at* are cut."""
    iat = _base36((issued_at - _EPOCH) // timedelta(seconds=1))
    signed = f"{form}.{kid}.{pseudonym}.{born:%Y%m%d}.{home_region}.{registered_region or _BLANK}.{iat}.{nonce}"
    text = f"{signed}.{_text_of(signer.sign(signed.encode()))}"
    assert _TEXT.fullmatch(text), "a code of ours is well formed"
    return text


def verify(code: Code, issuers: Issuers, now: datetime, clock_ahead: timedelta | None = None) -> CodeReason | None:
    """Return why *code* is not believed by a terminal whose clock says *now*, or None where it is good.

    *clock_ahead*: how far that clock is known to be ahead of the issuer's (negative: behind); None where nobody measured
    it. Whether a code was used before is for the record to say (CODE_REPLAYED). A code that is not authentic says nothing
    about clocks, so it is CODE_BAD_SIGN whatever time it tells.
    """
    return time_reason(code, now, clock_ahead) if authentic(code, issuers) else "CODE_BAD_SIGN"


def authentic(code: Code, issuers: Issuers) -> bool:
    """Tell whether a known issuer made *code*, with a key of that form and while that key was in force."""
    issuer = issuers.get(code.kid)
    if issuer is None or issuer.form != code.form or not issuer.signs_at(code.issued_at):
        return False
    return issuer.verifier.verify(code.signed.encode(), code.signature)


def time_reason(code: Code, now: datetime, clock_ahead: timedelta | None = None) -> CodeReason | None:
    """Return what the clock says of an authentic *code*; arguments as for `verify`.

    A code from the future: the terminal's clock is behind. One that is too old by a clock that nobody measured is given
    `CODE_SKEW` more. Where the clock is known, the issuer's time counts: too old by the terminal's clock alone means that
    it is the clock that is wrong, and no fault of the holder.
    """
    age = now - code.issued_at
    if age < -CODE_SKEW:
        return "CODE_CLOCK"
    if age <= CODE_LIVES:
        return None
    if clock_ahead is None:
        return None if age <= CODE_LIVES + CODE_SKEW else "CODE_EXPIRED"
    if age - clock_ahead > CODE_LIVES:
        return "CODE_EXPIRED"
    return None if clock_ahead <= CODE_SKEW else "CODE_CLOCK"


def _bytes_of(text: str) -> bytes | None:
    content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return content if _text_of(content) == text else None  # Unused bits of the last character must be 0.


def _text_of(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _day_of(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits
