"""`onecard bench`: the performance table, each row beside its peer or limit, in one run."""

import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from onecard.cli.output import document, say, wrong_call

__all__ = ["register"]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("bench")(bench)


def bench(
    names: Annotated[list[str] | None, typer.Argument(help="Questions (a folder of bench/) or rows; else all.")] = None,
    rounds: Annotated[int, typer.Option(help="Interleaved rounds.", min=1, max=101)] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    keep: Annotated[str, typer.Option(help="Keep the table in docs/reference/performance.md, as of this day.", metavar="YYYY-MM-DD")] = "",
) -> None:
    """The performance table. It measures in a home of its own inside this one, and leaves nothing there.

    Example: onecard bench tap --rounds 7
    """
    if keep and not _DAY.fullmatch(keep):
        wrong_call("--keep 应为 YYYY-MM-DD 形式的日期。", "--keep takes a date like 2024-10-31.")
    sys.path.insert(0, str(_source_tree()))
    try:
        questions = import_module("bench.all")
        chosen = questions.questions_of(names or ())
    except ModuleNotFoundError as missing:
        wrong_call(f"缺少 {missing.name}，请先运行 make bench。", f"There is no {missing.name} here: run make bench, which installs it.")
    except KeyError as unknown:
        _refuse_name(unknown.args[0])
    told, text = questions.main(chosen, rounds, day=keep or None)
    if as_json:
        document(told)
    else:
        say(text)


def _refuse_name(name: str) -> NoReturn:
    zh = f"没有性能测试 {name}。可用：tap、decide、batch、hotlist、console、simulate、payout。"
    en = f"There is no bench {name}. There are tap, decide, batch, hotlist, console, simulate and payout."
    wrong_call(zh, en)


def _source_tree() -> Path:
    """Return the folder that holds `bench/`."""
    found = next((parent for parent in Path(__file__).resolve().parents if (parent / "bench" / "all.py").is_file()), None)
    if found is None:
        wrong_call("找不到 bench/ 目录：性能测试要在源码目录中运行。", "There is no bench/ folder: benchmarks run from a source tree.")
    return found
