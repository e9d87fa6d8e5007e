"""The card maker as a process: takes batches from one folder and puts return files into another, until it is stopped."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from onecard.cards.makefile import MakeFile, read_make_file
from onecard.settings.public_file import write_once
from onecard.standins.inbox import keep_looking
from onecard.standins.maker import Fault, return_bytes
from onecard.values.fixed_columns import FileProblem

__all__ = ["Personalisation"]

_NEXT: Final = ".next-card-number"
_BATCH_DAY: Final = re.compile(r"M([0-9]{8})-", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Personalisation:
    """One maker: *inbox* holds `*.make`, *outbox* gets `BATCH.return`; *say* hears of each file."""

    inbox: Path
    outbox: Path
    fault: Fault
    late_seconds: float
    say: Callable[[str], None]

    def run(self, *, once: bool = False) -> None:
        """Answer what lies there; unless *once*, keep looking. A batch that was answered is not answered again."""
        self.outbox.mkdir(parents=True, exist_ok=True)
        keep_looking(self._look, once=once)

    def _look(self) -> None:
        for path in sorted(self.inbox.glob("*.make")):
            if not (self.outbox / f"{path.stem}.return").exists():
                self._answer(path)

    def _answer(self, path: Path) -> None:
        try:
            make = read_make_file(path.read_bytes())
        except FileProblem as problem:
            self.say(f"{path.name}: {problem.said_en}")
            write_once(self.outbox / f"{path.stem}.return", f"refused: {problem.said_en}\n".encode())
            return
        if self.fault == "late":
            time.sleep(self.late_seconds)
        content = return_bytes(make, self.fault, _day_of(make), self._numbers(len(make.rows)))
        write_once(self.outbox / f"{path.stem}.return", content)
        if self.fault == "twice":
            write_once(self.outbox / f"{path.stem}.again.return", content)
        self.say(f"{path.name}: {len(make.rows)} rows answered, fault {self.fault}")

    def _numbers(self, count: int) -> int:
        """Return the first of *count* card numbers that this maker never gave before."""
        path = self.outbox / _NEXT
        first = int(path.read_text(encoding="ascii")) if path.exists() else 1
        path.write_text(str(first + count), encoding="ascii")
        return first


def _day_of(make: MakeFile) -> date:
    """Return the day of issue: that of the batch, for a maker in a demo lives on the demo's day."""
    named = _BATCH_DAY.match(make.batch)
    return date.fromisoformat(named[1]) if named else date(2024, 10, 31)
