"""The keys with which a home signs, told beside those that seal: codes of residents, heads of the audit log."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from onecard.settings.home import Home
from onecard.settings.log_keys import LOG_KEYS_FILE, load_log_keys
from onecard.settings.signing_keys import read_signing_keys

__all__ = ["signing_told"]


def signing_told(home: Home, now: datetime) -> list[dict[str, Any]]:
    """Return what may be known of them, old ones first; of a home that has signed nothing yet, nothing. No key wraps them.

    Raises `KeyringUnreadable`, `HomeUnusable`.
    """
    with home.usable():
        return [*_codes(home), *_log(home, now)]


def _codes(home: Home) -> Iterator[dict[str, Any]]:
    for key in read_signing_keys(home.keys):
        yield _told(key.kid, "codes-mac" if key.shared else "codes", key.suite, key.valid_from, key.valid_until)


def _log(home: Home, now: datetime) -> Iterator[dict[str, Any]]:
    if not (home.keys / LOG_KEYS_FILE).exists():
        return
    log = load_log_keys(home.keys, "INTL", now)  # It keeps the suite that it began with.
    ends = [*(key.valid_from for key in log.keys[1:]), None]
    for key, told, ended in zip(log.keys, log.told(), ends, strict=True):
        yield _told(told["hash"], "log", log.suite_name, key.valid_from, ended)


def _told(name: str, purpose: str, suite: str, begun: datetime, ended: datetime | None) -> dict[str, Any]:
    state = "active" if ended is None else "verify-only"
    dates = {"created_at": begun.isoformat(), "ended_at": ended and ended.isoformat()}
    return {"id": name, "purpose": purpose, "suite": suite, "provider": "none", "state": state, **dates}
