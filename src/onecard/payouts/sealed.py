"""This room's sealed values: pay accounts with the names of their holders."""

from datetime import UTC, datetime
from typing import Final

from onecard.keys.sealed import SealedTable
from onecard.payouts.accounts import PAY_ACCOUNT, sealed_name
from onecard.payouts.store import SQL

__all__ = ["PAY_ACCOUNTS"]

PAY_ACCOUNTS: Final = SealedTable(
    place=PAY_ACCOUNT, count=SQL.count_accounts, page=SQL.page_accounts, swap=SQL.reseal_account,
    before_all=(-(2**63), "", datetime.min.replace(tzinfo=UTC)), name=sealed_name,
)  # fmt: skip
