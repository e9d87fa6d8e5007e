"""Codes from a real store: one pseudonym a person, found by its hash, and no code while the card is barred."""

import asyncio
import hashlib
import itertools
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from onecard.app.code_keys import CodeKeys
from onecard.app.opening import Store
from onecard.cards.code import Code, read_code, verify
from onecard.cards.codes import CodeTools, CodeWithheld, PersonUnknown, allow_codes, code_key, ensure_pseudonym, show_code
from onecard.cards.desk import move_card
from onecard.cards.ecard import CodeRules
from onecard.cards.qr import qr_version
from onecard.cards.store import find_credential
from onecard.db.pool import Connection
from onecard.settings.clock import HomeClock
from onecard.settings.home import Home
from onecard.settings.keys import load_keyring
from tests.database.cards.town import HOUR, NOON, card_of, order, settle, tools_of


class _Noon(HomeClock):
    def now(self):
        return NOON


@pytest.fixture
def keys(tmp_path: Path) -> CodeKeys:
    home = Home(folder=tmp_path / "home")
    home.create()
    return CodeKeys(home, load_keyring(home.keys), "SM", _Noon())


def code_tools(store: Store, rules: CodeRules | None = None) -> CodeTools:
    count = itertools.count(1)
    chance: Callable[[int], bytes] = lambda size: hashlib.sha256(f"code {next(count)}".encode()).digest()[:size]  # noqa: E731
    return CodeTools(keyring=store.keyring, rules=rules or CodeRules(), chance=chance)


async def test_a_code_says_what_a_terminal_alone_must_know(store: Store, connection: Connection, keys: CodeKeys):
    await settle(connection, store)
    shown = await show_code(connection, code_tools(store), keys.signing(), 1, NOON)
    code = read_code(shown.code)
    assert isinstance(code, Code)
    assert verify(code, keys.issuers, NOON) is None
    assert (code.born.year, code.home_region, code.registered_region) == (1951, "330481", "330481")
    assert shown.expires_at == NOON + timedelta(seconds=60)


async def test_two_codes_of_one_person_share_a_pseudonym_and_nothing_else(store: Store, connection: Connection, keys: CodeKeys):
    await settle(connection, store)
    tools = code_tools(store)
    texts = [(await show_code(connection, tools, keys.signing(), who, NOON)).code for who in (1, 1, 2)]
    first, second, other = (read_code(text) for text in texts)
    assert isinstance(first, Code) and isinstance(second, Code) and isinstance(other, Code)
    assert first.pseudonym == second.pseudonym != other.pseudonym
    assert len({first.nonce, second.nonce, other.nonce}) == 3
    found = await find_credential(connection, code_key(store.keyring.hash_key, first.pseudonym))
    assert found is not None and (found.subject, found.kind) == (1, "code")


async def test_the_store_holds_no_pseudonym_in_clear(store: Store, connection: Connection, keys: CodeKeys):
    await settle(connection, store)
    _, pseudonym = await ensure_pseudonym(connection, code_tools(store), 1, NOON)
    for table in ("cards_pseudonym", "cards_credential"):
        rows = [row[0] for row in await connection.fetch(f"SELECT {table}::text FROM {table}")]
        assert rows and not any(pseudonym in row or pseudonym.encode().hex() in row for row in rows)


async def test_first_codes_asked_for_at_once_get_one_pseudonym(store: Store):
    async with store.database.acquire("desk") as connection:
        await settle(connection, store)

    async def ask(number: int) -> tuple[bytes, str]:
        tools = CodeTools(keyring=store.keyring, rules=CodeRules(), chance=lambda size: hashlib.sha256(bytes([number])).digest()[:size])
        async with store.database.acquire("desk") as connection, connection.transaction():
            return await ensure_pseudonym(connection, tools, 1, NOON)

    assert len(set(await asyncio.gather(*(ask(number) for number in range(8))))) == 1


@pytest.mark.parametrize("act", ["temp_loss", "formal_loss", "seal", "cancel"])
async def test_no_code_is_issued_while_the_card_is_barred(store: Store, connection: Connection, keys: CodeKeys, act):
    await settle(connection, store)
    desk = tools_of(store)
    await move_card(connection, desk, await card_of(connection, desk, 1, NOON), order(act, NOON))
    with pytest.raises(CodeWithheld):
        await show_code(connection, code_tools(store), keys.signing(), 1, NOON + HOUR)


async def test_the_holder_may_allow_codes_after_a_loss_by_phone(store: Store, connection: Connection, keys: CodeKeys):
    await settle(connection, store)
    desk, tools = tools_of(store), code_tools(store)
    await move_card(connection, desk, await card_of(connection, desk, 1, NOON), order("temp_loss", NOON))
    await allow_codes(connection, tools, 1, NOON + HOUR)
    assert (await show_code(connection, tools, keys.signing(), 1, NOON + HOUR)).code
    await move_card(connection, desk, await card_of(connection, desk, 1, NOON + HOUR), order("formal_loss", NOON + 2 * HOUR))
    await allow_codes(connection, tools, 1, NOON + 2 * HOUR)
    with pytest.raises(CodeWithheld):
        await show_code(connection, tools, keys.signing(), 1, NOON + 3 * HOUR)


async def test_nobody_gets_no_code(store: Store, connection: Connection, keys: CodeKeys):
    with pytest.raises(PersonUnknown):
        await show_code(connection, code_tools(store), keys.signing(), 99, NOON)


async def test_a_server_that_runs_notices_a_rotation(tmp_path: Path):
    home = Home(folder=tmp_path / "home")
    home.create()
    here, there = CodeKeys(home, load_keyring(home.keys), "SM", _Noon()), CodeKeys(home, load_keyring(home.keys), "SM", _Noon())
    before = here.signing().kid
    there.rotate()
    assert here.signing().kid == there.signing().kid != before
    assert before in here.issuers and here.issuers[before].signs_at(NOON)


@pytest.mark.parametrize(("shared", "length", "version"), [(False, 149, 8), (True, 106, 6)])
async def test_a_code_is_as_short_as_the_page_says(store: Store, connection: Connection, keys: CodeKeys, shared, length, version):
    await settle(connection, store)
    text = (await show_code(connection, code_tools(store), keys.signing(shared=shared), 1, NOON)).code
    assert (len(text), qr_version(text)) == (length, version), "docs/guides/developer/codes.md"
