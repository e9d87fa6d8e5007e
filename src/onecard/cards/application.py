"""The way of a card from application to the holder's hand: states of a card back office, and which follow which. Pure.

The two-digit codes are those seen in a citizen-card back office (FIELD §3.3).
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from onecard.values.error import OnecardError

__all__ = ["CHECKS", "ENDED", "NEXT", "STAGES", "WAITING", "ApplicationMoveRefused", "Stage", "path", "refuse_unless_desk_may"]


class Stage(NamedTuple):
    """One state of an application."""

    code: str
    zh: str
    en: str


STAGES: Final[Mapping[str, Stage]] = {
    "applied": Stage("00", "已申领", "applied for"),
    "tasked": Stage("10", "已编入任务", "in a batch"),
    "health_asked": Stage("11", "卫健核验中", "asked the health authority"),
    "health_passed": Stage("12", "卫健核验通过", "passed by the health authority"),
    "health_failed": Stage("13", "卫健核验未通过", "failed by the health authority"),
    "bank_asked": Stage("14", "银行核验中", "asked the bank"),
    "bank_passed": Stage("15", "银行核验通过", "passed by the bank"),
    "bank_failed": Stage("16", "银行核验未通过", "failed by the bank"),
    "province_asked": Stage("17", "省平台核验中", "asked the province"),
    "province_passed": Stage("18", "省平台核验通过", "passed by the province"),
    "province_failed": Stage("19", "省平台核验未通过", "failed by the province"),
    "making": Stage("20", "制卡中", "being made"),
    "made": Stage("30", "已制卡", "made"),
    "delivered": Stage("40", "已配送", "on its way to the counter"),
    "received": Stage("50", "网点已接收", "at the counter"),
    "issued": Stage("60", "已领卡", "collected"),
    "returned": Stage("70", "已退回", "sent back"),
    "recycled": Stage("80", "已回收销毁", "destroyed"),
    "cancelled": Stage("90", "已撤销", "withdrawn"),
}

CHECKS: Final = ("health", "bank", "province")
"""Who is asked before a card is made, in this order. Each may fail one person of a batch; the others go on."""

NEXT: Final[Mapping[str, frozenset[str]]] = {
    "applied": frozenset({"tasked", "cancelled"}),
    "tasked": frozenset({"health_asked", "cancelled"}),
    "health_asked": frozenset({"health_passed", "health_failed"}),
    "health_passed": frozenset({"bank_asked"}),
    "health_failed": frozenset({"tasked", "cancelled"}),
    "bank_asked": frozenset({"bank_passed", "bank_failed"}),
    "bank_passed": frozenset({"province_asked"}),
    "bank_failed": frozenset({"tasked", "cancelled"}),
    "province_asked": frozenset({"province_passed", "province_failed", "cancelled"}),
    "province_passed": frozenset({"making"}),
    "province_failed": frozenset({"tasked", "cancelled"}),
    "making": frozenset({"made", "bank_failed", "tasked", "cancelled"}),  # The return file: made, failed at the bank, in the making.
    "made": frozenset({"delivered", "cancelled"}),
    "delivered": frozenset({"received", "returned", "cancelled"}),
    "received": frozenset({"issued", "returned", "cancelled"}),
    "returned": frozenset({"delivered", "recycled", "cancelled"}),
    "issued": frozenset(),
    "recycled": frozenset(),
    "cancelled": frozenset(),
}

WAITING: Final = frozenset({"applied", "tasked", "province_asked"})
"""What the next batch takes up: new ones, such as failed in the making, and those whose province did not answer."""

ENDED: Final = frozenset(state for state, following in NEXT.items() if not following)


class ApplicationMoveRefused(OnecardError):
    """An application does not go from its state to the one that was asked for."""

    code = "cards.application_move_refused"
    http_status = 409
    exit_code = 1
    zh = "这份申领单{state_zh}，不能转为“{to_zh}”。下一步可以是：{may_zh}。"
    en = "This application is {state_en} and cannot become {to_en}. What may follow: {may_en}."


def refuse_unless_desk_may(state: str, to: str) -> None:
    """Raise `ApplicationMoveRefused` where *to* does not follow *state*. What is at the maker the desk can only withdraw."""
    may = NEXT[state] if state != "making" else frozenset({"cancelled"})
    if to not in may:
        following = sorted(may, key=lambda name: STAGES[name].code)
        raise ApplicationMoveRefused(
            state_zh=STAGES[state].zh, state_en=STAGES[state].en, to_zh=STAGES[to].zh, to_en=STAGES[to].en,
            may_zh="、".join(STAGES[name].zh for name in following) or "无",
            may_en=", ".join(STAGES[name].en for name in following) or "nothing",
        )  # fmt: skip


def path(state: str, answers: Mapping[str, str | None]) -> list[tuple[str, str]]:
    """Return the states with their reasons that an application in one of `WAITING` goes through, given what was answered.

    *answers* by check: '' passed, a text: failed and why, None: no answer yet, which the next batch asks again.
    """
    assert state in WAITING
    went: list[tuple[str, str]] = []
    if state == "applied":
        went.append(("tasked", ""))
    for check in CHECKS if state != "province_asked" else ("province",):
        if state != "province_asked":
            went.append((f"{check}_asked", ""))
        answer = answers[check]
        if answer is None:
            return went
        went.append((f"{check}_failed", answer) if answer else (f"{check}_passed", ""))
        if answer:
            return went
    return [*went, ("making", "")]
