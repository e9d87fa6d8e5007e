"""What hangs on a card and follows its holder: other houses' references, and the financial account.

Benefits need not follow: they are granted to the person, who stays the same (DESIGN §2).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from onecard.cards import store
from onecard.cards.desk import Card, DeskTools
from onecard.cards.errors import MovedMeanwhile
from onecard.db.copy import copy_rows
from onecard.settings.keys import NONCE_BYTES, Keyring, SealedPlace
from onecard.values.masked import CardNumber

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "ACCOUNT", "Account", "Binding", "BindingKind", "Followed", "account_of", "accounts_of_cards", "bind", "bindings_of", "copy_accounts",
    "follow", "sealed_account", "write_account",
]  # fmt: skip

BindingKind = Literal["annual_pass", "library", "meal", "subsidy", "transit"]

ACCOUNT: Final = SealedPlace(table="cards_account", purpose="account")
"""Where banks' numbers stand, each pair sealed for its holder and card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One reference of another house, and the card on which it hangs now."""

    kind: str
    reference: CardNumber  # Masked like a card number: it is often one.
    number_key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A card's financial account; the bank's card number is blank until the bank gave one."""

    bank: str
    account: CardNumber
    bank_card: CardNumber | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What went from the old card to the new one."""

    bindings: tuple[Binding, ...] = ()
    account: Account | None = None


async def bind(connection: "Connection", card: Card, kind: BindingKind, reference: str, at: datetime) -> bool:
    """Hang another house's *reference* (1 to 64 characters) on *card*; return False where it hangs there already."""
    for row in await store.bindings_of(connection, card.subject):
        if (row.kind, row.reference, row.number_key) == (kind, reference, card.number_key):
            return False
    return await store.add_binding(connection, card.subject, store.BindingRow(kind, reference, at, card.number_key))


async def bindings_of(connection: "Connection", subject: int) -> list[Binding]:
    """Return what hangs on a person's cards now."""
    rows = await store.bindings_of(connection, subject)
    return [Binding(kind=row.kind, reference=CardNumber(row.reference), number_key=row.number_key) for row in rows]


async def account_of(connection: "Connection", tools: DeskTools, subject: int, number_key: bytes) -> Account | None:
    """Return a card's financial account, masked until revealed; raises `SealBroken`."""
    row = await store.account_of(connection, subject, number_key)
    if row is None:
        return None
    plain = tools.keyring.open(ACCOUNT, f"{subject}/{number_key.hex()}", row.key_id, row.sealed)
    account, bank_card = msgspec.json.decode(plain, type=tuple[str, str])
    return Account(bank=row.bank, account=CardNumber(account), bank_card=CardNumber(bank_card) if bank_card else None)


async def accounts_of_cards(
    connection: "Connection", keyring: Keyring, cards: Sequence[tuple[int, bytes]]
) -> dict[tuple[int, bytes], Account]:
    """Return the accounts of many cards, each (subject, key of its number), without the bank's card number; raises `SealBroken`."""
    rows = await connection.fetch(store.SQL.accounts_by_card, [subject for subject, _ in cards], [key for _, key in cards])
    found = {}
    for row in rows:
        card = row["subject"], row["number_key"]
        plain = keyring.open(ACCOUNT, f"{card[0]}/{card[1].hex()}", row["key_id"], row["sealed"])
        account, _ = msgspec.json.decode(plain, type=tuple[str, str])
        found[card] = Account(bank=row["bank"], account=CardNumber(account))
    return found


async def write_account(
    connection: "Connection", tools: DeskTools, subject: int, number_key: bytes, account: Account, at: datetime
) -> None:
    """Let *account* be a card's account from *at* on, sealed for that card alone."""
    row = sealed_account(tools, subject, number_key, account, at)
    if not await store.add_account(connection, subject, number_key, row):
        raise MovedMeanwhile


async def copy_accounts(
    connection: "Connection", tools: DeskTools, accounts: Iterable[tuple[int, bytes, Account]], at: datetime
) -> None:
    """Let each (subject, key of a card's number) have its account from *at* on, many at once; one that has it already fails them all."""
    rows = ((subject, key, *sealed_account(tools, subject, key, account, at)) for subject, key, account in accounts)
    await copy_rows(connection, "cards_account", ("subject", "number_key", "since", "bank", "key_id", "sealed"), rows)


async def follow(connection: "Connection", tools: DeskTools, subject: int, old: bytes, new: bytes, at: datetime) -> Followed:
    """Hang all that hangs on the card *old* (its number's key) on the card *new*, from *at* on.

    The account follows without the bank's card number, which was the old card's, unless the new card has an account of its
    own by now: then that one counts.
    """
    followed = []
    for row in await store.bindings_of(connection, subject):
        if row.number_key == old:
            if not await store.add_binding(connection, subject, store.BindingRow(row.kind, row.reference, at, new)):
                raise MovedMeanwhile
            followed.append(Binding(kind=row.kind, reference=CardNumber(row.reference), number_key=new))
    account = await account_of(connection, tools, subject, new)
    if account is None and (before := await account_of(connection, tools, subject, old)) is not None:
        account = Account(bank=before.bank, account=before.account)
        await write_account(connection, tools, subject, new, account, at)
    return Followed(bindings=tuple(followed), account=account)


def sealed_account(tools: DeskTools, subject: int, number_key: bytes, account: Account, at: datetime) -> store.AccountRow:
    """Return the row of *account* from *at* on, sealed for this person's card alone."""
    bank_card = "" if account.bank_card is None else account.bank_card.reveal()
    plain = msgspec.json.encode([account.account.reveal(), bank_card])
    sealed = tools.keyring.seal(ACCOUNT, f"{subject}/{number_key.hex()}", plain, tools.chance(NONCE_BYTES))
    return store.AccountRow(at, account.bank, *sealed)
