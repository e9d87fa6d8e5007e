"""Give the demo's payees their accounts, and lay the roster files of villages into the home: what `onecard payout plan` asks for."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from onecard.app.opening import Store
from onecard.cards.credential import credential_key
from onecard.cards.desk import DeskTools
from onecard.cards.following import Account, accounts_of_cards, copy_accounts
from onecard.demo.chance import Chance
from onecard.demo.pay_accounts import AccountNumbers
from onecard.demo.payees import Bank, Candidate, Payee, candidate_of, payees, payouts_from
from onecard.demo.people import Resident
from onecard.demo.source import DemoSource
from onecard.payouts.accounts import register_accounts
from onecard.payouts.model import PayAccount
from onecard.people.service import PEOPLE_MAX
from onecard.settings.secret_file import replace_secret
from onecard.values.days import CITY_ZONE
from onecard.values.regions import region_prefix

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["ROSTERS_FOLDER", "SINCE", "Candidates", "pay_city", "register_payees", "write_roster_files"]

ROSTERS_FOLDER: Final = "rosters"
"""Inside the home's spool: PROGRAMME.REGION.csv, person numbers of nobody."""

SINCE: Final = datetime(2023, 1, 1, 9, tzinfo=CITY_ZONE)
"""From when the demo's accounts are registered: every good card was issued by then."""

_OFTEN: Final = (30, 18, 14, 10, 8, 7, 6, 4, 3)  # Of a hundred accounts, by bank.


class Candidates:
    """The residents who may be paid, gathered while they are registered."""

    def __init__(self, city: str) -> None:
        self._prefix = region_prefix(city)
        self.listed: list[Candidate] = []

    def add(self, resident: Resident) -> None:
        """Gather a resident; visitors are not paid."""
        candidate = candidate_of(resident, self._prefix)
        if candidate is not None:
            self.listed.append(candidate)


async def pay_city(
    store: Store, source: DemoSource, candidates: Candidates, scale: int, chance: Chance, secret: Callable[[int], bytes]
) -> None:  # fmt: skip
    """Draw who is paid at 1:*scale*, register accounts, write roster files; nothing where the city tells of no payouts.

    *secret* seals, unlike *chance*, which anybody can foresee.
    """
    if not source.payouts:
        return
    banks, plans = payouts_from(source.payouts)
    paid = list(payees(plans, candidates.listed, scale, chance))
    async with store.database.acquire("batch") as connection, connection.transaction():
        tools = DeskTools(keyring=store.keyring, rules=source.city.card_rules, chance=secret)
        await register_payees(connection, tools, banks, paid, chance)
    write_roster_files(store, {plan.programme: tuple(plan.brings) for plan in plans}, paid)


async def register_payees(
    connection: "Connection", tools: DeskTools, banks: Sequence[Bank], paid: Sequence[Payee], chance: Chance
) -> None:
    """Register the account of each payee: that of his card, written to the card too, or a passbook; one of each kind for a person."""
    draw = _Accounts(banks, chance)
    cards = await _card_accounts(connection, tools, paid, draw)
    books: dict[int, Account] = {}
    for begin in range(0, len(paid), PEOPLE_MAX):
        chunk = paid[begin : begin + PEOPLE_MAX]
        for each in chunk:
            if not each.by_card and each.who.subject not in books:
                books[each.who.subject] = draw()
        await register_accounts(connection, tools.keyring, [_registered(each, cards, books) for each in chunk], tools.chance)


def write_roster_files(store: Store, columns: Mapping[str, Sequence[str]], paid: Iterable[Payee]) -> int:
    """Write a file for each area and programme with evidence (*columns*: its names), in place of earlier ones; return how many."""
    files: dict[tuple[str, str], list[Payee]] = {}
    for each in paid:
        if each.brings:
            files.setdefault((each.programme, each.who.home), []).append(each)
    folder = store.home.spool / ROSTERS_FOLDER
    with store.home.usable():
        folder.mkdir(mode=0o700, exist_ok=True)
        for old in folder.glob("*.csv"):
            old.unlink()
        for (programme, region), listed in files.items():
            replace_secret(folder / f"{programme}.{region}.csv", _file(columns[programme], listed))
    return len(files)


def _file(columns: Sequence[str], listed: Iterable[Payee]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("person_no", "name", "village", *columns))
    for each in listed:
        who = each.who
        writer.writerow((who.number.reveal(), who.name.reveal(), who.village, *(each.brings[name] for name in columns)))
    return text.getvalue().encode()


async def _card_accounts(
    connection: "Connection", tools: DeskTools, paid: Iterable[Payee], draw: "_Accounts"
) -> dict[int, tuple[bytes, Account]]:
    """Return by subject the card and its account, writing one to each card that has none yet."""
    hash_key = tools.keyring.hash_key
    who = {each.who.subject: each.who for each in paid if each.by_card}
    keys = {subject: _key(hash_key, each) for subject, each in who.items()}
    held = await accounts_of_cards(connection, tools.keyring, list(keys.items()))
    new = {(subject, key): draw() for subject, key in keys.items() if (subject, key) not in held}
    await copy_accounts(connection, tools, ((subject, key, account) for (subject, key), account in new.items()), SINCE)
    return {subject: (key, (held | new)[subject, key]) for subject, key in keys.items()}


def _registered(each: Payee, cards: Mapping[int, tuple[bytes, Account]], books: Mapping[int, Account]) -> PayAccount:
    key, account = cards[each.who.subject] if each.by_card else (None, books[each.who.subject])
    return PayAccount(
        subject=each.who.subject, programme=each.programme, since=SINCE, kind="card" if each.by_card else "passbook", bank=account.bank,
        account=account.account, holder=each.who.name, number_key=key,
    )  # fmt: skip


class _Accounts:
    """Draws accounts: the bank by how often it is met, the number as nobody has it."""

    def __init__(self, banks: Sequence[Bank], chance: Chance) -> None:
        self._banks, self._chance, self._numbers = banks, chance, AccountNumbers(chance)
        self._often = list(accumulate(_OFTEN[: len(banks)]))

    def __call__(self) -> Account:
        (bank,) = self._chance.choices(self._banks, cum_weights=self._often, k=1)
        return Account(bank=bank.bank, account=self._numbers.account_number())


def _key(hash_key: bytes, who: Candidate) -> bytes:
    assert who.card is not None
    return credential_key(hash_key, "card", who.card.reveal())
