"""The bank as a process: takes batch files from one folder and puts return files into another, until it is stopped."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from onecard.payouts.bank_problem import FileRefused
from onecard.payouts.batch_file import BatchHead, BatchLines, read_batch
from onecard.payouts.iso_pain001 import read_pain001
from onecard.settings.public_file import write_once
from onecard.standins.bank import answers
from onecard.standins.bank_chance import BankFault, Chance
from onecard.standins.inbox import keep_looking
from onecard.values.days import CITY_ZONE

__all__ = ["BankCounter"]

_MESSAGE: Final = ".xml"
_PERIOD_MONTH: Final = re.compile(r"([0-9]{4})-([0-9]{2})", re.ASCII)
_PAYS_ON: Final = 25  # Source: FIELD §9, each period is paid on the 25th of the next month.


@dataclass(frozen=True, slots=True, kw_only=True)
class BankCounter:
    """One bank's counter: *inbox* gets `BANK_BATCH.txt` (or `.xml`) and its `.sig`, *outbox* the returns; *say* hears of each.

    What it answers follows from batch, fault and chance alone, and the last two are written down first. So one that was killed
    goes on where it stopped: no return is written again, and one that is missing comes out as it would have. `late` waits
    *late_seconds*.
    """

    inbox: Path
    outbox: Path
    fault: BankFault
    chance: Chance
    late_seconds: float
    say: Callable[[str], None]

    def run(self, *, once: bool = False) -> None:
        """Answer what lies there; unless *once*, keep looking."""
        keep_looking(self._look, once=once)

    def _look(self) -> None:
        for signature in sorted(self.inbox.glob("*.sig")):  # It is written last: with it the batch is whole.
            path = signature.with_suffix("")
            if path.suffix in (".txt", _MESSAGE) and path.exists() and not (self.outbox / f".{path.stem}.done").exists():
                self._answer(path)

    def _answer(self, path: Path) -> None:
        try:
            head, lines = _read(path)
        except FileRefused as refused:
            self.say(f"{path.name}: {refused.said_en}")
            write_once(self.outbox / f".{path.stem}.done", f"refused: {refused.said_en}\n".encode())
            return
        if self.fault == "late":
            time.sleep(self.late_seconds)
        mind = self._mind(path.stem)
        message = path.suffix == _MESSAGE
        returns = answers(head, lines, mind.fault, mind.chance, _paid_at(head), message=message)
        for number, content in enumerate(returns, 1):
            write_once(self.outbox / (f"{path.stem}.r{number:03d}" + (_MESSAGE if message else "")), content)
        write_once(self.outbox / f".{path.stem}.done", b"")
        self.say(f"{path.name}: {len(lines.ss_no)} lines answered in {len(returns)} return(s), fault {mind.fault}")

    def _mind(self, stem: str) -> "_Mind":
        """Return how this batch is answered: as it was begun, whatever this bank was told when it was started again."""
        begun = write_once(self.outbox / f".{stem}.begun", msgspec.json.encode(_Mind(fault=self.fault, chance=self.chance)))
        return msgspec.json.decode(begun, type=_Mind)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mind:
    fault: BankFault
    chance: Chance


def _read(path: Path) -> tuple[BatchHead, BatchLines]:
    if path.suffix == _MESSAGE:
        return read_pain001(path.read_bytes())
    file = read_batch(path.read_bytes())
    return file.head, file.lines()


def _paid_at(head: BatchHead) -> datetime:
    """Return when the bank pays: ten in the morning of the 25th after the period, for a bank in a demo lives on the demo's days."""
    month = _PERIOD_MONTH.match(head.period)
    if month is None:
        return datetime(2024, 10, _PAYS_ON, 10, tzinfo=CITY_ZONE).astimezone(UTC)
    year, number = int(month[1]), int(month[2])
    return datetime(year + number // 12, number % 12 + 1, _PAYS_ON, 10, tzinfo=CITY_ZONE)
