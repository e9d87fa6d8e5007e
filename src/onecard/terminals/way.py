"""A site's way from talks to life: which moves there are, and what stands before the last one. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from onecard.terminals.model import Site, SiteState, Terminal
from onecard.values.error import OnecardError

__all__ = ["MOVES", "TEST_CASES", "MoveRefused", "MoveTooEarly", "NotProved", "Proof", "check_move", "lacking"]

MOVES: Final[Mapping[SiteState, tuple[SiteState, ...]]] = MappingProxyType({
    "in_talks": ("planned",),
    "planned": ("contracted", "in_talks"),
    "contracted": ("wiring", "suspended"),
    "wiring": ("testing", "suspended"),
    "testing": ("trial", "wiring", "suspended"),
    "trial": ("live", "testing", "suspended"),
    "live": ("suspended",),
    "suspended": ("trial", "testing", "wiring"),
})  # fmt: skip
"""From each state, where a site may go. A suspended site proves itself on trial again before it is live."""

TEST_CASES: Final = (
    "signed_in", "clock", "storage", "bundle", "hotlist", "good_card", "lost_card", "unknown_card",
)  # fmt: skip
"""What every device shows before its site is live: who it is, what it holds, and how it answers three cards."""


class MoveRefused(OnecardError):
    """A site does not go there from where it stands."""

    code = "terminals.move_refused"
    http_status = 409
    exit_code = 1
    zh = "点位 {site} 目前为 {state}，不能转为 {to}；可以转为：{may}。"
    en = "Site {site} is {state} and cannot become {to}; it may become {may}."


class MoveTooEarly(OnecardError):
    """A state that would begin before, or on the day of, the one that holds."""

    code = "terminals.move_too_early"
    http_status = 409
    exit_code = 1
    zh = "点位 {site} 自 {since} 起为 {state}，新状态须从之后的日期开始，一天只有一个状态。"
    en = "Site {site} is {state} since {since}; a new state begins on a later day, for a day has one state."


class NotProved(OnecardError):
    """A site that has not shown that it works cannot be live."""

    code = "terminals.not_proved"
    http_status = 409
    exit_code = 1
    zh = "点位 {site} 还不能上线，尚缺：{missing_zh}。先运行 onecard site test，并在试运行期间完成至少一笔真实用卡。"
    en = "Site {site} cannot be live yet. Missing: {missing_en}. Run onecard site test, and take one real use while on trial."


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a site has shown: by terminal the test cases it passed since it was bound, and whether somebody really used it."""

    passed: Mapping[str, frozenset[str]]
    used: bool


def check_move(site: Site, to: SiteState, on: date, terminals: Sequence[Terminal], proof: Proof) -> None:
    """Raise what stands against *site* becoming *to* on the day *on*: `MoveRefused`, `MoveTooEarly`, `NotProved`.

    *terminals* are all devices of the site; those bound on that day must have passed every case.
    """
    since, state = site.states[-1] if site.states else (None, None)
    may: tuple[SiteState, ...] = MOVES[state] if state is not None else ("in_talks", "planned")
    if to not in may:
        raise MoveRefused(site=site.site, state=state or "—", to=to, may=", ".join(may))
    if since is not None and on <= since:
        raise MoveTooEarly(site=site.site, state=state, since=since)
    if to == "live" and (missing := lacking([each for each in terminals if each.bound_at(on)], proof)):
        raise NotProved(site=site.site, missing_zh="；".join(zh for zh, _ in missing), missing_en="; ".join(en for _, en in missing))


def lacking(bound: Sequence[Terminal], proof: Proof) -> list[tuple[str, str]]:
    """Return what a site with these *bound* terminals has yet to show, in zh and en; empty where it is proved."""
    missing: list[tuple[str, str]] = []
    if not bound:
        missing.append(("没有绑定的终端", "a bound terminal"))
    for terminal in bound:
        cases = [case for case in TEST_CASES if case not in proof.passed.get(terminal.terminal, frozenset())]
        if cases:
            said = ", ".join(cases)
            missing.append((f"终端 {terminal.terminal} 的测试项 {said}", f"test cases {said} on {terminal.terminal}"))
    if not proof.used:
        missing.append(("一笔真实用卡", "one real use"))
    return missing
