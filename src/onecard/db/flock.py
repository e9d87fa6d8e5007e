"""Advisory file locks that the kernel lets go when their last holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["is_free", "open_lock", "try_exclusive", "try_shared", "unlock"]


def open_lock(path: Path) -> int:
    """Open the lock file *path*, making it where needed; returns a descriptor that child processes do not inherit."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def try_exclusive(lock: int) -> bool:
    """Take *lock* for oneself alone, if nobody holds it. A shared lock held before is given up first, even on failure."""
    return _try(lock, fcntl.LOCK_EX)


def try_shared(lock: int) -> bool:
    """Take *lock* together with others, if nobody holds it alone."""
    return _try(lock, fcntl.LOCK_SH)


def unlock(lock: int) -> None:
    """Let *lock* go and keep the file open."""
    fcntl.flock(lock, fcntl.LOCK_UN)


def is_free(path: Path) -> bool:
    """Return whether nobody holds the lock *path* alone. The look itself holds it shared for a moment."""
    with _opened(path) as lock:
        return try_shared(lock)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    lock = open_lock(path)
    try:
        yield lock
    finally:
        os.close(lock)


def _try(lock: int, kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
