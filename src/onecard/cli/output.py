"""How commands speak: data on stdout, words on stderr, one JSON document where it was asked for."""

import asyncio
import json
import os
import sys
from collections.abc import Coroutine
from typing import Any, NoReturn, TypeVar

import typer

from onecard.settings.settings import Settings, read_settings

__all__ = ["answer_no", "complain", "document", "run", "say", "settings_here", "wrong_call"]

T = TypeVar("T")


def document(content: Any) -> None:
    """Print *content* as one JSON document, UTF-8."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2, default=str) + "\n")
    sys.stdout.flush()


def say(text: str = "") -> None:
    """Print a line of an answer."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(zh: str, en: str) -> None:
    """Print what went wrong, in both languages, on stderr."""
    sys.stderr.write(f"{zh}\n{en}\n")
    sys.stderr.flush()


def answer_no() -> NoReturn:
    """End with the exit code of a clear no."""
    raise typer.Exit(1)


def wrong_call(zh: str, en: str) -> NoReturn:
    """End with the exit code of a wrong call."""
    complain(zh, en)
    raise typer.Exit(2)


def settings_here(city: str | None = None) -> Settings:
    """Return the settings of this process's environment."""
    return read_settings(os.environ, city=city)


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run *work* to its end."""
    return asyncio.run(work)
