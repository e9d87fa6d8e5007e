"""Who a terminal is, how it does, and what of it arrived: device keys, sign-ins, heartbeats, gaps and duplicates."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal

from onecard.terminals import store
from onecard.terminals.alarm import raise_alarm
from onecard.values.error import OnecardError

if TYPE_CHECKING:
    from onecard.db.pool import Connection

__all__ = [
    "ARRIVALS_LOOKED_AT",
    "CLOCK_OFF_MS_MAX",
    "Arrivals",
    "Device",
    "Heartbeat",
    "NotSignedIn",
    "SignIn",
    "Standing",
    "arrivals",
    "clock_offset_ms",
    "keep_heartbeats",
    "keep_sign_ins",
    "key_id_of",
    "known_keys",
    "standing",
    "withdraw_key",
]  # fmt: skip

CLOCK_OFF_MS_MAX: Final = 60_000
"""A clock that is further off is told so, and the terminal may not decide alone (codes live 60 s; FIELD §3.5)."""

ARRIVALS_LOOKED_AT: Final = 1_000
"""Gaps and duplicates are reported among so many newest uses of a terminal."""

Device = Literal["bound", "other", "unsigned"]
"""The device whose key is bound; another one, by its key; one that shows none."""

_KEY_ID_DIGITS: Final = 16
_MILLISECOND: Final = timedelta(milliseconds=1)


class NotSignedIn(OnecardError):
    """A heartbeat of a terminal that never signed in."""

    code = "terminals.not_signed_in"
    http_status = 409
    exit_code = 1
    zh = "终端 {terminal} 尚未签到。请先签到。"
    en = "Terminal {terminal} has not signed in. Sign in first."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """A device says who it is and what it holds."""

    terminal: str
    session: str
    at: datetime
    clock_offset_ms: int
    hotlist: int
    bundle: str
    program: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """A device says how it does."""

    terminal: str
    at: datetime
    clock_offset_ms: int
    waiting: int  # Uses that it has yet to send.
    hotlist: int
    bundle: str
    storage_ok: bool
    program: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the store knows of a terminal that signs in."""

    key_id: str | None  # Of the key that the device shows.
    last_seq: int
    device: Device
    cloned: bool  # An open alarm says that there are two of it.
    new_key: bool = False  # No device of this terminal showed it before.


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """What is odd among the newest uses of a terminal."""

    gaps: tuple[tuple[int, int], ...]  # From, to, both included: numbers that never came.
    duplicates: tuple[int, ...]  # Numbers under which other content came as well.
    cloned: bool  # An open alarm says that there are two of it.


def clock_offset_ms(clock: datetime, now: datetime) -> int:
    """Return what a terminal adds to its *clock* to have ours, in milliseconds."""
    return (now - clock) // _MILLISECOND


def key_id_of(public_key: bytes) -> str:
    """Return the name of a device key: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(public_key).hexdigest()[:_KEY_ID_DIGITS]


async def standing(connection: "Connection", terminal: str, public_key: bytes | None, at: datetime) -> Standing:
    """Return how *terminal* stands, its device key bound if this is the first.

    A device that shows another key than the one bound is let in all the same: the token lets in, the key proves. Its key is
    remembered, so that what it signs is told apart, and the alarm is kept. A device without a key signs nothing.
    """
    bound, last_seq, cloned = await store.standing(connection, terminal)
    if public_key is None:
        return Standing(key_id=None, last_seq=last_seq, device="unsigned", cloned=cloned)
    shown = key_id_of(public_key)
    new = False
    if bound is None:
        new = await store.bind_key(connection, terminal, shown, public_key, at)
        bound, _, _ = await store.standing(connection, terminal)  # Of two that come at once, one is bound.
    if bound == shown:
        return Standing(key_id=shown, last_seq=last_seq, device="bound", cloned=cloned, new_key=new)
    new = await store.see_key(connection, terminal, shown, public_key, at)
    await raise_alarm(connection, terminal, "clone", at, {"bound": bound, "shown": shown, "door": "sign-in"})
    return Standing(key_id=shown, last_seq=last_seq, device="other", cloned=True, new_key=new)


async def known_keys(connection: "Connection", terminals: Sequence[str] | None) -> dict[tuple[str, str], bytes]:
    """Return the public keys by which devices of *terminals* (None: of all) may have signed, by terminal and key id."""
    return await store.known_keys(connection, terminals)


async def withdraw_key(connection: "Connection", terminal: str, at: datetime) -> str | None:
    """Let another device take this one's place; return the id of the key that held, None where none did.

    A key that was withdrawn never holds again: the device makes itself a new one.
    """
    return await store.withdraw_key(connection, terminal, at)


async def keep_sign_ins(connection: "Connection", sign_ins: Sequence[SignIn]) -> None:
    """Write down *sign_ins*; of several of one terminal the last."""
    newest = {each.terminal: each for each in sign_ins}.values()
    rows = [(s.terminal, s.session, s.at, s.clock_offset_ms, s.hotlist, s.bundle, s.program) for s in newest]
    await store.sign_in(connection, rows)


async def keep_heartbeats(connection: "Connection", heartbeats: Sequence[Heartbeat]) -> set[str]:
    """Write down *heartbeats*, of several of one terminal the last; return the terminals that had signed in before."""
    newest = {each.terminal: each for each in heartbeats}.values()
    rows = [(h.terminal, h.at, h.clock_offset_ms, h.waiting, h.hotlist, h.bundle, h.storage_ok, h.program) for h in newest]
    return await store.heartbeat(connection, rows)


async def arrivals(connection: "Connection", terminal: str) -> Arrivals:
    """Return gaps and duplicates among the newest uses of *terminal*."""
    rows = await store.arrivals(connection, terminal, ARRIVALS_LOOKED_AT)
    return Arrivals(
        gaps=tuple((row["first"], row["last"]) for row in rows if row["what"] == "gap"),
        duplicates=tuple(row["first"] for row in rows if row["what"] == "duplicate"),
        cloned=any(row["what"] == "cloned" for row in rows),
    )
