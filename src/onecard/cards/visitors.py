"""Somebody whom another place vouches for: found by what is known already, else registered by birth date and home region alone."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from onecard.cards import code_store, store
from onecard.cards.credential import CredentialMalformed, credential_key
from onecard.cards.provider import Recognised
from onecard.people.model import NewPerson
from onecard.people.service import find_by_number, register_people
from onecard.settings.keys import Keyring
from onecard.values.days import civil
from onecard.values.keyed_hash import keyed_hash

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["welcome"]

_SALT_BYTES: Final = 16
_SUBJECT_BYTES: Final = 7  # 52 bits of them: whole in JavaScript, and as good as never drawn twice.


class _FirstElsewhere(Exception):
    """Another process registered the same person at this moment."""


async def welcome(
    connection: "Connection", keyring: Keyring, recognised: Recognised, now: datetime, chance: Callable[[int], bytes]
) -> bytes:
    """Return the key by which lanes find who was *recognised*, registering him where he is new (DESIGN §2: no master record).

    Who is known by id document or as a resident stays the same person, so limits are shared whatever he shows.
    """
    key = keyed_hash(keyring.hash_key, "si-no", recognised.number.reveal())
    if await store.find_credential(connection, key) is None:
        try:
            async with connection.transaction():
                await _register(connection, keyring, recognised, key, now, chance)
        except _FirstElsewhere:
            assert await store.find_credential(connection, key) is not None
    return key


async def _register(
    connection: "Connection", keyring: Keyring, recognised: Recognised, key: bytes, now: datetime, chance: Callable[[int], bytes]
) -> None:
    subject = await _known(connection, keyring, recognised)
    if subject is None:
        subject = int.from_bytes(chance(_SUBJECT_BYTES), "big") >> 4 or 1
        person = NewPerson(subject=subject, born=recognised.born, home_region=recognised.home_region, salt=chance(_SALT_BYTES))
        await register_people(connection, keyring, [person], now)
    if not await code_store.add_credential(connection, key, subject, "code", civil(now).date()):
        raise _FirstElsewhere


async def _known(connection: "Connection", keyring: Keyring, recognised: Recognised) -> int | None:
    try:
        document = await store.find_credential(connection, credential_key(keyring.hash_key, "id", recognised.number.reveal()))
    except CredentialMalformed:  # A number of another form, such as a passport's.
        document = None
    return document.subject if document else await find_by_number(connection, keyring, recognised.number)
