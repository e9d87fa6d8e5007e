"""How far a run has come: a bar on a terminal, elsewhere a line now and then, on stderr. Drawn between runs, never during one."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

__all__ = ["shown"]

_LINES: Final = 8


@contextmanager
def shown(question: str) -> Iterator[Callable[[int, int], None]]:
    """Lend a function that is told (runs done, of how many) of *question*."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _in_lines(question)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"), TimeElapsedColumn())
    with Progress(*columns, console=console, auto_refresh=False) as bar:  # Refreshing by itself it would take part in what is measured.
        task = bar.add_task(f"bench {question}", total=None)

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)
            bar.refresh()

        yield told


def _in_lines(question: str) -> Callable[[int, int], None]:
    said = -1

    def told(done: int, total: int) -> None:
        nonlocal said
        part = done * _LINES // max(total, 1)
        if part != said:
            said = part
            sys.stderr.write(f"bench {question}: {done}/{total}\n")
            sys.stderr.flush()

    return told
