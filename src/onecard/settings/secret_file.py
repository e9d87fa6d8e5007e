"""Files that hold secrets: whole or not at all, on disk before anyone goes on, and closed to everyone else (0600)."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["alone_in", "replace_secret", "sync_folder", "write_secret_once"]


def write_secret_once(path: Path, content: bytes) -> None:
    """Put *content* at *path* unless something is there: of two processes at once one wins, for a link never replaces."""
    with _draft(path, content) as draft, suppress(FileExistsError):
        path.hardlink_to(draft)
    sync_folder(path.parent)


def replace_secret(path: Path, content: bytes) -> None:
    """Put *content* at *path* in place of what is there. Readers see the one or the other, never a part."""
    with _draft(path, content) as draft:
        draft.replace(path)
    sync_folder(path.parent)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Let one process at a time change the keys in *folder*: two rotations at once would lose one of them."""
    lock = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextmanager
def _draft(path: Path, content: bytes) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600 from birth.
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def sync_folder(path: Path) -> None:
    """Return once the disk knows which files and folders are in *path*. Raises `OSError`."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
