"""What other houses keep under the cards of the demo's cast: reader, meal, subsidy and transit references, and an account at the bank."""

from collections.abc import Callable, Iterable
from datetime import datetime, time
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from onecard.app.opening import Store
from onecard.cards.desk import DeskTools, find_card
from onecard.cards.following import Account, BindingKind, bind, follow, write_account
from onecard.cards.rules import CardRules
from onecard.demo.clock import DEMO_START
from onecard.demo.people import Resident
from onecard.values.days import CITY_ZONE
from onecard.values.masked import CardNumber

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = ["hang_on_cards"]

_LETTERS: Final[dict[BindingKind, str]] = {"library": "R", "meal": "M", "subsidy": "S", "transit": "T"}
_NOON: Final = time(12)


async def hang_on_cards(
    connection: "Connection", store: Store, rules: CardRules, residents: Iterable[Resident], chance: Callable[[int], bytes]
) -> None:
    """Hang on each resident's first card what other houses know him by, and let it follow to his later ones. Visitors have none.

    *chance* seals accounts, so it is secret, unlike the demo's own.
    """
    tools = DeskTools(keyring=store.keyring, rules=rules, chance=chance)
    for resident in residents:
        if resident.person.identity is None or not resident.cards:
            continue
        held = [await find_card(connection, tools, "card", card.number.reveal(), DEMO_START) for card in resident.cards]
        first, subject = held[0], resident.person.subject
        since = datetime.combine(first.issued_on, _NOON, CITY_ZONE)
        for kind, letter in _LETTERS.items():
            await bind(connection, first, kind, f"{letter}{subject % 10**8:08d}", since)
        account = Account(bank=rules.bank, account=CardNumber(f"{subject:018d}"))
        await write_account(connection, tools, subject, first.number_key, account, since)
        for old, new in pairwise(held):
            followed_at = datetime.combine(new.issued_on, _NOON, CITY_ZONE)
            await follow(connection, tools, subject, old.number_key, new.number_key, followed_at)
