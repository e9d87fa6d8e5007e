"""What a suite of ciphers can do, whatever library does it: two suites, SM and INTL, behind one interface. Pure."""

from typing import Final, Literal, Protocol

__all__ = ["DIGEST_BYTES", "MAC_KEY_BYTES", "SIGNATURE_BYTES", "Signer", "Suite", "SuiteName", "Verifier"]

SuiteName = Literal["SM", "INTL"]
"""SM: SM2, SM3, HMAC-SM3 (GM/T 0003, 0004; required of Chinese public systems). INTL: Ed25519, SHA-256, HMAC-SHA-256."""

SIGNATURE_BYTES: Final = 64
"""A signature of either suite: r‖s of SM2 (32 bytes each, big-endian), or that of Ed25519."""

DIGEST_BYTES: Final = 32
MAC_KEY_BYTES: Final = 32


class Signer(Protocol):
    """Holds a secret key and signs with it."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature of *message*: `SIGNATURE_BYTES`, or `DIGEST_BYTES` where it is a MAC."""


class Verifier(Protocol):
    """Knows who signed."""

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Tell whether *signature* was made over *message* by the key that this verifier knows. Never raises, whatever comes in."""


class Suite(Protocol):
    """Digest, MAC and signatures that belong together."""

    @property
    def name(self) -> SuiteName:
        """Which suite it is."""

    def digest(self, content: bytes) -> bytes:
        """Return the digest of *content*, `DIGEST_BYTES`."""

    def mac(self, key: bytes, content: bytes) -> bytes:
        """Return the MAC of *content* under *key*, `DIGEST_BYTES`."""

    def private_key(self, randomness: bytes) -> bytes:
        """Return a secret signing key, 32 bytes, out of 48 bytes of *randomness*."""

    def public_key(self, private: bytes) -> bytes:
        """Return the public key of *private*: SM2 the point 04‖x‖y (65 bytes), Ed25519 32 bytes."""

    def signer(self, private: bytes) -> Signer:
        """Return who signs with *private*; `ValueError` where that is no key."""

    def verifier(self, public: bytes) -> Verifier:
        """Return who knows the owner of *public*; `ValueError` where that is no key."""

    def mac_signer(self, key: bytes) -> "MacKey":
        """Return who makes and checks MACs under *key*, `MAC_KEY_BYTES`."""


class MacKey(Signer, Verifier, Protocol):
    """One shared secret that both signs and verifies."""
