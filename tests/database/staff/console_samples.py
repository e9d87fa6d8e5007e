"""One request for each page and form of the console, about an object of one county, and the same about what is not there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from onecard.staff.permissions import decides
from onecard.web.console_policies_view import DRAFTS
from tests.database.staff.office import CARDS, NAMES

__all__ = ["NO_CELLS", "PageSample", "page_samples"]

NO_CELLS: Final = {
    ("GET", "/console/sign-in"): "before anybody is known",
    ("POST", "/console/sign-in"): "before anybody is known",
    ("POST", "/console/sign-out"): "would end the sessions that the other cells need; tests/stories/test_console.py asks it",
}
"""Routes that the matrix leaves out, and why."""

_NO_APPROVAL: Final = "00000000-0000-4000-8000-000000000000"
MONTH: Final = "from=2024-10-01&until=2024-10-31"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSample:
    """How a page is asked. *opens*: what a role must hold to be let in; *shows*: to be shown *marker*, for who sees the county."""

    path: str
    absent: str = ""  # '' where the page is no object's: then it opens wherever one's role holds.
    form: Mapping[str, str] | None = None  # Of a write.
    opens: tuple[str, ...] = ()
    marker: str = ""  # In the page, or in the address that it leads to.
    shows: tuple[str, ...] = ()
    nothing: bool = False  # Who is let in is told that there is nothing (404).


def page_samples(approval: str, release: str, use: str, card: str) -> dict[tuple[str, str], PageSample]:
    """Return them by method and route; *card* is the key of `CARDS[1]`."""
    return {**_everybodys(), **_policies(release), **_residents(card), **_lists(approval, use), **_sites()}


def _everybodys() -> dict[tuple[str, str], PageSample]:
    return {
        ("GET", "/console"): PageSample(path="/console"),
        ("POST", "/console"): PageSample(path="/console", form={"q": NAMES[1]}, marker="王*国", shows=("residents.find",)),
        ("GET", "/console/me"): PageSample(path="/console/me"),
        ("POST", "/console/me/settings"): PageSample(path="/console/me/settings", form={"lang": "zh", "theme": "auto"}),
        ("POST", "/console/me/password"): PageSample(path="/console/me/password", form={"old": "x", "new": "y", "again": "y"}),
        ("POST", "/console/me/sessions/{session}/end"): PageSample(path=f"/console/me/sessions/{'0' * 64}/end", form={}, nothing=True),
        ("GET", "/console/training"): PageSample(path="/console/training"),
        ("GET", "/console/training/{who}"): PageSample(path="/console/training/phone"),
        ("GET", "/console/{rest:path}"): PageSample(path="/console/nowhere", nothing=True),
        ("GET", "/console/bulletin"): PageSample(path="/console/bulletin", opens=("reports.read",)),
        ("GET", "/console/bulletin/{key}"): PageSample(path="/console/bulletin/museums.live", opens=("reports.read",)),
        ("POST", "/console/bulletin"): PageSample(path="/console/bulletin", form={"as_of": ""}, opens=("reports.read",)),
    }


def _policies(release: str) -> dict[tuple[str, str], PageSample]:
    policies, reads, drafts = "/console/policies", ("policy.read",), DRAFTS
    return {
        ("GET", policies): PageSample(path=policies, opens=reads),
        ("GET", f"{policies}/{{programme}}"): PageSample(path=f"{policies}/elder-pass-bus", opens=reads),
        ("GET", f"{policies}/{{programme}}/{{version}}/proposals"): PageSample(
            path=f"{policies}/elder-pass-bus/1/proposals", opens=reads, nothing=True
        ),
        ("GET", drafts): PageSample(path=drafts, opens=("policy.release",)),
        ("POST", drafts): PageSample(path=drafts, form={"do": "?"}, opens=("policy.release",)),
        ("GET", f"{drafts}/{{approval}}"): PageSample(
            path=f"{drafts}/{release}", absent=f"{drafts}/{_NO_APPROVAL}", opens=("approvals.read", "policy.read")
        ),
    }


def _residents(card: str) -> dict[tuple[str, str], PageSample]:
    desk, nobody = "/console/desk", "/console/desk/99"
    check = {"step": "check", "reason": "for a test"}
    told = {"step": "check", "fact": "care_level", "since": "2024-10-01", "value": "2", "reason": "told anew"}
    loss, whole = ("cards.read", "cards.loss"), ("residents.full-id", "residents.read")
    return {
        ("GET", desk): PageSample(path=desk, opens=("residents.find",)),
        ("POST", desk): PageSample(
            path=desk, form={"named": CARDS[1]}, opens=("residents.find",), marker="/console/desk/1", shows=("residents.find",)
        ),
        ("GET", f"{desk}/{{resident}}"): PageSample(path=f"{desk}/1", absent=nobody, opens=("cards.read",)),
        ("GET", f"{desk}/{{resident}}/{{card}}/{{task}}"): PageSample(
            path=f"{desk}/1/{card}/formal-loss", absent=f"{nobody}/{card}/formal-loss", opens=loss
        ),
        ("POST", f"{desk}/{{resident}}/{{card}}/{{task}}"): PageSample(
            path=f"{desk}/1/{card}/formal-loss", absent=f"{nobody}/{card}/formal-loss", form=check, opens=loss
        ),
        ("GET", f"{desk}/{{resident}}/new/{{kind}}"): PageSample(
            path=f"{desk}/1/new/temporary", absent=f"{nobody}/new/temporary", opens=("cards.issue",)
        ),
        ("POST", f"{desk}/{{resident}}/new/{{kind}}"): PageSample(
            path=f"{desk}/1/new/temporary", absent=f"{nobody}/new/temporary", form=check, opens=("cards.issue",)
        ),
        ("GET", f"{desk}/{{resident}}/correct"): PageSample(
            path=f"{desk}/1/correct", absent=f"{nobody}/correct", opens=("residents.correct",)
        ),
        ("POST", f"{desk}/{{resident}}/correct"): PageSample(
            path=f"{desk}/1/correct", absent=f"{nobody}/correct", form=told, opens=("residents.correct",)
        ),
        ("GET", f"{desk}/{{resident}}/whole"): PageSample(path=f"{desk}/1/whole", absent=f"{nobody}/whole", opens=whole),
        ("POST", f"{desk}/{{resident}}/whole"): PageSample(
            path=f"{desk}/1/whole", absent=f"{nobody}/whole", form={"purpose": "for a test"}, opens=whole
        ),
    }  # fmt: skip


def _lists(approval: str, use: str) -> dict[tuple[str, str], PageSample]:
    uses, waiting, audit = "/console/uses", "/console/approvals", "/console/audit"
    no_approval = f"{waiting}/{_NO_APPROVAL}"
    reads, may = ("uses.read",), ("approvals.read",)
    another = {"decision": "approve", "digest": "0" * 64, "reason": ""}  # Than waits: nothing is decided.
    return {
        ("GET", uses): PageSample(path=f"{uses}?{MONTH}", opens=reads, marker=use, shows=reads),
        ("GET", f"{uses}.{{form}}"): PageSample(path=f"{uses}.csv?{MONTH}", opens=reads, marker=use.partition(".")[0], shows=reads),
        ("POST", uses): PageSample(path=uses, form={"from": "2024-10-01"}, opens=reads),
        ("GET", f"{uses}/{{use}}"): PageSample(path=f"{uses}/{use}", absent=f"{uses}/T-museum-1.99", opens=("uses.explain",)),
        ("GET", waiting): PageSample(path=waiting, opens=may, marker=approval, shows=may),
        ("POST", waiting): PageSample(path=waiting, form={"state": "waiting"}, opens=may),
        ("GET", f"{waiting}/{{approval}}"): PageSample(path=f"{waiting}/{approval}", absent=no_approval, opens=may),
        ("POST", f"{waiting}/{{approval}}"): PageSample(
            path=f"{waiting}/{approval}", absent=no_approval, form=another, opens=(*may, decides("loss-release"))
        ),
        ("GET", audit): PageSample(
            path=f"{audit}?act=residents.full-id", opens=("audit.read",), marker="resident 1", shows=("audit.read",)
        ),
        ("GET", f"{audit}.{{form}}"): PageSample(
            path=f"{audit}.csv?act=residents.full-id", opens=("audit.export",), marker="resident 1", shows=("audit.export",)
        ),
        ("GET", f"{audit}/head"): PageSample(path=f"{audit}/head", opens=("audit.read",), nothing=True),
        ("POST", audit): PageSample(path=audit, form={"act": "x"}, opens=("audit.read",)),
    }


def _sites() -> dict[tuple[str, str], PageSample]:
    sites, devices, alarms = "/console/sites", "/console/terminals", "/console/alarms"
    reads: Any = ("sites.read",)
    live = {"to": "live", "on": "2024-10-31", "reason": "for a test"}
    return {
        ("GET", sites): PageSample(path=f"{sites}?state=trial", opens=reads, marker=f"{sites}/campus-1", shows=reads),
        ("POST", sites): PageSample(path=sites, form={"state": "trial"}, opens=reads),
        ("GET", f"{sites}/{{site}}"): PageSample(path=f"{sites}/campus-1", absent=f"{sites}/none", opens=reads),
        ("POST", f"{sites}/{{site}}"): PageSample(
            path=f"{sites}/campus-1", absent=f"{sites}/none", form=live, opens=("sites.read", "sites.move")
        ),
        ("GET", devices): PageSample(path=devices, opens=reads, marker=f"{devices}/T-campus-1", shows=reads),
        ("POST", devices): PageSample(path=devices, form={"need": "alarm"}, opens=reads),
        ("GET", f"{devices}/{{terminal}}"): PageSample(path=f"{devices}/T-campus-1", absent=f"{devices}/T-none", opens=reads),
        ("GET", alarms): PageSample(path=alarms, opens=reads, marker="T-campus-1", shows=reads),
        ("POST", f"{devices}/{{terminal}}"): PageSample(
            path=f"{devices}/T-museum-1", absent=f"{devices}/T-none", form={"reason": "for a test"}, opens=("terminals.bind",)
        ),
    }  # fmt: skip
