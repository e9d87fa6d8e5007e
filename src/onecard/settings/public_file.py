"""Files that others may read and nobody may replace: whole or not at all, on disk before anyone goes on."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

__all__ = ["write_once"]

_FOR_ALL = 0o644


def write_once(path: Path, content: bytes) -> bytes:
    """Put *content* at *path* unless something is there, making the folder; return what is there now. `OSError` as the disk says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        draft.chmod(_FOR_ALL)
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)
    return path.read_bytes()


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
