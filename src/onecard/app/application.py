"""The composition root: opens the store, loads what is in force, and hands services out."""

import json
import secrets
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from onecard.app.code_keys import CodeKeys, code_rules
from onecard.app.decoding import HttpDecoder
from onecard.app.fleet import Fleet, fleet_of
from onecard.app.foreign_codes import ForeignCodes
from onecard.app.log_keeper import LogKeeper
from onecard.app.masters import Masters
from onecard.app.opening import Store, open_store
from onecard.app.payout_look import explain_line
from onecard.app.staff_desk import StaffDesk, staff_desk_of
from onecard.app.witness import witness_of
from onecard.db.change import change_number
from onecard.db.pool import Database
from onecard.payouts.model import line_key
from onecard.people.service import masked_name
from onecard.policy.lists import read_lists
from onecard.reports.bulletin import bulletin
from onecard.reports.city import city_of
from onecard.reports.model import Bulletin, City
from onecard.settings.city_folder import CityFolder, find_city
from onecard.settings.clock import HomeClock, read_clock
from onecard.settings.keys import Keyring
from onecard.settings.settings import Settings
from onecard.terminals.calendar import overrides_from
from onecard.terminals.params import ParamsOfCity, params_from
from onecard.uses.occasion import CityRules
from onecard.uses.service import Uses, UsesContext
from onecard.values.days import civil

__all__ = ["DEMO_FILE", "App", "city_params", "city_rules", "open_app"]

DEMO_FILE: Final = "demo.json"
"""What a demo's builder leaves in the home: its scale, and the cast with its tokens."""

if not __debug__:
    raise SystemExit("onecard does not run with python -O: its assertions guard money (docs/decisions).")


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """One running installation: everything that a door needs, and nothing that knows of doors."""

    settings: Settings
    database: Database
    keyring: Keyring
    folder: CityFolder
    city: CityRules
    clock: HomeClock
    masters: Masters
    uses: Uses
    fleet: Fleet
    code_keys: CodeKeys
    desk: StaffDesk
    log: LogKeeper

    @property
    def is_demo(self) -> bool:
        """Whether this home was built by `onecard demo`."""
        return self._demo_path.exists()

    @property
    def scale(self) -> int:
        """1:N; a home that is no demo is 1:1."""
        return int(self._demo().get("scale", 1)) if self.is_demo else 1

    def cast(self) -> dict[str, Any]:
        """Return the demo's named people, terminals and logins (SURFACES §4); empty where this is no demo."""
        none: dict[str, Any] = {"people": [], "terminals": [], "logins": []}
        return self._demo().get("cast", none) if self.is_demo else none

    def now(self) -> datetime:
        """Return the home's instant."""
        return self.clock.now()

    @property
    def words(self) -> Mapping[str, Mapping[str, str]]:
        """The city's own names by code, each in zh and en."""
        return {name: {"zh": zh, "en": en} for name, (zh, en) in self.city.lists.words.items()}

    async def bulletin(self, as_of: date | None = None) -> Bulletin:
        """Return the bulletin of *as_of*, from the records; without a day that of the city's bulletin day."""
        async with self.database.acquire("desk") as connection:
            day = as_of or self._bulletin_day()
            return await bulletin(connection, day, city=self.report_city, scale=self.scale, synthetic=self.is_demo)

    @property
    def report_city(self) -> City:
        """What figures must know of the city: its areas, and which programmes are the elder pass."""
        return _report_city(self.folder.text("tiles.json"), self.folder.text("bulletin.yaml"))

    async def explain(self, use: str) -> dict[str, Any] | None:
        """Return why *use*, or a line of a roster, came out as it did, with the person's masked name; None where there is none."""
        line = line_key(use)
        if line is not None:
            return await explain_line(self.database, self.keyring, self.masters.rules, line)
        told = await self.uses.explain(use)
        if told is not None:
            subject = told.pop("subject")
            told["person"] = await self._masked(subject)
        return told

    async def last_seq(self, terminal: str) -> int:
        """Return the highest number that *terminal* has used."""
        return await self.uses.last_seq(terminal)

    async def ready(self) -> bool:
        """Whether the store answers."""
        async with self.database.acquire("desk") as connection:
            return await change_number(connection, "rules") >= 0

    async def _masked(self, subject: int | None) -> str | None:
        if subject is None:
            return None
        async with self.database.acquire("desk") as connection:
            return await masked_name(connection, self.keyring, subject)

    def _bulletin_day(self) -> date:
        told = self._demo().get("bulletin_day") if self.is_demo else None
        return date.fromisoformat(told) if told else civil(self.now()).date()

    @property
    def _demo_path(self) -> Path:
        return self.settings.home.folder / DEMO_FILE

    def _demo(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self._demo_path.read_text(encoding="utf-8"))
        return content


@lru_cache(maxsize=4)
def _report_city(tiles: str, bulletin: str) -> City:
    return city_of(json.loads(tiles), yaml.safe_load(bulletin))


def city_rules(folder: CityFolder) -> CityRules:
    """Return what the city's own files say about its names and its days."""
    calendar = yaml.safe_load(folder.text("calendar.yaml"))
    return CityRules(lists=read_lists(folder.text("lists.yaml")), day_kinds=overrides_from(calendar["overrides"]))


def city_params(folder: CityFolder) -> ParamsOfCity:
    """Return what the city's terminals may do alone; a city that does not say has the defaults. Raises `ParamsWrong`."""
    told = folder.texts("terminals.yaml").get("terminals.yaml")
    return params_from(yaml.safe_load(told) or {}) if told else ParamsOfCity()


def _foreign_codes(settings: Settings, store: Store) -> ForeignCodes | None:
    if settings.decode_url is None:
        return None
    return ForeignCodes(provider=HttpDecoder(settings.decode_url, time.monotonic), database=store.database, keyring=store.keyring)


@asynccontextmanager
async def open_app(settings: Settings, *, clock: HomeClock | None = None) -> AsyncIterator[App]:
    """Open everything: store, keys, city, rule book, directory, lanes. *clock* is the home's own unless one is given."""
    async with open_store(settings) as store:
        folder = find_city(settings.city, settings.cities)
        city = city_rules(folder)
        clock = clock or read_clock(settings.home.folder)
        masters = await Masters.read(store.database, city.lists)
        rules_of_codes = code_rules(folder)
        code_keys = CodeKeys(store.home, store.keyring, rules_of_codes.suite, clock)
        context = UsesContext(
            database=store.database, master=masters, city=city, hash_key=store.keyring.hash_key,
            clock=clock.now, new_id=uuid.uuid4, chance=secrets.token_bytes,
            server=uuid.uuid4().hex[:12],  # Not host and process: a number used again would mix two servers' batches.
            issuers=lambda: code_keys.issuers, code_rules=rules_of_codes, foreign=_foreign_codes(settings, store),
        )  # fmt: skip
        uses = Uses(context)
        fleet = fleet_of(
            store.database, store.keyring, masters, city, city_params(folder), clock=clock.now, new_session=lambda: uuid.uuid4().hex,
            issuers=lambda: code_keys.told(clock.now()),
        )  # fmt: skip
        uses.lanes.start()
        try:
            yield App(
                settings=settings, database=store.database, keyring=store.keyring, folder=folder, city=city, clock=clock,
                masters=masters, uses=uses, fleet=fleet, code_keys=code_keys,
                desk=staff_desk_of(store, folder, clock, settings.oidc, settings.origin),
                log=LogKeeper(store, rules_of_codes.suite, clock.now, witness_of(settings.witness)),
            )  # fmt: skip
        finally:
            await uses.lanes.stop()
