"""A copy of the city whose clock a story sets: what happens on the fourth day, or at midnight, without waiting for it."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from onecard.settings.clock import write_clock
from tests.stories.doors import CITY_ZONE, City, CommandLine, Ended

__all__ = ["Moved"]


class Moved:
    """A home of its own, served on one address whenever it is served: terminals find it again after days."""

    def __init__(self, home: Path, commands: CommandLine) -> None:
        self._home = home
        self._commands = commands
        self._city: City | None = None
        self._port = 0
        self._seqs = itertools.count(50_000_000, 1000)

    @classmethod
    @contextmanager
    def copy_of(cls, city: City) -> Iterator[Self]:
        """Lend a copy of *city*, at rest."""
        with city.copied() as home:
            moved = cls(home, city.commands)
            try:
                yield moved
            finally:
                moved.leave()

    def at(self, when: str) -> City:
        """Let the home's clock stand at *when*, civil time like 2024-11-04T09:00:00, serve it, and return the city."""
        self.rest(when)
        return self.back()

    def rest(self, when: str) -> None:
        """Let the home's clock stand at *when*, and serve nobody."""
        self.leave()
        write_clock(self._home, _civil(when), datetime.now(UTC))

    def near(self, when: str) -> City:
        """Return the city within five minutes of *when*: as it is served where it stands there already."""
        if self._city is not None and timedelta() <= self._city.now() - _civil(when) < timedelta(minutes=5):
            return self._city
        return self.at(when)

    def back(self) -> City:
        """Serve again on the same address; its clock ran on meanwhile."""
        assert self._city is None
        self._city = City.open(self._home, self._commands, port=self._port)
        self._city.seqs = self._seqs
        self._port = urlsplit(self._city.serving.url).port or 0
        return self._city

    def leave(self) -> None:
        """Be out of everybody's reach."""
        if self._city is not None:
            self._city.close()
            said = self._city.serving.said()
            self._city = None
            assert "Traceback" not in said, said

    def onecard(self, *arguments: str | Path) -> Ended:
        """Run one command on this home, served or not."""
        return self._commands.run(*arguments, home=self._home)


def _civil(when: str) -> datetime:
    return datetime.fromisoformat(when).replace(tzinfo=CITY_ZONE)
