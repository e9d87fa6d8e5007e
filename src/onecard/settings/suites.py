"""The two suites, by libraries: SM (SM2, SM3, HMAC-SM3) and INTL (Ed25519, SHA-256, HMAC-SHA-256)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import constant_time, hashes, hmac
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from onecard.settings.sm2 import Sm2Signer, Sm2Verifier, sm2_private_key, sm2_public_key
from onecard.values.suites import MAC_KEY_BYTES, MacKey, Signer, Suite, SuiteName, Verifier

__all__ = ["INTL", "SM", "SUITES"]


class _Hashing:
    """Digest and MAC of a suite, by its hash."""

    hash: ClassVar[type[hashes.HashAlgorithm]]

    def digest(self, content: bytes) -> bytes:
        made = hashes.Hash(self.hash())
        made.update(content)
        return made.finalize()

    def mac(self, key: bytes, content: bytes) -> bytes:
        made = hmac.HMAC(key, self.hash())
        made.update(content)
        return made.finalize()

    def mac_signer(self, key: bytes) -> MacKey:
        if len(key) != MAC_KEY_BYTES:
            raise ValueError(f"a MAC key is {MAC_KEY_BYTES} bytes")
        return _Mac(self, key)


class _Mac:
    """One shared secret: whoever can check with it could have signed."""

    __slots__ = ("_hashing", "_key")

    def __init__(self, hashing: _Hashing, key: bytes) -> None:
        self._hashing = hashing
        self._key = key

    def sign(self, message: bytes) -> bytes:
        return self._hashing.mac(self._key, message)

    def verify(self, message: bytes, signature: bytes) -> bool:
        return constant_time.bytes_eq(self._hashing.mac(self._key, message), signature)


class _Sm(_Hashing):
    hash = hashes.SM3
    name: SuiteName = "SM"

    def private_key(self, randomness: bytes) -> bytes:
        return sm2_private_key(randomness)

    def public_key(self, private: bytes) -> bytes:
        return sm2_public_key(private)

    def signer(self, private: bytes) -> Signer:
        return Sm2Signer(private)

    def verifier(self, public: bytes) -> Verifier:
        return Sm2Verifier(public)


class _Intl(_Hashing):
    hash = hashes.SHA256
    name: SuiteName = "INTL"

    def private_key(self, randomness: bytes) -> bytes:
        return self.digest(randomness)

    def public_key(self, private: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()

    def signer(self, private: bytes) -> Signer:
        return Ed25519PrivateKey.from_private_bytes(private)

    def verifier(self, public: bytes) -> Verifier:
        return _Ed25519Verifier(public)


class _Ed25519Verifier:
    __slots__ = ("_key",)

    def __init__(self, public: bytes) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(public)

    def verify(self, message: bytes, signature: bytes) -> bool:
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


SM: Final[Suite] = _Sm()
INTL: Final[Suite] = _Intl()
SUITES: Final[Mapping[SuiteName, Suite]] = MappingProxyType({"SM": SM, "INTL": INTL})
