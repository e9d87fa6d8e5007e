"""Other processes of a run: servers that say where they listen, and programs that are run to their end."""

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

__all__ = ["listening", "output_of"]

_ROOT: Final = Path(__file__).resolve().parents[1]
_PORT: Final = re.compile(rb"http://127\.0\.0\.1:([0-9]+)")
_START_SECONDS_MAX: Final = 60.0


@asynccontextmanager
async def listening(module: str, *arguments: str, environment: Mapping[str, str]) -> AsyncIterator[int]:
    """Run `python -m module` and lend the port of the URL that it prints; it is stopped by SIGTERM afterwards."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments, stdout=PIPE, cwd=_ROOT, env=_environment(environment)
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_START_SECONDS_MAX):
            while (found := _PORT.search(line := await process.stdout.readline())) is None:
                assert line, f"{module} ended before it listened"
        yield int(found[1])
    finally:
        if process.returncode is None:
            process.terminate()
        await process.communicate()


async def output_of(command: Sequence[str], content: bytes = b"", *, environment: Mapping[str, str]) -> bytes:
    """Run *command* with *content* as its stdin; return its stdout. Raises `RuntimeError` with its words where it fails."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=_ROOT, env=_environment(environment)
    )  # fmt: skip
    said, complained = await process.communicate(content)
    if process.returncode:
        raise RuntimeError(f"{command[0]} ended with {process.returncode}: {complained.decode('utf-8', 'replace')}")
    return said


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """Return our environment without an installation's own settings: a bench asks nobody else's database."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("ONECARD_", "PG"))}
    path = [str(_ROOT / "src"), str(_ROOT)]
    return {**ours, "PYTHONPATH": os.pathsep.join(path), **more}
