"""`onecard bench`: the performance table, each row beside its peer or limit, in one run."""

import runpy
import sys
from pathlib import Path
from typing import Annotated

import typer

from onecard.cli.output import wrong_call

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench")(bench)


def bench(
    names: Annotated[list[str] | None, typer.Argument(help="Folders under bench/; without any, all.")] = None,
    rounds: Annotated[int, typer.Option(help="Interleaved rounds.", min=1, max=101)] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
) -> None:
    """The performance table.

    Example: onecard bench tap --rounds 7
    """
    folder = _bench_folder()
    sys.path.insert(0, str(folder.parent))
    told = {"NAMES": names or [], "ROUNDS": rounds, "AS_JSON": as_json}
    runpy.run_path(str(folder / "all.py"), init_globals=told, run_name="onecard_bench")


def _bench_folder() -> Path:
    for parent in Path(__file__).resolve().parents:
        if (parent / "bench" / "all.py").is_file():
            return parent / "bench"
    return wrong_call("找不到 bench/ 目录：性能测试要在源码目录中运行。", "There is no bench/ folder: benchmarks run from a source tree.")
