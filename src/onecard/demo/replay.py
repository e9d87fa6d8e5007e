"""Feed the demo's days to the service that takes anyone's taps, and count what came of them."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from onecard.demo.clock import DEMO_DAY, DEMO_FIRST_DAY
from onecard.demo.plan import DayOfTaps
from onecard.demo.trouble import Trouble
from onecard.uses.model import Answer, Tap
from onecard.values.error import OnecardError

if TYPE_CHECKING:
    from onecard.uses.service import Uses

__all__ = ["DemoTapRefused", "Replayed", "replay"]

_BATCH: Final = 1_000
_ARRIVES_AFTER: Final = timedelta(seconds=1)


class DemoTapRefused(OnecardError):
    """A tap of the demo's own plan could not be taken in: the plan and the program do not fit each other."""

    code = "demo.tap_refused"
    exit_code = 1
    zh = "演示数据中的一笔（终端 {terminal}，序号 {seq}）无法记录：{why_zh} 这是程序的问题，请报告。"
    en = "A use of the demo itself ({terminal}, {seq}) could not be recorded: {why_en} This is our mistake; please report it."


@dataclass(slots=True)
class Replayed:
    """What the demo's days came to."""

    uses: int = 0
    refused: int = 0
    duplicates: int = 0  # Sent again and not counted again.
    granted: Counter[str] = field(default_factory=Counter)  # By programme; what is piled up counts as the pile.
    trouble: list[Trouble] = field(default_factory=list)


async def replay(uses: "Uses", days: Iterator[DayOfTaps], progress: Callable[[str, int, int], None]) -> Replayed:
    """Record every day's taps in order: first the morning's upload, then the day's own, a second after the batch's last tap.

    A day is never mixed with the next.
    Raises `DemoTapRefused` where one is malformed.
    """
    total = (DEMO_DAY - DEMO_FIRST_DAY).days + 1
    came_to = Replayed()
    for done, day in enumerate(days):
        if done % 10 == 0:
            progress("days", done, total)
        if day.uploads:
            _count(came_to, day.uploads, await uses.record(day.uploads, day.uploads_at))
        for batch in _batches(day.taps):
            _count(came_to, batch, await uses.record(batch, batch[-1].occurred_at + _ARRIVES_AFTER))
        came_to.trouble += day.trouble
    progress("days", total, total)
    return came_to


def _batches(taps: list[Tap]) -> Iterator[list[Tap]]:
    for start, end in pairwise([*range(0, len(taps), _BATCH), len(taps)]):
        yield taps[start:end]


def _count(came_to: Replayed, taps: Sequence[Tap], outcomes: Sequence[object]) -> None:
    for tap, outcome in zip(taps, outcomes, strict=True):
        if not isinstance(outcome, Answer):
            raise _refused(tap, outcome)
        if outcome.duplicate:
            came_to.duplicates += 1
            continue
        came_to.uses += 1
        came_to.refused += outcome.outcome == "refused"
        if outcome.programme is not None:
            came_to.granted[outcome.programme] += 1


def _refused(tap: Tap, outcome: object) -> DemoTapRefused:
    why = (outcome.said_zh, outcome.said_en) if isinstance(outcome, OnecardError) else ("序号重复。", "its number is taken.")
    return DemoTapRefused(terminal=tap.terminal, seq=tap.seq, why_zh=why[0], why_en=why[1])
