"""How a running terminal stands: who it is, what it holds, whether the server is there, and what is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from onecard.device.clock import CityClock
from onecard.device.folder import Folder
from onecard.device.holdings import Holdings, Rules, rules_from
from onecard.device.log import Log
from onecard.terminals.bundle import BundleUnreadable
from onecard.terminals.hotlist import EMPTY, Hotlist, HotlistMalformed, encode_full, read_message
from onecard.values.days import CITY_ZONE, epoch_milliseconds, instant_of

__all__ = ["BUNDLE_FILE", "HOTLIST_FILE", "Standing", "entries_of"]

BUNDLE_FILE: Final = "bundle"
HOTLIST_FILE: Final = "hotlist"


@dataclass(slots=True, kw_only=True)
class Standing:
    """Shared by who serves the line of people and who speaks with the server; one thread, so nobody waits for it."""

    folder: Folder
    log: Log
    clock: CityClock
    notice: Callable[[str, str], None]  # Tells whoever looks after the machine, zh and en.
    terminal: str = ""  # '' until it is known.
    prices: Mapping[str, int] = field(default_factory=dict)  # Service → usual list price, as far as the server told.
    rules: Rules | None = None
    hotlist: Hotlist = EMPTY
    hotlist_at: datetime | None = None
    least_seq: int = 1  # The first number that the server has not seen.
    away: bool = False  # The server was silent, and nothing has reached it since.
    asked_from: float = 0.0  # Busy until then (loop time): a server that asked for patience is left in peace.
    refused: Mapping[str, Any] | None = None  # The server's own words on why this terminal may not speak.
    is_cloned: bool = False
    storage_ok: bool = True

    @property
    def ready(self) -> bool:
        """Whether it may decide alone: it holds what it needs, and its clock is sure."""
        return bool(self.terminal) and self.rules is not None and self.hotlist_at is not None and self.clock.is_sure

    def holdings(self) -> Holdings:
        """Return what a decision alone rests on."""
        assert self.rules is not None
        assert self.hotlist_at is not None
        return Holdings(rules=self.rules, hotlist=self.hotlist, hotlist_at=self.hotlist_at)

    def load(self) -> None:
        """Take what the folder holds; what is damaged is as good as not there, and is fetched anew."""
        told = self.log.meta("hotlist_at")
        content = self.folder.read(HOTLIST_FILE)
        if told is not None and content is not None:
            try:
                held = read_message(content)
                assert isinstance(held, Hotlist)
                self.hotlist, self.hotlist_at = held, instant_of(int(told)).astimezone(CITY_ZONE)
            except HotlistMalformed as mistake:
                self.notice(mistake.said_zh, mistake.said_en)
        bundle = self.folder.read(BUNDLE_FILE)
        if bundle is not None:
            try:
                self.rules = rules_from(bundle)
            except BundleUnreadable as mistake:
                self.notice(mistake.said_zh, mistake.said_en)

    def take_bundle(self, content: bytes) -> None:
        """Hold a new bundle. Raises `BundleUnreadable`: the one at hand stands then; `FolderUnusable`."""
        rules = rules_from(content)
        self.folder.write(BUNDLE_FILE, content)
        self.rules = rules

    def take_hotlist(self, held: Hotlist) -> None:
        """Hold a new list. Raises `FolderUnusable`."""
        self.folder.write(HOTLIST_FILE, encode_full(held.version, entries_of(held)))
        self.hotlist = held

    def hotlist_is_newest(self, at: datetime) -> None:
        """Know that the list at hand is the newest at the city's instant *at*. Raises `LogUnwritable`."""
        self.log.keep(hotlist_at=str(epoch_milliseconds(at)).encode())
        self.hotlist_at = at


def entries_of(held: Hotlist) -> bytes:
    """Return the entries of a list, 4 bytes each, big-endian."""
    copied = held.entries[:]
    copied.byteswap()
    return copied.tobytes()
