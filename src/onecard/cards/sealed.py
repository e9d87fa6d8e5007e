"""This room's sealed values: the numbers of cards, of banks' accounts, and pseudonyms."""

from datetime import UTC, date, datetime
from typing import Final

from onecard.cards.codes import PSEUDONYM
from onecard.cards.following import ACCOUNT
from onecard.cards.service import CARD
from onecard.cards.store import SQL
from onecard.keys.sealed import SealedTable

__all__ = ["ACCOUNTS", "CARDS", "PSEUDONYMS"]

_NOBODY: Final = -(2**63)

CARDS: Final = SealedTable(
    place=CARD, count=SQL.count_cards, page=SQL.page_cards, swap=SQL.reseal_card, before_all=(_NOBODY, date.min, b""),
    name=lambda subject, issued_on, number_key: f"{subject}/{number_key.hex()}",
)  # fmt: skip

ACCOUNTS: Final = SealedTable(
    place=ACCOUNT, count=SQL.count_accounts, page=SQL.page_accounts, swap=SQL.reseal_account,
    before_all=(_NOBODY, b"", datetime.min.replace(tzinfo=UTC)), name=lambda subject, number_key, since: f"{subject}/{number_key.hex()}",
)  # fmt: skip

PSEUDONYMS: Final = SealedTable(
    place=PSEUDONYM, count=SQL.count_pseudonyms, page=SQL.page_pseudonyms, swap=SQL.reseal_pseudonym, before_all=(_NOBODY,), name=str
)
