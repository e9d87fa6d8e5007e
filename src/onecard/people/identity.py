"""An identity as the bytes that get sealed, and back. Pure."""

import msgspec

from onecard.people.model import Identity
from onecard.values.masked import PersonName, PersonNumber, Phone

__all__ = ["identity_bytes", "identity_from"]


class _Written(msgspec.Struct, omit_defaults=True):
    name: str
    number: str
    phone: str | None = None


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(_Written)


def identity_bytes(identity: Identity) -> bytes:
    """Return *identity* as JSON, whole: only to be sealed at once."""
    phone = None if identity.phone is None else identity.phone.reveal()
    return _ENCODER.encode(_Written(identity.name.reveal(), identity.number.reveal(), phone))


def identity_from(content: bytes) -> Identity:
    """Return the identity that `identity_bytes` wrote."""
    written = _DECODER.decode(content)
    return Identity(
        name=PersonName(written.name),
        number=PersonNumber(written.number),
        phone=None if written.phone is None else Phone(written.phone),
    )
