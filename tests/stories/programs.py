"""The terminal program as stories use it: a process with a folder of its own, a line in for each thing shown, a line out."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from tests.stories.doors import ROOT, City

__all__ = ["Program", "said"]

SYNC_SECONDS_MAX = 20

Told = dict[str, Any]


def said(answer: Told) -> tuple[str, str, int]:
    """Return outcome, reason and what is paid."""
    return answer["outcome"], answer["reason"], answer["paid"]


class Program:
    """`onecard terminal --json`, running."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    @classmethod
    @contextmanager
    def at(cls, city: City, key: str, folder: Path, *more: str, server: str | None = None) -> Iterator[Self]:
        """Run the program as a terminal of the cast until the story is told; it sends what waits before it ends, if it can."""
        there = city.terminal(key)
        told = ["--terminal", there["id"], "--server", server or city.serving.url, "--folder", str(folder), "--json", *more]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ONECARD_")}
        environment = {**kept, "PYTHONPATH": str(ROOT / "src"), "ONECARD_HOME": "/nowhere", "ONECARD_TERMINAL_TOKEN": there["token"]}
        process = subprocess.Popen(
            [sys.executable, "-m", "onecard.cli.main", "terminal", *told], cwd=ROOT, env=environment, text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            program = cls(process)
            assert program.says("#status")["ready_alone"]
            yield program
        finally:
            _, said = process.communicate(timeout=60)
        assert "Traceback" not in said, said
        assert process.returncode == 0, said

    def says(self, line: str) -> Told:
        """Type a line and return its answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        answer: Told = json.loads(self._process.stdout.readline())
        return answer

    def alone(self, shown: str) -> Told:
        """Show something to a terminal that is out of reach, and return its own answer."""
        answer = self.says(shown)
        assert answer["offline"], answer
        return answer

    def heard(self, hotlist: int) -> None:
        """Wait until it holds this version of the hotlist or a newer one: an open ear takes a second, one to be opened again a few."""
        until = time.monotonic() + SYNC_SECONDS_MAX
        while (stands := self.says("#status"))["hotlist"] < hotlist:
            assert time.monotonic() < until, stands
            time.sleep(0.1)

    def synced(self) -> Told:
        """Wait until the server is reached again and nothing waits; return how the terminal stands then."""
        until = time.monotonic() + SYNC_SECONDS_MAX
        while (stands := self.says("#sync"))["waiting"] or not stands["online"]:
            assert time.monotonic() < until, stands
            time.sleep(0.2)
        return stands
