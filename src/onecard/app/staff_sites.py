"""Sites, devices and alarms for somebody who signed in: who is not live and why, how devices do, what to settle and to move on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from onecard.app.staff_work import StaffWork
from onecard.audit.rows import rows_written
from onecard.audit.service import note_change
from onecard.db.change import change_number, move_on
from onecard.db.pool import Connection
from onecard.staff.errors import NotAllowed, NotThere
from onecard.staff.model import Acting
from onecard.staff.scope import EVERY, is_scope_region, subtree
from onecard.terminals.alarm import Alarm, alarms_among, alarms_of, settle_alarms
from onecard.terminals.model import Site, SiteState, Terminal
from onecard.terminals.overview import Among, Health, Need, devices_of, health_counts, health_of, late_sites, site_counts, sites_among
from onecard.terminals.proof import move_site_with, proof_of
from onecard.terminals.way import Proof, lacking
from onecard.values.days import civil

__all__ = ["ALARMS_MAX", "Devices", "OneDevice", "OneSite", "Pipeline", "StaffSites"]

ALARMS_MAX: Final = 200

READ: Final = "sites.read"

_PROVES: Final = frozenset({"testing", "trial", "suspended"})
"""Where a site shows that it works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneSite:
    """A site with its devices, what it has shown, and what it still lacks before it is live, in zh and en."""

    site: Site
    devices: Sequence[Terminal]
    health: Sequence[Health]
    proof: Proof
    missing: Sequence[tuple[str, str]]
    hotlist: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """How many sites stand where, by region, and a page of those asked for."""

    counts: Mapping[str, Mapping[SiteState, int]]
    sites: Sequence[OneSite]
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """How many devices need what, and a page of them."""

    counts: Mapping[str, int]
    devices: Sequence[Health]
    hotlist: int
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OneDevice:
    """A device, its site, and every alarm it ever raised."""

    health: Health
    alarms: Sequence[Alarm]
    hotlist: int
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffSites:
    """What may be asked of sites and done to them. Every method's first argument is who acts."""

    work: StaffWork

    async def pipeline(
        self, acting: Acting, *, kind: str = "", region: str = "", states: Sequence[SiteState] = (), late: bool = False, after: str = "",
        most: int = 51,
    ) -> Pipeline:  # fmt: skip
        """Return how many sites stand where, and at most *most* of those in *states*; *late*: behind their plan. Raises `NotAllowed`."""
        among = self.among(acting, kind, region)
        async with self.work.doing(acting, "sites.list", region or EVERY) as connection:
            await self.work.noted(connection, acting, "sites.list", region or EVERY)
            only = await late_sites(connection, among, self._today) if late else ()
            sites = [] if late and not only else await sites_among(
                connection, among, self._today, states=states, sites=only, after=after, most=most
            )  # fmt: skip
            return Pipeline(
                counts=await site_counts(connection, self.among(acting, kind), self._today), today=self._today,
                sites=await self._with_devices(connection, sites),
            )  # fmt: skip

    async def site(self, acting: Acting, name: str) -> OneSite:
        """Return one site. Raises `NotThere`, `NotAllowed`."""
        async with self.work.doing(acting, READ, f"site {name[:80]}") as connection:
            site = await self._site(connection, acting, name, READ)
            await self.work.noted(connection, acting, READ, f"site {name}", region=site.region)
            (told,) = await self._with_devices(connection, [site], healthy=True)
            return told

    async def move(self, acting: Acting, name: str, to: SiteState, on: date, reason: str) -> Site:
        """Let a site become *to* from the day *on*. Raises `NotThere`, `NotAllowed`, and what `move_site` raises."""
        async with self.work.doing(acting, "sites.move", f"site {name[:80]}") as connection:
            await self._site(connection, acting, name, "sites.move")
            await move_on(connection, "sites")  # Whoever else changes sites waits, or was before us: so it is read again.
            site = await self._site(connection, acting, name, "sites.move")
            devices = (await devices_of(connection, [name]))[name]
            moved = await move_site_with(connection, site, devices, to, on)
            rows = await rows_written(connection, "terminals_site_state", {"site": name, "since": on})
            await note_change(
                connection, acting, act="sites.move", object=f"site {name}", region=site.region, purpose=reason, at=self.work.staff.now(),
                rows=rows, more={"to": to},
            )  # fmt: skip
            return moved

    async def devices(
        self, acting: Acting, *, kind: str = "", region: str = "", need: Need = "", after: str = "", most: int = 51
    ) -> Devices:  # fmt: skip
        """Return how devices do: all of them counted, and at most *most* that *need* something. Raises `NotAllowed`."""
        among, now = self.among(acting, kind, region), self.work.staff.now()
        async with self.work.doing(acting, "terminals.list", region or EVERY) as connection:
            await self.work.noted(connection, acting, "terminals.list", region or EVERY)
            hotlist = await change_number(connection, "hotlist")
            counts = await health_counts(connection, among, now, self._today, hotlist)
            found = await health_of(connection, among, now, self._today, hotlist, need=need, after=after, most=most)
            return Devices(counts=counts, devices=found, hotlist=hotlist, now=now)

    async def device(self, acting: Acting, name: str) -> OneDevice:
        """Return one device with its alarms. Raises `NotThere`, `NotAllowed`."""
        async with self.work.doing(acting, READ, f"terminal {name[:80]}") as connection:
            health, hotlist = await self._device(connection, acting, name, READ)
            await self.work.noted(connection, acting, READ, f"terminal {name}", region=health.region)
            alarms = await alarms_of(connection, name)
            return OneDevice(health=health, alarms=alarms, hotlist=hotlist, now=self.work.staff.now())

    async def alarms(self, acting: Acting, *, settled: bool = False) -> Sequence[tuple[Alarm, Health]]:
        """Return the newest alarms with the devices that they are about; settled ones only if asked. Raises `NotAllowed`."""
        among, now = self.among(acting), self.work.staff.now()
        async with self.work.doing(acting, "alarms.list", EVERY) as connection:
            await self.work.noted(connection, acting, "alarms.list", EVERY)
            found = await alarms_among(connection, [prefix for prefix, _ in among.rights], settled=settled, most=ALARMS_MAX)
            names = sorted({alarm.terminal for alarm in found})
            devices = await health_of(connection, among, now, self._today, 0, terminals=names, most=ALARMS_MAX) if names else []
            by_name = {device.terminal: device for device in devices}
            return [(alarm, by_name[alarm.terminal]) for alarm in found if alarm.terminal in by_name]

    async def settle(self, acting: Acting, name: str, reason: str) -> bool:
        """Settle a device's open alarms, with what was found; return whether there were any. Raises `NotThere`, `NotAllowed`."""
        async with self.work.doing(acting, "alarms.settle", f"terminal {name[:80]}") as connection:
            health, _ = await self._device(connection, acting, name, "terminals.bind")
            now = self.work.staff.now()
            done = await settle_alarms(connection, name, now, reason)
            rows = await rows_written(connection, "terminals_settlement", {"terminal": name, "at": now})
            await note_change(
                connection, acting, act="alarms.settle", object=f"terminal {name}", region=health.region, purpose=reason, at=now, rows=rows
            )
            return done

    async def _site(self, connection: Connection, acting: Acting, name: str, permission: str) -> Site:
        among = Among(rights=[(prefix, EVERY) for prefix in self.work.prefixes(acting)])
        found = await sites_among(connection, among, self._today, sites=[name], most=1)
        if not found:
            raise NotThere
        if not acting.may_at(permission, region=found[0].region, scene=found[0].scene):
            raise NotAllowed(region=found[0].region)
        return found[0]

    async def _device(self, connection: Connection, acting: Acting, name: str, permission: str) -> tuple[Health, int]:
        among = Among(rights=[(prefix, EVERY) for prefix in self.work.prefixes(acting)])
        hotlist = await change_number(connection, "hotlist")
        found = await health_of(connection, among, self.work.staff.now(), self._today, hotlist, terminals=[name], most=1)
        if not found:
            raise NotThere
        if not acting.may_at(permission, region=found[0].region, scene=found[0].scene):
            raise NotAllowed(region=found[0].region)
        return found[0], hotlist

    async def _with_devices(self, connection: Connection, sites: Sequence[Site], *, healthy: bool = False) -> list[OneSite]:
        devices, told = await devices_of(connection, [site.site for site in sites]), []
        hotlist = await change_number(connection, "hotlist")
        for site in sites:
            proves = healthy or site.state_on(self._today) in _PROVES  # Of 50 live sites in a list nobody asks what they showed.
            proof = await proof_of(connection, site, devices[site.site]) if proves else Proof(passed={}, used=False)
            bound = [each for each in devices[site.site] if each.bound_at(self._today)]
            names = [each.terminal for each in devices[site.site]]
            every = Among(rights=[(site.region, EVERY)])
            health = [] if not (healthy and names) else await health_of(
                connection, every, self.work.staff.now(), self._today, hotlist, terminals=names, most=len(names)
            )  # fmt: skip
            missing = lacking(bound, proof) if site.state_on(self._today) in _PROVES else []
            told.append(OneSite(site=site, devices=devices[site.site], health=health, proof=proof, missing=missing, hotlist=hotlist))
        return told

    def among(self, acting: Acting, kind: str = "", region: str = "") -> Among:
        """Return which sites a list of *acting* is of: his by region, and by scene where a right of his names one. Raises `NotAllowed`."""
        if not acting.may(READ):
            raise NotAllowed
        scopes = [right.scope for right in acting.rights if READ in right.permissions and right.scope.prefix is not None]
        narrow = any(scope.scene != EVERY for scope in scopes)
        prefixes = self.work.prefixes(acting, READ)
        rights = [(scope.prefix or "", scope.scene) for scope in scopes] if narrow else [(prefix, EVERY) for prefix in prefixes]
        inside = subtree(region) if is_scope_region(region) else ("" if not region else "-")
        return Among(rights=rights, kind=kind, inside=inside)

    @property
    def _today(self) -> date:
        return civil(self.work.staff.now()).date()
