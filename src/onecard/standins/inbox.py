"""How a stand-in that works with folders waits for files: it looks, and looks again, until it is stopped."""

import time
from collections.abc import Callable
from typing import Final

__all__ = ["keep_looking"]

_EVERY_SECONDS: Final = 0.2


def keep_looking(look: Callable[[], None], *, once: bool) -> None:
    """Call *look*, which answers what lies there; unless *once*, again and again."""
    look()
    while not once:
        time.sleep(_EVERY_SECONDS)
        look()
