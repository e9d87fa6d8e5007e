"""A device's own key: made on the device, kept in its log, proved by every use that it signs."""

from dataclasses import dataclass, field
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onecard.terminals.sign_in import key_id_of
from onecard.values.suites import Signer

__all__ = ["DeviceKey"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceKey:
    """An Ed25519 key."""

    private: bytes = field(repr=False)  # 32 bytes.
    public: bytes  # 32 bytes: shown at sign-in.
    key_id: str
    signer: Signer = field(repr=False)

    @classmethod
    def new(cls) -> Self:
        """Make one."""
        return cls.of(Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def of(cls, private: bytes) -> Self:
        """Return the key of which *private* is the secret half."""
        key = Ed25519PrivateKey.from_private_bytes(private)
        public = key.public_key().public_bytes_raw()
        return cls(private=private, public=public, key_id=key_id_of(public), signer=key)
