"""One count that grows: a progress bar on a terminal, and elsewhere a line now and then."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

__all__ = ["count_shown"]

_LINE_SECONDS: Final = 5.0


@contextmanager
def count_shown(words: str) -> Iterator[Callable[[int, int], None]]:
    """Lend a function that is told how much is done, of how much, and shows it on stderr under *words*."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(words)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class _Lines:
    """A line every few seconds, and one at the end."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._said_at = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if done >= total or now - self._said_at >= _LINE_SECONDS:
            self._said_at = now
            sys.stderr.write(f"{self._words}: {done}/{total}\n")
            sys.stderr.flush()
