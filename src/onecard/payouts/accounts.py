"""Pay accounts: registered per person and programme, sealed, following the card by themselves, and opened in bulk for a bank's file."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from onecard.cards.following import accounts_of_cards
from onecard.db.copy import copy_rows
from onecard.payouts.model import PayAccount, Roster
from onecard.payouts.store import SQL
from onecard.people.service import PEOPLE_MAX
from onecard.settings.keys import NONCE_BYTES, Keyring, SealedPlace
from onecard.values.keyed_hash import keyed_hash
from onecard.values.masked import CardNumber, PersonName

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["PAY_ACCOUNT", "OpenedAccount", "account_at", "accounts_of_lines", "follow_cards", "register_accounts", "sealed_name"]

PAY_ACCOUNT: Final = SealedPlace(table="payouts_account", purpose="account")
"""Where account numbers and their holders' names stand, each pair sealed for its person, programme and instant."""

_COLUMNS: Final = ("subject", "programme", "since", "kind", "bank", "number_key", "account_key", "key_id", "sealed")


class OpenedAccount(NamedTuple):
    """A line's account, masked until revealed."""

    seq: int
    subject: int
    bank: str
    account: CardNumber
    holder: PersonName


async def register_accounts(
    connection: "Connection", keyring: Keyring, accounts: Sequence[PayAccount], chance: Callable[[int], bytes]
) -> None:
    """Register *accounts*, at most `PEOPLE_MAX`, in the transaction of *connection*; *chance* gives random bytes that nobody foresees.

    One that is registered from the same instant already fails them all: rows are added, never changed.
    """
    assert len(accounts) <= PEOPLE_MAX
    rows = [_row(keyring, account, chance) for account in accounts]
    await copy_rows(connection, "payouts_account", _COLUMNS, rows)


async def account_at(connection: "Connection", keyring: Keyring, subject: int, programme: str, since: datetime) -> CardNumber | None:
    """Return the account registered from *since* on, masked until revealed; None where there is none. Raises `SealBroken`."""
    row = await connection.fetchrow(SQL.account_at, subject, programme, since)
    return None if row is None else _opened(keyring, subject, programme, since, row["key_id"], row["sealed"])[0]


async def accounts_of_lines(connection: "Connection", keyring: Keyring, roster: Roster, after: int, until: int) -> list[OpenedAccount]:
    """Return the accounts of the lines numbered from *after* + 1 to *until*, at most `PEOPLE_MAX`, in order; raises `SealBroken`.

    They are those that stood when the list was planned. Lines without an account are left out.
    """
    assert until - after <= PEOPLE_MAX
    found = []
    for row in await connection.fetch(SQL.accounts_of_lines, roster.cycle, roster.roster, roster.programme, after, until):
        account, holder = _opened(keyring, row["subject"], roster.programme, row["since"], row["key_id"], row["sealed"])
        found.append(OpenedAccount(row["seq"], row["subject"], row["bank"], account, holder))
    return found


async def follow_cards(
    connection: "Connection", keyring: Keyring, programme: str, at: datetime, chance: Callable[[int], bytes]
) -> int:
    """Register anew, as of *at*, whoever is paid on the account of a card in whose place another stands by now; return how many.

    Whoever plans or exports calls it first, so a re-issued card re-points its holder without anybody's doing.
    """
    stale = await connection.fetch(SQL.stale_accounts, programme, at)
    done = 0
    for begin in range(0, len(stale), PEOPLE_MAX):
        rows = stale[begin : begin + PEOPLE_MAX]
        now = await accounts_of_cards(connection, keyring, [(row["subject"], row["now_key"]) for row in rows])
        moved = []
        for row in rows:
            subject = row["subject"]
            card = now[subject, row["now_key"]]
            _, holder = _opened(keyring, subject, programme, row["since"], row["key_id"], row["sealed"])
            account = PayAccount(
                subject=subject, programme=programme, since=at, kind="card", bank=card.bank, account=card.account, holder=holder,
                number_key=row["now_key"],
            )  # fmt: skip
            moved.append(account)
        await register_accounts(connection, keyring, moved, chance)
        done += len(moved)
    return done


def _row(keyring: Keyring, account: PayAccount, chance: Callable[[int], bytes]) -> tuple[Any, ...]:
    number = account.account.reveal()
    plain = msgspec.json.encode([number, account.holder.reveal()])
    name = sealed_name(account.subject, account.programme, account.since)
    sealed = keyring.seal(PAY_ACCOUNT, name, plain, chance(NONCE_BYTES))
    key = keyed_hash(keyring.hash_key, "account", f"{account.bank}/{number}")
    return account.subject, account.programme, account.since, account.kind, account.bank, account.number_key, key, *sealed


def _opened(
    keyring: Keyring, subject: int, programme: str, since: datetime, key_id: str, sealed: bytes
) -> tuple[CardNumber, PersonName]:
    plain = keyring.open(PAY_ACCOUNT, sealed_name(subject, programme, since), key_id, sealed)
    account, holder = msgspec.json.decode(plain, type=tuple[str, str])
    return CardNumber(account), PersonName(holder)


def sealed_name(subject: int, programme: str, since: datetime) -> str:
    """Name a row as it is sealed: the instant to the microsecond, as the store keeps it."""
    return f"{subject}/{programme}/{since.timestamp():.6f}"
