"""Codes that are not ours: the provider is asked, whoever it names is known from then on, and lanes are told what to look up."""

import os
from dataclasses import dataclass
from datetime import datetime

import structlog

from onecard.cards.provider import CredentialProvider, Recognised
from onecard.cards.visitors import welcome
from onecard.db.pool import Database
from onecard.settings.keys import Keyring
from onecard.uses.codes import Reading, unread, vouched_reading

__all__ = ["ForeignCodes"]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignCodes:
    """One home's way of recognising codes of other places."""

    provider: CredentialProvider
    database: Database
    keyring: Keyring

    async def reading(self, text: str, terminal: str, at: datetime) -> Reading:
        """Return what the code *text* comes to, before its tap is decided. Raises `StoreUnreachable`.

        Where the provider is silent the code names nobody and the tap is CARD_UNKNOWN: shown again, it is asked again.
        """
        said = await self.provider.decode(text, terminal, at)
        if not isinstance(said, Recognised):
            return unread(text, self.keyring.hash_key, said)
        async with self.database.acquire("desk") as connection:
            key = await welcome(connection, self.keyring, said, at, os.urandom)
        log.info("code_recognised", terminal=terminal, token=said.token)
        return vouched_reading(text, key, self.keyring.hash_key)
