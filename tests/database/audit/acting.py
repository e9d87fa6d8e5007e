"""Who acts in these tests, and a log's keys."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from onecard.app.opening import Store
from onecard.audit.canary import canary_mark
from onecard.audit.sequencer import sequence, sign_newest
from onecard.settings.keys import load_keyring
from onecard.settings.log_keys import LogKeys, load_log_keys
from onecard.values.signed_head import SignedHead
from tests.database.town import NOON

__all__ = ["AUDITOR", "Someone", "keys_in", "take_all"]

LONG_BEFORE = NOON - timedelta(days=3650)


@dataclass(frozen=True)
class Someone:
    """A person at work."""

    person: str = "zhang-wei"
    account: str = "zw"
    as_person: str = ""
    roles: tuple[str, ...] = ("customer-service",)


AUDITOR = Someone(person="li-na", account="ln", roles=("auditor",))


def keys_in(folder: Path, suite: str = "INTL") -> LogKeys:
    """Return the keys of the log kept in *folder*, sealed under the keyring there."""
    return load_log_keys(folder, load_keyring(folder), suite, NOON)  # type: ignore[arg-type]


async def take_all(store: Store, keys: LogKeys, at=NOON, *, sign: bool = True) -> SignedHead | None:
    """Take everything that waits into the log, and sign it."""
    async with store.database.acquire("batch") as connection:
        mark = lambda subject: canary_mark(store.keyring.hash_key, subject)  # noqa: E731
        while (await sequence(connection, keys.suite.digest, LONG_BEFORE, mark)).leaves:
            pass
        return await sign_newest(connection, keys, at) if sign else None
