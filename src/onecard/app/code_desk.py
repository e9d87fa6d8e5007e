"""The desk that issues codes, opened: its keys as they stand on the disk now, and one transaction for a person's first code."""

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import yaml

from onecard.app.cast import present_card
from onecard.app.opening import Store, open_store
from onecard.cards.code import Issuers
from onecard.cards.codes import CodeTools, PersonUnknown, ShownCode, allow_codes, show_code
from onecard.cards.ecard import CodeRules, code_rules_from
from onecard.cards.issuers import issuers_of, public_issuers
from onecard.cards.service import find_subject
from onecard.people.service import find_by_number
from onecard.settings.city_folder import CityFolder, find_city
from onecard.settings.clock import HomeClock, read_clock
from onecard.settings.home import Home
from onecard.settings.settings import Settings
from onecard.settings.signing_keys import SIGNING_KEYS_FILE, SigningKey, current_key, load_signing_keys, rotate_signing_keys
from onecard.values.masked import PersonNumber
from onecard.values.suites import SuiteName

__all__ = ["CodeDesk", "CodeKeys", "code_rules", "open_code_desk"]

_TOLD_FOR: Final = timedelta(days=31)  # What a terminal uploads may be 30 days old.


class CodeKeys:
    """A home's signing keys, read again whenever another process has rotated them."""

    def __init__(self, home: Home, suite: SuiteName, clock: HomeClock) -> None:
        self._home = home
        self._suite = suite
        self._clock = clock
        self._stamp: tuple[int, int] | None = None
        self._keys: Sequence[SigningKey] = ()
        self._issuers: Issuers = {}

    @property
    def keys(self) -> Sequence[SigningKey]:
        """All keys, old ones first. Raises `KeyringUnreadable`, `HomeUnusable`."""
        with self._home.usable():
            stamp = self._read_stamp()
            if stamp is None or stamp != self._stamp:
                self._keys = load_signing_keys(self._home.keys, self._suite, self._clock.now())
                self._issuers = issuers_of(self._keys)
                self._stamp = stamp or self._read_stamp()
        return self._keys

    @property
    def issuers(self) -> Issuers:
        """Who is believed now. Raises as `keys` does."""
        return self._issuers if self.keys else {}

    def signing(self, *, shared: bool = False) -> SigningKey:
        """Return the key that signs now: one that any terminal can check or, *shared*, one that the server alone can."""
        found = current_key(self.keys, self._suite, shared=shared)
        assert found is not None, "loading makes them"
        return found

    def told(self, now: datetime) -> list[dict[str, Any]]:
        """Return the issuers that a terminal is told (`public_issuers`)."""
        return public_issuers(self.keys, now - _TOLD_FOR)

    def rotate(self) -> Sequence[SigningKey]:
        """Begin new keys; return all."""
        with self._home.usable():
            rotate_signing_keys(self._home.keys, self._suite, self._clock.now())
        return self.keys

    def _read_stamp(self) -> tuple[int, int] | None:
        try:
            found = (self._home.keys / SIGNING_KEYS_FILE).stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns  # A replaced file is another one.


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDesk:
    """One home's desk for codes."""

    store: Store
    keys: CodeKeys
    tools: CodeTools
    clock: HomeClock

    async def person(self, named: str) -> int:
        """Return the subject whom *named* means: a cast person's key, a person number, a card number or KIND:VALUE.

        Raises `PersonUnknown`, `CredentialMalformed`.
        """
        kind, colon, value = (present_card(self.store.home, named) or named).partition(":")
        async with self.store.database.acquire("desk") as connection:
            if colon:
                found = await find_subject(connection, self.store.keyring, kind, value)
            elif len(kind) in (15, 18):  # 15: the old form.
                found = await find_by_number(connection, self.store.keyring, PersonNumber(kind))
            else:
                found = await find_subject(connection, self.store.keyring, "card", kind)
        if found is None:
            raise PersonUnknown
        return found

    async def show(self, subject: int, *, shared: bool = False, consent: bool = False) -> ShownCode:
        """Return a new code of *subject*, keeping the holder's *consent* first where he gives it; raises as `show_code`."""
        now = self.clock.now()
        async with self.store.database.acquire("desk") as connection, connection.transaction():
            if consent:
                await allow_codes(connection, self.tools, subject, now)
            return await show_code(connection, self.tools, self.keys.signing(shared=shared), subject, now)


def code_rules(folder: CityFolder) -> CodeRules:
    """Return what the city's `codes.yaml` says; raises `CodeRulesWrong`."""
    return code_rules_from(yaml.safe_load(folder.text("codes.yaml")) or {})


@asynccontextmanager
async def open_code_desk(settings: Settings) -> AsyncIterator[CodeDesk]:
    """Open the store and the keys of *settings*' home."""
    async with open_store(settings) as store:
        rules = code_rules(find_city(settings.city, settings.cities))
        clock = read_clock(settings.home.folder)
        keys = CodeKeys(store.home, rules.suite, clock)
        yield CodeDesk(store=store, keys=keys, clock=clock, tools=CodeTools(keyring=store.keyring, rules=rules, chance=os.urandom))
