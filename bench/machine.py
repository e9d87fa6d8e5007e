"""What a run ran on, as far as it explains the figures."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Final

from onecard.db.binaries import CLEAN_ENVIRONMENT, find_binaries

__all__ = ["machine"]

_PACKAGES: Final = ("asyncpg", "uvicorn", "fastapi", "msgspec", "zen-engine", "cel-expr-python")


def machine(binaries: Path | None) -> dict[str, str | int | float]:
    """Return processor, cores, memory, system and versions; *binaries* as in the settings."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "memory_gib": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30, 1),
        "load_before": round(os.getloadavg()[0], 2),  # Far above 0: others were at work, and the figures are too low.
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "postgresql": _postgresql(find_binaries(binaries)),
        **{package: version(package) for package in _PACKAGES},
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _postgresql(binaries: Path) -> str:
    told = subprocess.run([binaries / "postgres", "--version"], capture_output=True, text=True, env=CLEAN_ENVIRONMENT, check=True).stdout
    return told.split(")")[-1].split()[-1] if told.strip() else ""
