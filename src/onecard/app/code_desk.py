"""The desk that issues codes, opened: who is meant, and one transaction for his code."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from onecard.app.cast import present_card
from onecard.app.code_keys import CodeKeys, code_rules
from onecard.app.opening import Store, open_store
from onecard.cards.codes import CodeTools, PersonUnknown, ShownCode, allow_codes, show_code
from onecard.cards.service import find_subject
from onecard.people.service import find_by_number
from onecard.settings.city_folder import find_city
from onecard.settings.clock import HomeClock, read_clock
from onecard.settings.settings import Settings
from onecard.values.masked import PersonNumber

__all__ = ["CodeDesk", "open_code_desk"]


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


@asynccontextmanager
async def open_code_desk(settings: Settings) -> AsyncIterator[CodeDesk]:
    """Open the store and the keys of *settings*' home."""
    async with open_store(settings) as store:
        rules = code_rules(find_city(settings.city, settings.cities))
        clock = read_clock(settings.home.folder)
        keys = CodeKeys(store.home, store.keyring, rules.suite, clock)
        yield CodeDesk(store=store, keys=keys, clock=clock, tools=CodeTools(keyring=store.keyring, rules=rules, chance=os.urandom))
