"""The life of a card: what may be done to it in which state, for its social and its bank function apart. Pure.

One table holds every move, with its words. Whoever asks for what is so already gets the same answer and nothing happens:
a loss told twice is one loss (FIELD §3.3: answered as a code, not an error).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from onecard.cards.errors import MoveRefused
from onecard.cards.model import TEMP_LOSS_LASTS, StateRow, with_lapses

__all__ = ["ACTS", "BARRED", "MOVES", "STATES", "Act", "Function", "Standing", "Step", "next_step", "standing_at"]

Function = Literal["social", "bank"]

Act = Literal["activate", "seal", "temp_loss", "formal_loss", "release", "pin_lock", "pin_reset", "reissue", "renew", "cancel"]

BACK: Final = "back"
"""Where a release leads: to the state before the loss, so that a sealed card that was lost is sealed when it is found."""

_LOST: Final = frozenset({"temp_loss", "formal_loss", "lost"})

BARRED: Final = frozenset({"temp_loss", "formal_loss", "cancelled"})
"""What puts a card on the hotlist (FIELD §3.4); a card that the desk seals while it is in use is put there too."""


class Words(NamedTuple):
    """One thing in Chinese and English."""

    zh: str
    en: str


STATES: Final[Mapping[Function, Mapping[str, Words]]] = {
    "social": {
        "sealed": Words("封存（未启用）", "sealed"),
        "active": Words("正常", "active"),
        "pin_locked": Words("密码锁定", "PIN locked"),
        "temp_loss": Words("临时挂失", "reported lost for the time being"),
        "formal_loss": Words("正式挂失", "reported lost"),
        "cancelled": Words("已注销", "cancelled"),
    },
    "bank": {
        "none": Words("无金融功能", "without a bank function"),
        "inactive": Words("金融功能未激活", "not activated at the bank"),
        "active": Words("金融功能正常", "active at the bank"),
        "lost": Words("金融功能已挂失", "reported lost at the bank"),
        "closed": Words("金融功能已销户", "closed at the bank"),
    },
}

ACTS: Final[Mapping[Act, Words]] = {
    "activate": Words("启用", "activate"),
    "seal": Words("封存", "seal"),
    "temp_loss": Words("临时挂失", "report lost for the time being"),
    "formal_loss": Words("正式挂失", "report lost"),
    "release": Words("解除挂失", "release"),
    "pin_lock": Words("锁定密码", "lock the PIN of"),
    "pin_reset": Words("重置密码", "reset the PIN of"),
    "reissue": Words("补卡", "re-issue"),
    "renew": Words("换卡", "renew"),
    "cancel": Words("注销", "cancel"),
}

MOVES: Final[Mapping[tuple[Function, Act], Mapping[str, str]]] = {
    ("social", "activate"): {"sealed": "active", "active": "active"},
    ("social", "seal"): {"active": "sealed", "pin_locked": "sealed", "sealed": "sealed"},
    ("social", "temp_loss"): {
        "active": "temp_loss", "sealed": "temp_loss", "pin_locked": "temp_loss", "temp_loss": "temp_loss", "formal_loss": "formal_loss",
    },
    ("social", "formal_loss"): {
        "active": "formal_loss", "sealed": "formal_loss", "pin_locked": "formal_loss", "temp_loss": "formal_loss",
        "formal_loss": "formal_loss",
    },
    ("social", "release"): {
        "temp_loss": BACK, "formal_loss": BACK, "active": "active", "sealed": "sealed", "pin_locked": "pin_locked",
    },
    ("social", "pin_lock"): {"active": "pin_locked", "pin_locked": "pin_locked"},
    ("social", "pin_reset"): {"pin_locked": "active", "active": "active"},
    ("social", "reissue"): {"formal_loss": "cancelled"},
    ("social", "renew"): {"active": "cancelled", "pin_locked": "cancelled", "sealed": "cancelled"},
    ("social", "cancel"): {
        "sealed": "cancelled", "active": "cancelled", "pin_locked": "cancelled", "temp_loss": "cancelled", "formal_loss": "cancelled",
        "cancelled": "cancelled",
    },
    ("bank", "activate"): {"inactive": "active", "active": "active"},
    ("bank", "formal_loss"): {"inactive": "lost", "active": "lost", "lost": "lost"},
    ("bank", "release"): {"lost": BACK, "inactive": "inactive", "active": "active"},
    ("bank", "cancel"): {"none": "none", "inactive": "closed", "active": "closed", "lost": "closed", "closed": "closed"},
}  # fmt: skip
"""Function and act → from which state to which. A state that leads to itself: so already. One that is missing: refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a card stands in one of its functions at an instant."""

    function: Function
    state: str
    since: datetime | None = None  # None: from the day of issue.
    until: datetime | None = None  # When a loss told by phone lapses.
    back: str = "active"  # The state before a loss, which a release leads to.
    last: datetime | None = None  # The newest record, lapses left out: what comes next is later.


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What an act comes to."""

    function: Function
    act: Act
    before: str
    state: str
    until: datetime | None = None
    changed: bool = True  # False: it was so already, and nothing is written.


def standing_at(function: Function, rows: Iterable[StateRow], at: datetime, first: str = "active") -> Standing:
    """Return how a card stands at the instant *at*; *first* is its state before the first of *rows*."""
    told = sorted(row for row in rows if row.since <= at)
    passed = [(since, state) for since, state in with_lapses(told, first) if since <= at]
    if not passed:
        return Standing(function=function, state=first, back=first)
    since, state = passed[-1]
    back = next((earlier for _, earlier in reversed(passed) if earlier not in _LOST), first)
    until = None if state != "temp_loss" else told[-1].until or told[-1].since + TEMP_LOSS_LASTS
    return Standing(function=function, state=state, since=since, until=until, back=back, last=told[-1].since)


def next_step(standing: Standing, act: Act, at: datetime, temp_loss_lasts: timedelta = TEMP_LOSS_LASTS) -> Step:
    """Return what *act* comes to at the instant *at*; raises `MoveRefused` where the state does not allow it."""
    to = MOVES.get((standing.function, act), {}).get(standing.state)
    if to is None:
        raise _refused(standing, act)
    if to == standing.state:
        return Step(function=standing.function, act=act, before=to, state=to, until=standing.until, changed=False)
    state = standing.back if to == BACK else to
    until = (at + temp_loss_lasts).replace(microsecond=0) if state == "temp_loss" else None  # The second that the holder is told.
    return Step(function=standing.function, act=act, before=standing.state, state=state, until=until)


def _refused(standing: Standing, act: Act) -> MoveRefused:
    state, done = STATES[standing.function][standing.state], ACTS[act]
    moves_here = ((name, moves.get(standing.state)) for (function, name), moves in MOVES.items() if function == standing.function)
    allowed = [name for name, to in moves_here if to not in {None, standing.state}]
    return MoveRefused(
        state=standing.state, act=act, state_zh=state.zh, state_en=state.en, act_zh=done.zh, act_en=done.en,
        may_zh="、".join(ACTS[name].zh for name in allowed) or "无", may_en=", ".join(ACTS[name].en for name in allowed) or "nothing",
    )  # fmt: skip
