"""Keys with which a home signs, told beside those that seal and sealed by them: codes, heads of the audit log, files for banks."""

import base64
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from onecard.app.opening import Store
from onecard.keys.resealing import Resealed
from onecard.settings.bank_keys import BANK_KEYS_FILE, count_bank_seals, load_bank_keys, reseal_bank_keys
from onecard.settings.keys_wrapping import provider_of
from onecard.settings.log_keys import LOG_KEYS_FILE, count_log_seals, load_log_keys, reseal_log_keys
from onecard.settings.signing_keys import SIGNING_KEYS_FILE, count_signing_seals, read_signing_keys, reseal_signing_keys

__all__ = ["reseal_files", "sealed_in_files", "signing_told"]


def signing_told(store: Store, now: datetime) -> list[dict[str, Any]]:
    """Return what may be known of them, old ones first; of a home that has signed nothing yet, nothing.

    Raises `KeyringUnreadable`, `SealBroken`, `HomeUnusable`.
    """
    with store.home.usable():
        return [*_codes(store), *_log(store, now), *_banks(store, now)]


def sealed_in_files(store: Store) -> Mapping[str, Mapping[str, int]]:
    """Return how many secrets each data key has sealed, by file. Raises `KeyringUnreadable`, `HomeUnusable`."""
    with store.home.usable():
        sealed = {SIGNING_KEYS_FILE: count_signing_seals(store.home.keys), LOG_KEYS_FILE: count_log_seals(store.home.keys)}
        return {**sealed, BANK_KEYS_FILE: count_bank_seals(store.home.keys)} if _signs_for_banks(store) else sealed


def reseal_files(store: Store) -> list[Resealed]:
    """Seal anew what another than the active key sealed; servers read the new file at their next look. Raises as `signing_told`."""
    with store.home.usable():
        done = [
            Resealed(table=SIGNING_KEYS_FILE, rows=reseal_signing_keys(store.home.keys, store.keyring)),
            Resealed(table=LOG_KEYS_FILE, rows=reseal_log_keys(store.home.keys, store.keyring)),
        ]
        if _signs_for_banks(store):
            done.append(Resealed(table=BANK_KEYS_FILE, rows=reseal_bank_keys(store.home.keys, store.keyring)))
        return done


def _codes(store: Store) -> Iterator[dict[str, Any]]:
    for key in read_signing_keys(store.home.keys, store.keyring):
        purpose = "codes-mac" if key.shared else "codes"
        yield _told(key.kid, purpose, key.suite, _provider(store, key.secret), key.valid_from, key.valid_until)


def _log(store: Store, now: datetime) -> Iterator[dict[str, Any]]:
    if not (store.home.keys / LOG_KEYS_FILE).exists():
        return
    log = load_log_keys(store.home.keys, store.keyring, "INTL", now)  # It keeps the suite that it began with.
    ends = [*(key.valid_from for key in log.keys[1:]), None]
    for key, told, ended in zip(log.keys, log.told(), ends, strict=True):
        yield _told(told["hash"], "log", log.suite_name, _provider(store, key.secret), key.valid_from, ended)


def _banks(store: Store, now: datetime) -> Iterator[dict[str, Any]]:
    if not _signs_for_banks(store):
        return
    keys = load_bank_keys(store.home.keys, store.keyring, "INTL", now).keys
    for key, ended in zip(keys, [*(key.valid_from for key in keys[1:]), None], strict=True):
        told = _told(key.kid, "bank-files", key.suite, _provider(store, key.secret), key.valid_from, ended)
        yield {**told, "public": base64.b64encode(key.public).decode("ascii")}  # What a bank has to be told.


def _signs_for_banks(store: Store) -> bool:
    """Whether this home has sent a bank anything: a city without payouts never makes such a key."""
    return (store.home.keys / BANK_KEYS_FILE).exists()


def _provider(store: Store, secret: bytes | None) -> str:
    """Return what holds the key under which a secret is wrapped in the end; a key that lost its secret needs none."""
    return "none" if secret is None else provider_of(store.keyring.keys.kek)


def _told(name: str, purpose: str, suite: str, provider: str, begun: datetime, ended: datetime | None) -> dict[str, Any]:
    state = "active" if ended is None else "verify-only"
    dates = {"created_at": begun.isoformat(), "ended_at": ended and ended.isoformat()}
    return {"id": name, "purpose": purpose, "suite": suite, "provider": provider, "state": state, **dates}
