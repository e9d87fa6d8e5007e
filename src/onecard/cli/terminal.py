"""`onecard terminal`: one terminal with its own folder, or thousands of simulated ones."""

import asyncio
import random
import sys
from collections.abc import AsyncIterator, Callable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import typer

from onecard.cli.output import complain, run, say, wrong_call
from onecard.cli.simulate import simulation
from onecard.device.clock import DeviceClock
from onecard.device.program import Options, run_terminal
from onecard.device.speaker import Speaker
from onecard.values.money import yuan

__all__ = ["register"]

LINE_BYTES_MAX: Final = 4096

_MARKS: Final = {"accepted": "✓", "refused": "✕"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("terminal")(terminal)


def terminal(
    server: Annotated[str, typer.Option(help="Where the server is, like http://127.0.0.1:8000.")],
    terminal: Annotated[str | None, typer.Option(help="The terminal's number, or in a demo its key in the cast.")] = None,
    token: Annotated[str | None, typer.Option(help="With which it speaks.", envvar="ONECARD_TERMINAL_TOKEN")] = None,
    folder: Annotated[Path | None, typer.Option(help="Its own folder: log, key, what it holds.")] = None,
    service: Annotated[str | None, typer.Option(help="Without it, what is usual there at that time.")] = None,
    price: Annotated[int | None, typer.Option(min=0, help="List price in fen; without it, the usual one.")] = None,
    lang: Annotated[str, typer.Option(help="zh, en or both: the language of the words shown.")] = "both",
    speak: Annotated[bool, typer.Option("--speak", help="Speak each answer, where this machine has a player.")] = False,
    simulate: Annotated[int | None, typer.Option(help="Drive so many terminals at once instead of being one.")] = None,
    rate: Annotated[float, typer.Option(min=0, help="Of simulated terminals: taps a second, all together.")] = 50,
    seconds: Annotated[float, typer.Option(min=0, max=86_400, help="Of simulated terminals: how long they work.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document a line on stdout.")] = False,
) -> None:
    """A terminal: each line on stdin is a card number, chip id, id number or code, and is answered by one line.

    Lines that begin with # are for whoever serves: #service NAME, #price FEN, #status, #sync, #exit.

    Example: onecard terminal --terminal bus --server http://127.0.0.1:8000 --token T --folder ./bus --json

    Example: onecard terminal --simulate 5000 --server http://127.0.0.1:8000 --rate 100 --seconds 60
    """
    if simulate is not None:
        simulation(simulate, server, token, rate, seconds, as_json)
        return
    if terminal is None or token is None or folder is None:
        wrong_call("请写明 --terminal、--token 与 --folder。", "Name --terminal, --token and --folder.")
    if lang not in ("zh", "en", "both"):
        wrong_call("--lang 应为 zh、en 或 both。", "--lang is zh, en or both.")
    options = Options(terminal=terminal, url=server, token=token, folder=folder, service=service, price_fen=price)
    with as_file(files("onecard.web") / "static" / "voice") as clips:
        speaker = Speaker(clips) if speak else None
        if speaker is not None and not speaker.can_speak:
            complain("本机没有可用的播放程序，不播报语音。", "This machine has no player: nothing is spoken.")
        show = _json if as_json else _words_in(lang)
        run(run_terminal(options, _lines(), _shown(show, speaker), clock=DeviceClock(), chance=random.random, notice=complain))


async def _lines() -> AsyncIterator[str]:
    """Yield stdin line by line; the next is read when the last was answered."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.buffer.readline, LINE_BYTES_MAX):
        yield line.decode("utf-8", errors="replace")


def _shown(show: Callable[[dict[str, Any]], None], speaker: Speaker | None) -> Callable[[dict[str, Any]], None]:
    def shown(answer: dict[str, Any]) -> None:
        show(answer)
        if speaker is not None:
            speaker.speak(answer)

    return shown


def _json(answer: dict[str, Any]) -> None:
    say(msgspec.json.encode(answer).decode())


def _words_in(lang: str) -> Callable[[dict[str, Any]], None]:
    chosen = ("zh", "en") if lang == "both" else (lang,)

    def words(answer: dict[str, Any]) -> None:
        if "order" in answer:
            say("  ".join(f"{name}={told}" for name, told in answer.items() if told is not None))
        elif answer["outcome"] is None:
            title = answer["problem"].get("title", {})
            say("? " + "  ".join(title[each] for each in chosen if each in title))
        else:
            said = "  ".join(answer["say"][each] for each in chosen)
            money = f"  ¥{yuan(answer['paid'])} / {yuan(answer['list_price'])}" if answer["outcome"] == "accepted" else ""
            say(f"{_MARKS[answer['outcome']]} {said}{money}{'  ⌁' if answer['offline'] else ''}")

    return words
