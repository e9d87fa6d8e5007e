"""A progress bar on a terminal, and elsewhere a line now and then."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from onecard.demo.build import Progress as Told

__all__ = ["progress_shown"]

_LINES_A_STEP: Final = 4

_WORDS: Final = {
    "city": "点位与规则 sites and policies",
    "people": "居民与卡 people and cards",
    "days": "670 天的用卡 670 days of uses",
}


@contextmanager
def progress_shown() -> Iterator[Told]:
    """Lend a function that is told (step, done, of how many) and shows it on stderr."""
    console = Console(stderr=True)
    if console.is_terminal:
        count = TextColumn("{task.completed}/{task.total}")
        columns = (TextColumn("{task.description}"), BarColumn(), count, TimeElapsedColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console) as bar:
            tasks = {step: bar.add_task(words, total=None, start=False) for step, words in _WORDS.items()}
            yield lambda step, done, total: _advance(bar, tasks[step], done, total)
    else:
        yield _Lines()


def _advance(bar: Progress, task: "int", done: int, total: int) -> None:
    if not bar.tasks[task].started:
        bar.start_task(bar.tasks[task].id)
    bar.update(bar.tasks[task].id, completed=done, total=total)


class _Lines:
    """A few lines a step."""

    def __init__(self) -> None:
        self._said: dict[str, int] = {}

    def __call__(self, step: str, done: int, total: int) -> None:
        quarter = done * _LINES_A_STEP // max(total, 1)
        if self._said.get(step) != quarter:
            self._said[step] = quarter
            sys.stderr.write(f"{_WORDS[step]}: {done}/{total}\n")
            sys.stderr.flush()
