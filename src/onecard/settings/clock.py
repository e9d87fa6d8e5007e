"""What time it is in a home: real time, or a demo's, which stood at one instant when it was built and runs on from there."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

__all__ = ["HomeClock", "read_clock", "write_clock"]

_FILE: Final = "clock.json"


class _ClockFile(msgspec.Struct, forbid_unknown_fields=True):
    stood_at: datetime
    when_real: datetime


class HomeClock:
    """Tells the instant of a home. Every server and command of one home tells the same."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        """*ahead* is how far this home's clock is ahead of real time; far behind it for a demo."""
        self._ahead = ahead

    def now(self) -> datetime:
        """Return the home's instant, aware, in UTC."""
        return datetime.now(UTC) + self._ahead  # The one place where this program reads a clock for the city.


def read_clock(home: Path) -> HomeClock:
    """Return the clock of the *home* folder: real time where none was set."""
    path = home / _FILE
    if not path.exists():
        return HomeClock()
    file = msgspec.json.decode(path.read_bytes(), type=_ClockFile)
    return HomeClock(file.stood_at - file.when_real)


def write_clock(home: Path, stood_at: datetime, when_real: datetime) -> None:
    """Let the clock of *home* stand at *stood_at* at the real instant *when_real*, and run on from there."""
    (home / _FILE).write_bytes(msgspec.json.encode(_ClockFile(stood_at=stood_at, when_real=when_real)))
