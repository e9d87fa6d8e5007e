"""What was typed behind a flag: days, files to read, where to write a page; each mistake ends the command with what is accepted."""

from datetime import date
from pathlib import Path
from typing import Final

from onecard.cli.output import wrong_call

__all__ = ["bytes_given", "day_given", "write_page"]

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


def bytes_given(path: Path, most: int) -> bytes:
    """Return what the file at *path* holds, of a longer one than *most* bytes one more: whoever reads it says that it is too long."""
    if not path.is_file():
        wrong_call(f"找不到文件 {path}。请核对路径。", f"There is no file {path}. Check the path.")
    try:
        with path.open("rb") as opened:
            return opened.read(most + 1)
    except OSError as mistake:
        wrong_call(f"无法读取 {path}：{mistake.strerror}。", f"{path} cannot be read: {mistake.strerror}.")


def write_page(path: Path, page: str) -> None:
    """Write *page* to *path*."""
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as mistake:
        wrong_call(f"无法写入 {path}：{mistake.strerror}。", f"{path} cannot be written: {mistake.strerror}.")
