"""Whether every sealed value of a store opens in its own row, as one of the checks of `onecard verify`."""

from onecard.app.key_tables import SEALED_TABLES
from onecard.app.opening import Store
from onecard.keys.verify import unopened
from onecard.ledger.verify import Check

__all__ = ["verify_seals"]


async def verify_seals(store: Store) -> Check:
    """Open every sealed value; a problem names table and row, and shows nothing of what is sealed."""
    async with store.database.acquire("batch") as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        examined, problems = await unopened(connection, store.keyring, SEALED_TABLES)
    return Check(name="sealed-values-open", examined=examined, problems=problems)
