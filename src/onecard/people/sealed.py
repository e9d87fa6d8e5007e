"""This room's sealed values: names and person numbers."""

from typing import Final

from onecard.keys.sealed import SealedTable
from onecard.people.service import IDENTITY
from onecard.people.store import SQL

__all__ = ["IDENTITIES"]

IDENTITIES: Final = SealedTable(
    place=IDENTITY, count=SQL.count_identities, page=SQL.page_identities, swap=SQL.reseal_identity, before_all=(-(2**63),), name=str
)
