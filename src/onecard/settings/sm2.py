"""SM2 signatures (GM/T 0003.2) by tongsuopy-crayon: always over the signer id of the standard, raw r‖s outside, DER inside.

Why this library: docs/decisions/0010-sm2-by-tongsuo.md. It knows no other signer id than the default one, so the trap
of OpenSSL 3 (an empty id, which fails at every Chinese peer) cannot be stepped into from here.
"""

from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from tongsuopy.crypto import hashes
from tongsuopy.crypto.asymciphers import ec
from tongsuopy.crypto.exceptions import InternalError, InvalidSignature

__all__ = ["SIGNER_ID", "Sm2Signer", "Sm2Verifier", "sm2_private_key", "sm2_public_key"]

SIGNER_ID: Final = b"1234567812345678"
"""The id that GM/T 0009 names where two parties agreed on none. Part of what is signed; never empty."""

_ORDER: Final = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_HALF: Final = 32
_POINT: Final = b"\x04"  # SEC 1: an uncompressed point follows.
_ALGORITHM: Final = ec.ECDSA(hashes.SM3())  # The library's name for it; on an SM2 key it is SM2 with SM3.


class Sm2Signer:
    """Signs with one secret key."""

    __slots__ = ("_key",)

    def __init__(self, private: bytes) -> None:
        """*private*: 32 bytes; `ValueError` where it is no key."""
        self._key = _loaded(private)

    def sign(self, message: bytes) -> bytes:
        """Return r‖s over *message*."""
        r, s = decode_dss_signature(self._key.sign(message, _ALGORITHM))
        return r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")


class Sm2Verifier:
    """Knows one public key."""

    __slots__ = ("_key",)

    def __init__(self, public: bytes) -> None:
        """*public*: 04‖x‖y; `ValueError` where it is no point of the curve."""
        if len(public) != 1 + 2 * _HALF or public[:1] != _POINT:
            raise ValueError("an SM2 public key is 65 bytes and begins with 04")
        x, y = int.from_bytes(public[1 : 1 + _HALF], "big"), int.from_bytes(public[1 + _HALF :], "big")
        self._key = ec.EllipticCurvePublicNumbers(x, y, ec.SM2()).public_key()

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether *signature* (r‖s) over *message* is by this key, with `SIGNER_ID`."""
        if len(signature) != 2 * _HALF:
            return False
        r, s = int.from_bytes(signature[:_HALF], "big"), int.from_bytes(signature[_HALF:], "big")
        try:
            self._key.verify(encode_dss_signature(r, s), message, _ALGORITHM)
        except (InvalidSignature, InternalError):
            return False
        return True


def sm2_private_key(randomness: bytes) -> bytes:
    """Return a secret key out of 48 bytes: 128 bits more than its range, so that no value is likelier than another."""
    assert len(randomness) == 48
    return (1 + int.from_bytes(randomness, "big") % (_ORDER - 2)).to_bytes(_HALF, "big")


def sm2_public_key(private: bytes) -> bytes:
    """Return the point 04‖x‖y that belongs to *private*."""
    numbers = _loaded(private).public_key().public_numbers()
    x, y = int(numbers.x), int(numbers.y)
    return _POINT + x.to_bytes(_HALF, "big") + y.to_bytes(_HALF, "big")


def _loaded(private: bytes) -> Any:
    number = int.from_bytes(private, "big")
    if len(private) != _HALF or not 0 < number < _ORDER - 1:  # GM/T 0003.1: 1 … n-2.
        raise ValueError("an SM2 private key is 32 bytes from 1 to n-2")
    return ec.derive_private_key(number, ec.SM2())
