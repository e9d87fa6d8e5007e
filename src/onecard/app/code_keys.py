"""A home's signing keys as they stand on the disk now, and what the city says about codes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import yaml

from onecard.cards.code import Issuers
from onecard.cards.ecard import CodeRules, code_rules_from
from onecard.cards.issuers import issuers_of, public_issuers
from onecard.settings.city_folder import CityFolder
from onecard.settings.clock import HomeClock
from onecard.settings.home import Home
from onecard.settings.keys import Keyring
from onecard.settings.signing_keys import SIGNING_KEYS_FILE, SigningKey, current_key, load_signing_keys, rotate_signing_keys
from onecard.values.suites import SuiteName

__all__ = ["CodeKeys", "code_rules"]

_TOLD_FOR: Final = timedelta(days=31)  # What a terminal uploads may be 30 days old.


class CodeKeys:
    """A home's signing keys, read again whenever another process has rotated them."""

    def __init__(self, home: Home, keyring: Keyring, suite: SuiteName, clock: HomeClock) -> None:
        self._home = home
        self._keyring = keyring
        self._suite = suite
        self._clock = clock
        self._stamp: tuple[int, int] | None = None
        self._keys: Sequence[SigningKey] = ()
        self._issuers: Issuers = {}
        self._told_of: tuple[Sequence[SigningKey], datetime] | None = None
        self._told: list[dict[str, Any]] = []

    @property
    def keys(self) -> Sequence[SigningKey]:
        """All keys, old ones first. Raises `KeyringUnreadable`, `SealBroken`, `HomeUnusable`."""
        with self._home.usable():
            stamp = self._read_stamp()
            if stamp is None or stamp != self._stamp:
                self._keys = load_signing_keys(self._home.keys, self._keyring, self._suite, self._clock.now())
                self._issuers = issuers_of(self._keys)
                self._stamp = stamp or self._read_stamp()
        return self._keys

    @property
    def issuers(self) -> Issuers:
        """Who is believed now. Raises as `keys` does."""
        return self._issuers if self.keys else {}

    def signing(self, *, shared: bool = False) -> SigningKey:
        """Return the key that signs now: one that any terminal can check or, *shared*, one that the server alone can."""
        found = current_key(self.keys, self._suite, shared=shared)
        assert found is not None, "loading makes them"
        return found

    def told(self, now: datetime) -> list[dict[str, Any]]:
        """Return the issuers that a terminal is told (`public_issuers`): made once a minute, thousands ask together."""
        made_of = self.keys, now.replace(second=0, microsecond=0)
        if self._told_of != made_of:
            self._told_of, self._told = made_of, public_issuers(self.keys, now - _TOLD_FOR)
        return self._told

    def rotate(self) -> Sequence[SigningKey]:
        """Begin new keys; return all."""
        with self._home.usable():
            rotate_signing_keys(self._home.keys, self._keyring, self._suite, self._clock.now())
        return self.keys

    def _read_stamp(self) -> tuple[int, int] | None:
        try:
            found = (self._home.keys / SIGNING_KEYS_FILE).stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns  # A replaced file is another one.


def code_rules(folder: CityFolder) -> CodeRules:
    """Return what the city's `codes.yaml` says; raises `CodeRulesWrong`."""
    return code_rules_from(yaml.safe_load(folder.text("codes.yaml")) or {})
