"""All terminals of one home, as a server meets them: who signs in, how they do, and what they are told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from onecard.app.bundles import Bundles
from onecard.app.events import EventBook
from onecard.app.hotlist import HotlistBook
from onecard.app.masters import Masters
from onecard.app.together import Together
from onecard.app.watch import Watch
from onecard.db.pool import Database
from onecard.ledger.links import forget_verdicts
from onecard.settings.keys import Keyring
from onecard.terminals.alarm import open_alarms
from onecard.terminals.model import Place
from onecard.terminals.params import ParamsOfCity
from onecard.terminals.presence import FleetFigures, fleet_figures
from onecard.terminals.sign_in import (
    CLOCK_OFF_MS_MAX,
    Heartbeat,
    NotSignedIn,
    SignIn,
    arrivals,
    clock_offset_ms,
    keep_heartbeats,
    keep_sign_ins,
    standing,
)
from onecard.uses.occasion import CityRules

__all__ = ["Fleet", "SignedIn", "fleet_of"]

ONLINE_HEARTBEATS: Final = 3
"""A terminal that missed so many is not online."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """What a device says when it signs in."""

    terminal: str
    clock: datetime
    program: str
    public_key: bytes | None
    hotlist: int
    bundle: str


class Fleet:
    """Answers terminals. Every write waits for the one before it and goes with all that came meanwhile."""

    def __init__(
        self, *, database: Database, masters: Masters, params: ParamsOfCity, bundles: Bundles, hotlist: HotlistBook, watch: Watch,
        clock: Callable[[], datetime], new_session: Callable[[], str],
    ) -> None:  # fmt: skip
        self.bundles = bundles
        self.hotlist = hotlist
        self.watch = watch
        self.events = EventBook(watch=watch, hotlist=hotlist, bundles=bundles, masters=masters, params=params)
        self._database = database
        self._params = params
        self._clock = clock
        self._new_session = new_session
        self._sign_ins: Together[SignIn, None] = Together(self._write_sign_ins)
        self._heartbeats: Together[Heartbeat, bool] = Together(self._write_heartbeats)

    async def sign_in(self, place: Place, told: SignedIn) -> dict[str, Any]:
        """Return what a device is answered that signs in, whichever device it is."""
        now = self._clock()
        async with self._database.acquire("desk") as connection:
            stands = await standing(connection, told.terminal, told.public_key, now)
            if stands.new_key and stands.key_id is not None:
                await forget_verdicts(connection, told.terminal, stands.key_id)  # What it signed before we knew it.
        offset = clock_offset_ms(told.clock, now)
        session = self._new_session()
        await self._sign_ins.ask(
            SignIn(
                terminal=told.terminal, session=session, at=now, clock_offset_ms=offset, hotlist=told.hotlist, bundle=told.bundle,
                program=told.program,
            )
        )  # fmt: skip
        return {
            "terminal": told.terminal, "session": session, "key_id": stands.key_id, "device": stands.device, "cloned": stands.cloned,
            "last_seq": stands.last_seq, "now": self._clock(),
            "clock_offset_ms": offset, "clock_ok": abs(offset) <= CLOCK_OFF_MS_MAX, "params": self._params.of(place.site.kind).to_json(),
            **await self._holds(place),
        }  # fmt: skip

    async def heartbeat(self, place: Place, told: SignedIn, *, waiting: int, storage_ok: bool) -> dict[str, Any]:
        """Return what a device is answered that tells how it does; raises `NotSignedIn`."""
        now = self._clock()
        offset = clock_offset_ms(told.clock, now)
        known = await self._heartbeats.ask(
            Heartbeat(
                terminal=told.terminal, at=now, clock_offset_ms=offset, waiting=waiting, hotlist=told.hotlist, bundle=told.bundle,
                storage_ok=storage_ok, program=told.program,
            )
        )  # fmt: skip
        if not known:
            raise NotSignedIn(terminal=told.terminal, field="terminal")
        async with self._database.acquire("desk") as connection:
            odd = await arrivals(connection, told.terminal)
        return {
            "now": now, "clock_offset_ms": offset, "clock_ok": abs(offset) <= CLOCK_OFF_MS_MAX, **await self._holds(place),
            "gaps": odd.gaps, "duplicates": odd.duplicates, "cloned": odd.cloned,
        }  # fmt: skip

    async def figures(self) -> FleetFigures:
        """Return how all terminals do, and how fresh their hotlist is."""
        version, now = await self.watch.hotlist_version(), self._clock()
        longest = max(each.heartbeat_seconds for each in (self._params.every, *self._params.kinds.values()))
        async with self._database.acquire("desk") as connection:
            counted = await fleet_figures(connection, now - timedelta(seconds=ONLINE_HEARTBEATS * longest), version)
            alarms = await open_alarms(connection)
        told = await self.hotlist.told(version)
        return FleetFigures(**counted, version=version, entries=told.entries, changed_at=told.changed_at, alarms=alarms)

    async def _holds(self, place: Place) -> dict[str, Any]:
        return {"hotlist": await self.watch.hotlist_version(), "bundle": self.bundles.etag(place)}

    async def _write_sign_ins(self, lot: Sequence[SignIn]) -> Sequence[None]:
        async with self._database.acquire("desk") as connection:
            await keep_sign_ins(connection, lot)
        return [None] * len(lot)

    async def _write_heartbeats(self, lot: Sequence[Heartbeat]) -> Sequence[bool]:
        async with self._database.acquire("desk") as connection:
            known = await keep_heartbeats(connection, lot)
        return [each.terminal in known for each in lot]


def fleet_of(
    database: Database, keyring: Keyring, masters: Masters, city: CityRules, params: ParamsOfCity, *,
    clock: Callable[[], datetime], new_session: Callable[[], str], issuers: Callable[[], Sequence[dict[str, Any]]] = list,
) -> Fleet:  # fmt: skip
    """Return the fleet of one home, put together; *issuers* tells whose codes its terminals believe."""
    hotlist = HotlistBook(database)
    bundles = Bundles(
        database=database, masters=masters, city=city, params=params, hash_key=keyring.terminals_key, issuers=issuers, clock=clock
    )
    watch = Watch(database, masters, hotlist, clock)
    return Fleet(
        database=database, masters=masters, params=params, bundles=bundles, hotlist=hotlist, watch=watch, clock=clock,
        new_session=new_session,
    )  # fmt: skip
