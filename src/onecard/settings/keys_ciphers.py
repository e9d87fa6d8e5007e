"""Authenticated encryption by suite: SM4-GCM (SM) and AES-256-GCM (INTL), both by `cryptography`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from onecard.values.suites import SuiteName

__all__ = ["KEY_BYTES", "NONCE_BYTES", "decipher", "encipher"]

NONCE_BYTES: Final = 12  # NIST SP 800-38D: 96 random bits, safe for 2^32 seals a key.
_TAG_BYTES: Final = 16

KEY_BYTES: Final[Mapping[SuiteName, int]] = MappingProxyType({"SM": 16, "INTL": 32})
"""The length of a data key: SM4 has 128 bits (GM/T 0002)."""


def encipher(suite: SuiteName, key: bytes, plain: bytes, *, nonce: bytes, bound: bytes) -> bytes:
    """Return *nonce* + ciphertext + tag of *plain*; *bound* is what it belongs to, and not in it. *nonce* is never used twice.

    Raises `ValueError` where nonce or key has another length.
    """
    if len(nonce) != NONCE_BYTES or len(key) != KEY_BYTES[suite]:
        raise ValueError(f"{suite} takes a nonce of {NONCE_BYTES} bytes and a key of {KEY_BYTES[suite]}")
    if suite == "INTL":
        return nonce + AESGCM(key).encrypt(nonce, plain, bound)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound)
    return nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def decipher(suite: SuiteName, key: bytes, sealed: bytes, *, bound: bytes) -> bytes:
    """Return what `encipher` was given; `ValueError` where *sealed*, *bound* or the key is another."""
    nonce, content, tag = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:-_TAG_BYTES], sealed[-_TAG_BYTES:]
    if len(sealed) < NONCE_BYTES + _TAG_BYTES:
        raise ValueError("too short to be sealed")
    try:
        if suite == "INTL":
            return AESGCM(key).decrypt(nonce, content + tag, bound)
        decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(bound)
        return decryptor.update(content) + decryptor.finalize()
    except InvalidTag as error:
        raise ValueError("not sealed under this key for this place") from error
