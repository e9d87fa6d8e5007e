"""One-time codes as phones show them (RFC 6238: SHA-1, six digits, thirty seconds). Pure."""

import hmac
from typing import Final

import pyotp

__all__ = ["STEP_SECONDS", "step_of_code"]

STEP_SECONDS: Final = 30
_STEPS_AROUND: Final = (0, -1, 1)  # A phone half a minute off is still believed.


def step_of_code(secret: str, code: str, unix_seconds: float) -> int | None:
    """Return which step of thirty seconds *code* belongs to at the real instant *unix_seconds*, None where to none nearby.

    All nearby steps are tried, so that a right code takes no other time than a wrong one.
    """
    now = int(unix_seconds) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    given = code if len(code) == totp.digits and code.isascii() and code.isdigit() else "." * totp.digits
    found = [now + offset for offset in _STEPS_AROUND if hmac.compare_digest(totp.generate_otp(now + offset), given)]
    return found[0] if found else None
