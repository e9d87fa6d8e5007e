"""Where signed heads go outside the database: a folder that holds `SIZE.head`, or an address that takes them by POST.

A witness is somebody else's: a folder on another machine, another house's server. What it holds, nobody here can rewrite.
"""

import asyncio
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import urlsplit

from onecard.settings.public_file import write_once
from onecard.values.error import OnecardError
from onecard.values.signed_head import NotAHead, read_head

__all__ = ["FolderWitness", "UrlWitness", "Witness", "WitnessAddressWrong", "WitnessContradicts", "WitnessSilent", "witness_of"]

WITNESS_SECONDS_MAX: Final = 10.0

_TAKEN: Final = (200, 201, 202, 204)


class WitnessSilent(Exception):
    """The witness did not take a head; it is tried again."""


class WitnessContradicts(OnecardError):
    """The witness holds another head of the same size: this log is not the one whose heads it was given before."""

    code = "audit.witness_contradicts"
    exit_code = 1
    zh = "见证处已有另一份 {size} 条的签名头，与本日志不符。日志或见证处被改动过，或见证目录属于另一套系统；请立即查明。"
    en = "The witness holds another head of size {size}: log or witness was changed, or the folder is another system's. Find out at once."


class WitnessAddressWrong(OnecardError):
    """ONECARD_WITNESS begins like an address and is none."""

    code = "audit.witness_address_wrong"
    zh = "ONECARD_WITNESS 应为一个目录，或 http:// 或 https:// 开头的完整地址。"
    en = "ONECARD_WITNESS should be a folder, or a whole address that begins with http:// or https://."


class Witness(Protocol):
    """Somebody outside who keeps heads."""

    async def take(self, size: int, note: bytes) -> None:
        """Hand over the head of the first *size* leaves; again does no harm. Raises `WitnessSilent`, `WitnessContradicts`."""


class FolderWitness:
    """A folder, one file a head. Files are never replaced."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def take(self, size: int, note: bytes) -> None:
        """Write `SIZE.head`."""
        path = self._folder / f"{size}.head"
        try:
            held = await asyncio.wait_for(asyncio.to_thread(write_once, path, note), WITNESS_SECONDS_MAX)
        except (OSError, TimeoutError) as silent:
            raise WitnessSilent(str(silent)) from silent
        if not _same_tree(held, note):
            raise WitnessContradicts(size=size)


class UrlWitness:
    """An address that takes each head by POST, text/plain; 409 says that it holds another."""

    def __init__(self, url: str) -> None:
        """Raises `WitnessAddressWrong`."""
        parts = urlsplit(url)
        if not parts.hostname:
            raise WitnessAddressWrong
        self._secure, self._host, self._port = parts.scheme == "https", parts.hostname, parts.port
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    async def take(self, size: int, note: bytes) -> None:
        """Post it."""
        try:
            status = await asyncio.wait_for(asyncio.to_thread(self._post, note), WITNESS_SECONDS_MAX)
        except (OSError, HTTPException, TimeoutError) as silent:
            raise WitnessSilent(str(silent) or type(silent).__name__) from silent
        if status == 409:
            raise WitnessContradicts(size=size)
        if status not in _TAKEN:
            raise WitnessSilent(f"it answered {status}")

    def _post(self, note: bytes) -> int:
        kind = HTTPSConnection if self._secure else HTTPConnection
        connection = kind(self._host, self._port, timeout=WITNESS_SECONDS_MAX)
        try:
            connection.request("POST", self._path, note, {"Content-Type": "text/plain; charset=utf-8"})
            return connection.getresponse().status
        finally:
            connection.close()


def witness_of(told: str | None) -> Witness | None:
    """Return the witness that ONECARD_WITNESS names: an address that begins with http:// or https://, else a folder.

    Raises `WitnessAddressWrong`.
    """
    if told is None:
        return None
    return UrlWitness(told) if urlsplit(told).scheme in ("http", "https") else FolderWitness(Path(told).expanduser())


def _same_tree(held: bytes, note: bytes) -> bool:
    try:
        one, other = read_head(held).head, read_head(note).head
    except NotAHead:
        return False
    return (one.origin, one.size, one.root) == (other.origin, other.size, other.root)
