"""Everything that somebody who signed in works with, in one hand: for the HTTP doors, the console and the command line."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import yaml

from onecard.app.correction_rules import CorrectionRules
from onecard.app.hotlist import HotlistTeller
from onecard.app.oidc import Oidc
from onecard.app.opening import Store, open_store
from onecard.app.region_names import region_names
from onecard.app.release_executor import release_executor
from onecard.app.staff import Staff, staff_of
from onecard.app.staff_approvals import StaffApprovals
from onecard.app.staff_cards import StaffCards
from onecard.app.staff_executors import executors_of
from onecard.app.staff_finding import StaffFinding
from onecard.app.staff_issuing import StaffIssuing
from onecard.app.staff_lists import StaffLists
from onecard.app.staff_residents import StaffResidents
from onecard.app.staff_sites import StaffSites
from onecard.app.staff_work import StaffWork
from onecard.cards.desk import DeskTools
from onecard.cards.rules import card_rules_from
from onecard.policy.lists import read_lists
from onecard.settings.city_folder import CityFolder, find_city
from onecard.settings.clock import HomeClock, read_clock
from onecard.settings.origin import Origin
from onecard.settings.settings import OidcSettings, Settings

__all__ = ["StaffDesk", "open_staff_desk", "staff_desk_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffDesk:
    """Signing in, and what one may do then."""

    staff: Staff
    work: StaffWork
    residents: StaffResidents
    cards: StaffCards
    approvals: StaffApprovals
    oidc: Oidc | None = None  # The city's identity provider, where there is one.
    origin: Origin | None = None  # Where browsers know this installation, as its settings say.

    @property
    def issuing(self) -> StaffIssuing:
        """Cards that the desk makes, starts and unlocks."""
        return StaffIssuing(cards=self.cards)

    @property
    def finding(self) -> StaffFinding:
        """Residents whose number nobody has at hand."""
        return StaffFinding(residents=self.residents)

    @property
    def lists(self) -> StaffLists:
        """What is taken out as files."""
        return StaffLists(work=self.work, keyring=self.residents.tools.keyring)

    @property
    def sites(self) -> StaffSites:
        """Sites, devices and alarms."""
        return StaffSites(work=self.work)


def staff_desk_of(
    store: Store, folder: CityFolder, clock: HomeClock, oidc: OidcSettings | None = None, origin: Origin | None = None
) -> StaffDesk:  # fmt: skip
    """Return the desk of an opened *store*. Raises `CityMissing`, `RolesWrong`, `CardRulesWrong`."""
    tools = DeskTools(keyring=store.keyring, rules=card_rules_from(yaml.safe_load(folder.text("cards.yaml"))), chance=os.urandom)
    hotlist = HotlistTeller(store.keyring.terminals_key)
    lists = read_lists(folder.text("lists.yaml"))
    released = release_executor(lists)
    staff = staff_of(store, folder, clock, {**executors_of(tools, hotlist), "policy-release": released})
    work = StaffWork(staff=staff)
    rules = CorrectionRules(lists=lists, regions=frozenset(region_names(folder)))
    return StaffDesk(
        staff=staff, work=work, residents=StaffResidents(work=work, tools=tools, rules=rules),
        cards=StaffCards(work=work, tools=tools, hotlist=hotlist), approvals=StaffApprovals(work=work),
        oidc=None if oidc is None else Oidc(settings=oidc, unix_seconds=staff.sign_in.unix_seconds), origin=origin,
    )  # fmt: skip


@asynccontextmanager
async def open_staff_desk(settings: Settings) -> AsyncIterator[StaffDesk]:
    """Open the desk of one home, without rule book and lanes: for commands. Raises what `open_store` raises."""
    async with open_store(settings) as store:
        yield staff_desk_of(store, find_city(settings.city, settings.cities), read_clock(settings.home.folder))
