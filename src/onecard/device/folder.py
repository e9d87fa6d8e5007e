"""A terminal's folder: closed to everyone else, used by one process at a time, with files that are whole or as good as not there."""

import hashlib
import os
from pathlib import Path
from typing import Final, Self

from onecard.db.flock import open_lock, try_exclusive
from onecard.device.errors import FolderTaken, FolderUnusable
from onecard.settings.secret_file import replace_secret, sync_folder

__all__ = ["Folder"]

_DIGEST_BYTES: Final = 32


class Folder:
    """The folder, held until `close`."""

    def __init__(self, path: Path) -> None:
        """Make the folder where needed and take it. Raises `FolderUnusable`, `FolderTaken`."""
        self.path = path
        try:
            new = [each for each in (path, *path.absolute().parents) if not each.exists()]
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            for each in new:
                sync_folder(each.absolute().parent)  # SQLite syncs what is in the folder, not that there is one.
            self._lock = open_lock(path / "lock")
        except OSError as mistake:
            raise FolderUnusable(folder=path, why=mistake.strerror or mistake) from mistake
        if not try_exclusive(self._lock):
            os.close(self._lock)
            raise FolderTaken(folder=path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, name: str) -> bytes | None:
        """Return the content of a file that `write` put there; None where there is none, or not a whole one."""
        try:
            whole = (self.path / name).read_bytes()
        except OSError:
            return None
        digest, content = whole[:_DIGEST_BYTES], whole[_DIGEST_BYTES:]
        return content if hashlib.sha256(content).digest() == digest else None

    def write(self, name: str, content: bytes) -> None:
        """Put *content* under *name*, whole or not at all, with its digest before it. Raises `FolderUnusable`."""
        try:
            replace_secret(self.path / name, hashlib.sha256(content).digest() + content)
        except OSError as mistake:
            raise FolderUnusable(folder=self.path, why=mistake.strerror or mistake) from mistake

    def close(self) -> None:
        """Let another process have it."""
        os.close(self._lock)
