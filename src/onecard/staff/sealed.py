"""This room's sealed values: the second factors of accounts."""

from typing import Final

from onecard.keys.sealed import SealedTable
from onecard.staff.sign_in import TOTP
from onecard.staff.store import SQL

__all__ = ["TOTPS"]

TOTPS: Final = SealedTable(place=TOTP, count=SQL.count_totps, page=SQL.page_totps, swap=SQL.reseal_totp, before_all=("",), name=str)
