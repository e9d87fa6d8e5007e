"""Every table of sealed values there is: what is not listed here, no key is kept for (tests/database/keys holds it to the schema)."""

from typing import Final

from onecard.cards.sealed import ACCOUNTS, CARDS, PSEUDONYMS
from onecard.keys.sealed import SealedTable
from onecard.payouts.sealed import PAY_ACCOUNTS
from onecard.people.sealed import IDENTITIES
from onecard.staff.sealed import TOTPS

__all__ = ["SEALED_TABLES"]

SEALED_TABLES: Final[tuple[SealedTable, ...]] = (IDENTITIES, CARDS, PAY_ACCOUNTS, ACCOUNTS, PSEUDONYMS, TOTPS)
