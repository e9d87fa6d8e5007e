"""The whole performance table: every question asked in turn, each row beside its peer, in one run."""

import os
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from typing import Any, Final

import uvloop

from bench.machine import machine
from bench.order import FULL, Order, Size
from bench.page import keep
from bench.progress import shown
from bench.rounds import Row
from bench.table import as_document, as_markdown, as_text
from onecard.settings.settings import Settings, read_settings

__all__ = ["QUESTIONS", "main", "questions_of"]

QUESTIONS: Final = ("tap", "decide", "batch", "hotlist", "console", "simulate", "payout")
"""Folders beside this file; each holds `run.py` with `run(order) -> rows` and the names of its `ROWS`."""


def main(names: Sequence[str], rounds: int, *, day: str | None = None, size: Size = FULL) -> tuple[dict[str, Any], str]:
    """Ask the questions that *names* name, by folder or by row (all without any); return JSON document and text.

    With a *day* the table is kept in the reference under it. Raises `KeyError` for a name that is none of either kind.
    """
    settings = read_settings(os.environ)
    told = machine(settings.postgres_binaries)
    rows = [row for question in questions_of(names) for row in _asked(question, rounds, settings, size)]
    if day is not None:
        keep(as_markdown(told, rows, day=day, command=" ".join(["onecard bench", *names, f"--rounds {rounds}"])))
    return as_document(told, rows), as_text(rows)


def questions_of(names: Iterable[str]) -> list[str]:
    """Return the questions behind *names*, each once, in the order of `QUESTIONS`. Raises `KeyError`."""
    by_name = {name: question for question in QUESTIONS for name in (question, *import_module(f"bench.{question}.run").ROWS)}
    asked = {by_name[name] for name in names}
    return [question for question in QUESTIONS if question in asked or not asked]


def _asked(question: str, rounds: int, settings: Settings, size: Size) -> list[Row]:
    """Ask one question, in a home of its own inside this installation's: the same disk, and nothing left of it."""
    home: Path = settings.home.folder / "bench"
    with ExitStack() as ending:
        ending.callback(rmtree, home, ignore_errors=True)
        rmtree(home, ignore_errors=True)
        told = ending.enter_context(shown(question))
        order = Order(rounds=rounds, size=size, home=home, binaries=settings.postgres_binaries, told=told)
        rows: list[Row] = uvloop.run(import_module(f"bench.{question}.run").run(order))
        return rows
