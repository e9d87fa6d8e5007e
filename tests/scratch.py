"""Where tests put their homes and files: in memory where there is plenty. Most wait for a disk, and none asks what a power cut leaves."""

import os
import shutil
import tempfile
from pathlib import Path

__all__ = ["use_memory"]

_MEMORY = Path("/dev/shm")
_FREE_BYTES = 8 * 2**30
"""Homes of demo cities are some 0.5 GB each, and three workers hold a few at once."""


def use_memory() -> None:
    """Make temporary folders in memory, here and in what is started from here, unless a place was chosen or memory is short."""
    if "TMPDIR" not in os.environ and _MEMORY.is_dir() and min(_free_bytes(), shutil.disk_usage(_MEMORY).free) >= _FREE_BYTES:
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


def _free_bytes() -> int:
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
