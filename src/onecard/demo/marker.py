"""`demo.json`: what was built in a home, whether it is whole, the trouble in it, and the cast with its tokens. Closed to everyone else."""

import os
from pathlib import Path
from typing import Any, Literal

import msgspec

from onecard.app.application import DEMO_FILE
from onecard.settings.settings import DEFAULT_CITY

__all__ = ["Marker", "Standing", "read_marker", "standing", "write_marker"]

Standing = Literal["none", "complete", "incomplete", "other_city", "other_scale", "other_data"]


class Marker(msgspec.Struct, frozen=True, kw_only=True):
    """The content of `demo.json`."""

    city: str = DEFAULT_CITY  # Of a demo that was built before there was a second.
    scale: int
    seed: int
    digest: str  # Of the city's data and policies.
    complete: bool
    bulletin_day: str  # ISO.
    trouble: dict[str, list[tuple[str, int]]] = msgspec.field(default_factory=dict)  # By kind: terminal, seq.
    cast: dict[str, Any] = msgspec.field(default_factory=lambda: {"people": [], "terminals": [], "logins": []})


def read_marker(home: Path) -> Marker | None:
    """Return what stands in *home*, None where nothing was built or the file is none of ours."""
    try:
        return msgspec.json.decode((home / DEMO_FILE).read_bytes(), type=Marker)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def write_marker(home: Path, marker: Marker) -> None:
    """Put *marker* in place at once, readable by the owner alone: it holds tokens."""
    draft = home / f".{DEMO_FILE}.{os.getpid()}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(marker))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(home / DEMO_FILE)


def standing(marker: Marker | None, city: str, scale: int, seed: int, digest: str) -> Standing:
    """Return how what was built compares with what is asked for; anything but `complete` is built anew."""
    if marker is None:
        return "none"
    if not marker.complete:
        return "incomplete"
    if marker.city != city:
        return "other_city"
    if marker.scale != scale or marker.seed != seed:
        return "other_scale"
    return "complete" if marker.digest == digest else "other_data"
