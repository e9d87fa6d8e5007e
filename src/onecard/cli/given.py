"""What was typed behind a flag: days, and where to write a page; each mistake ends the command with what is accepted."""

from datetime import date
from pathlib import Path
from typing import Final

from onecard.cli.output import wrong_call

__all__ = ["day_given", "write_page"]

_FIRST_DAY: Final = date(2000, 1, 1)
_LAST_DAY: Final = date(2099, 12, 31)


def day_given(text: str) -> date:
    """Return the day that *text* names."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not _FIRST_DAY <= day <= _LAST_DAY:
        wrong_call("日期应为 2024-10-31 这样的格式。", f"Write the date like 2024-10-31, from {_FIRST_DAY} to {_LAST_DAY}.")
    return day


def write_page(path: Path, page: str) -> None:
    """Write *page* to *path*."""
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as mistake:
        wrong_call(f"无法写入 {path}：{mistake.strerror}。", f"{path} cannot be written: {mistake.strerror}.")
